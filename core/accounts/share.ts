import type { ObjectId } from 'mongodb'
import type { AccessEntry, AccessLevel, Principal } from '../platform/access.ts'
import { mayReach, visible } from '../platform/access.ts'
import { Conflict, type Fault, fault, Forbidden, NotFound, UserFault } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { assertMayWrite, type CallerSession } from './caller.ts'
import { getPrincipal } from './principals.ts'
import {
  type AccessEdit,
  hasAdmin,
  type Shareable,
  shareables,
  type SharedRecord,
  sharedRecords,
} from './shareable.ts'

const maxItems = 200
const maxEntries = 200
const maxAttempts = 5

export interface AccessInput {
  ids: string[]
  /** Entries to add, or to give another level. */
  set?: { principal: string; level: AccessLevel }[] | null
  /** Principals to take off the lists. */
  remove?: string[] | null
}

/**
 * Changes who may see and change things, one or many alike: the entries that are not named stay as they are.
 *
 * @returns the records as they are now, and the id of the change set for assets
 * @throws UserFault when a list would have no admin, or names somebody whom the caller may not know
 */
export async function updateAccess(
  session: CallerSession,
  input: AccessInput,
): Promise<{ ids: ObjectId[]; changeSet: ObjectId | null }> {
  assertMayWrite(session)
  const { shareable, ids } = readIds(input.ids)
  for (let attempt = 1; ; attempt++) {
    const records = await readRecords(session, shareable, ids)
    const { edits, faults } = await planAccess(session, records, input)
    if (faults.length) throw new UserFault(faults.map(({ fault }) => fault))
    if (!edits.length) return { ids, changeSet: null }
    try {
      return { ids, changeSet: await shareable.save(session, edits, titleOf(edits)) }
    } catch (error) {
      if (!(error instanceof Conflict) || attempt === maxAttempts) throw error
    }
  }
}

/** Who is put on lists and taken off them. */
export type AccessChange = Pick<AccessInput, 'set' | 'remove'>

/**
 * New lists of those of the records whose lists change, and what is wrong with single ones.
 *
 * @throws UserFault when the change names somebody whom the caller may not know
 */
export async function planAccess(
  session: CallerSession,
  records: SharedRecord[],
  change: AccessChange,
): Promise<{ edits: AccessEdit[]; faults: { record: SharedRecord; fault: Fault }[] }> {
  const removed = (change.remove ?? []).map((id) => decodeId(id, 'User', 'Team').id)
  const set = new Map<string, AccessEntry>()
  for (const [index, { principal, level }] of (change.set ?? []).entries()) {
    const { type, id } = decodeId(principal, 'User', 'Team')
    const entry = { type: type === 'Team' ? 'TEAM' : 'USER', principal: id } satisfies Principal
    const listed = records.every(({ access }) => access.some((one) => one.principal.equals(id)))
    if (!listed) await getPrincipal(session, entry, ['set', String(index), 'principal'])
    set.set(id.toHexString(), { ...entry, level })
  }
  const edits = records
    .map((record) => ({ record, access: changed(record, set, removed) }))
    .filter(({ record, access }) => !sameAccess(record.access, access))
  const faults = records.flatMap((record) => {
    const edit = edits.find((one) => one.record === record)
    const found = faultOfSharing(session, record) ?? (edit && faultOf(edit))
    return found ? [{ record, fault: found }] : []
  })
  return { edits, faults }
}

function readIds(given: string[]): { shareable: Shareable; ids: ObjectId[] } {
  if (!given.length) throw fault('REQUIRED', 'ids', 'Name at least one thing to share.')
  if (given.length > maxItems)
    throw fault(
      'LIMIT_REACHED',
      'ids',
      `At most ${maxItems} things at once; these are ${given.length}. Do it in parts.`,
    )
  const types = shareables().flatMap((one) => one.types())
  const decoded = given.map((id) => decodeId(id, ...types))
  const shareable = shareables().find((one) => one.types().includes(decoded[0]!.type))!
  if (decoded.some(({ type }) => !shareable.types().includes(type)))
    throw fault('INVALID', 'ids', 'Share assets and connections one after the other, not at once.')
  const ids = new Map(decoded.map(({ id }) => [id.toHexString(), id]))
  return { shareable, ids: [...ids.values()] }
}

async function readRecords(session: Session, shareable: Shareable, ids: ObjectId[]): Promise<SharedRecord[]> {
  const records = await sharedRecords(session.core, shareable)
    .find({ _id: { $in: ids }, ...visible(session) })
    .batchSize(ids.length + 1)
    .toArray()
  if (records.length < ids.length) throw new NotFound('thing to share')
  return records
}

const changed = (record: SharedRecord, set: Map<string, AccessEntry>, removed: ObjectId[]): AccessEntry[] => [
  ...record.access
    .filter(({ principal }) => !removed.some((one) => one.equals(principal)))
    .map((entry) => set.get(entry.principal.toHexString()) ?? entry),
  ...[...set.values()].filter(
    ({ principal }) =>
      !record.access.some((one) => one.principal.equals(principal)) ||
      removed.some((one) => one.equals(principal)),
  ),
]

const sameAccess = (a: AccessEntry[], b: AccessEntry[]) =>
  a.length === b.length &&
  a.every((one) => b.some(({ principal, level }) => principal.equals(one.principal) && level === one.level))

const faultOfSharing = (session: Session, { name, access }: SharedRecord): Fault | null =>
  mayReach(session, access, 'ADMIN')
    ? null
    : {
        code: 'FORBIDDEN',
        field: null,
        message: `Only those with the level ADMIN decide who may see and change ${name}.`,
      }

function faultOf({ record, access }: AccessEdit): Fault | null {
  if (!hasAdmin(access))
    return {
      code: 'REQUIRED',
      field: null,
      message: `${record.name} would have no admin left. Make somebody else one first.`,
    }
  return access.length > maxEntries
    ? {
        code: 'LIMIT_REACHED',
        field: ['set'],
        message: `An access list may have ${maxEntries} entries. Make a team of them.`,
      }
    : null
}

const titleOf = (edits: AccessEdit[]) =>
  edits.length === 1 ? `Share ${edits[0]!.record.name}` : `Share ${edits.length} assets`

/** Those who administer a thing may not end up with nobody; also where history brings an old list back. */
export function assertAdministered(name: string, access: AccessEntry[]) {
  if (!hasAdmin(access)) throw new Forbidden(`${name} would have no admin left. Nothing was changed.`)
}
