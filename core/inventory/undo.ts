import { isDeepStrictEqual } from 'node:util'
import type { Document, ObjectId } from 'mongodb'
import { assertAdministered } from '../accounts/share.ts'
import { commit, type Step } from '../history/commit.ts'
import { findUndoings, getChangeSet, needsAdmin } from '../history/read.ts'
import {
  type Change,
  ChangeOrigin,
  type ChangeSet,
  changesOf,
  type Fields,
  type RecordCollection,
  recordsOf,
} from '../history/records.ts'
import { difference } from '../history/step.ts'
import { type AccessEntry, mayReach } from '../platform/access.ts'
import { Conflict, fault } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import type { Asset, Declaration } from './asset.ts'
import { effective } from './effective.ts'
import { kindOf } from './kinds.ts'
import type { Observed } from './observation.ts'

/** Fields that follow from what is declared and observed; they are computed again rather than put back. */
const derived = ['drift', 'identifiers', 'seenIn']

/**
 * Commits the inverse of a change set. Fields that others have changed since stay as they are now; what the set had
 * created is retired, since nothing is ever deleted.
 *
 * @throws Conflict when later changes touched the same fields
 */
export async function undoChangeSet(session: Session, id: string): Promise<ChangeSet> {
  const key = decodeId(id, 'ChangeSet').id
  for (let attempt = 1; ; attempt++) {
    const set = await getChangeSet(session, id)
    if ((await findUndoings(session, [key])).length)
      throw fault('CONFLICT', null, 'This has already been undone.')
    const changes = await changesOf(session.core).find({ set: key }).toArray()
    const records = await presentRecords(session, changes)
    await assertUntouched(session, changes, records)
    const steps = inverses(session, changes, records)
    try {
      const undone = await commit(
        session,
        { title: `Undo: ${set.title}`, origin: ChangeOrigin.UNDO, undoes: set._id, about: set.about ?? null },
        steps,
      )
      if (!undone) throw fault('CONFLICT', null, 'Everything is already as it was before this change.')
      return undone
    } catch (error) {
      if (!(error instanceof Conflict) || attempt === 5) throw error
    }
  }
}

const keyOf = (id: unknown) => String(id)

/**
 * The records as they are now. Whoever may change an asset may change the edges that start from it; who may see it, and
 * whether it is retired, only its admins take back.
 */
async function presentRecords(session: Session, changes: Change[]): Promise<Map<string, Document>> {
  const records = new Map<string, Document>()
  const read = async (collection: RecordCollection, ids: ObjectId[]) => {
    for await (const row of recordsOf(session.core, collection).find({ _id: { $in: ids } }))
      records.set(keyOf(row._id), row)
  }
  const edges = changes.filter((change) => change.collection === 'relations')
  const assets = [...new Map(changes.map((change) => [keyOf(change.subject), change.subject])).values()]
  await read('assets', assets)
  await read(
    'relations',
    edges.map((change) => change.record),
  )
  const grave = new Set(changes.filter(needsAdmin).map((change) => keyOf(change.subject)))
  for (const asset of assets) {
    const { access } = records.get(keyOf(asset)) as Asset
    if (!mayReach(session, access, grave.has(keyOf(asset)) ? 'ADMIN' : 'WRITE'))
      throw fault('FORBIDDEN', null, 'You may not change everything that this change set touched.')
  }
  return records
}

async function assertUntouched(session: Session, changes: Change[], records: Map<string, Document>) {
  const moved = changes.filter((change) => records.get(keyOf(change.record))!.version !== change.version)
  if (!moved.length) return
  const touched = new Map(moved.map((change) => [keyOf(change.record), touchedFields(change)]))
  const later = changesOf(session.core).find({
    $or: moved.map(({ record, version }) => ({ record, version: { $gt: version } })),
  })
  const both = new Set<string>()
  const touchedAgain = new Set<string>()
  for await (const change of later)
    for (const field of touchedFields(change))
      if (touched.get(keyOf(change.record))!.has(field)) {
        both.add(field)
        touchedAgain.add(keyOf(change.record))
      }
  if (both.size) throw new Conflict([...touchedAgain], [...both].sort())
}

/** Fields that a change was about: those of the record, and the facts that were declared or released. */
function touchedFields(change: Change): Set<string> {
  const { before, after } = change
  const fields = new Set([...Object.keys({ ...before, ...after }), ...declaredKeys(change)])
  for (const field of ['declared', ...derived]) fields.delete(field)
  return fields
}

const declarationsIn = (fields: Fields | null) => (fields?.declared ?? {}) as Record<string, Declaration>

function declaredKeys({ before, after }: Change): string[] {
  const [was, became] = [declarationsIn(before), declarationsIn(after)]
  return Object.keys({ ...was, ...became }).filter((key) => !isDeepStrictEqual(was[key], became[key]))
}

function inverses(session: Session, changes: Change[], records: Map<string, Document>): Step[] {
  const created = new Set(
    changes
      .filter((change) => change.collection === 'assets' && !change.before)
      .map((change) => keyOf(change.record)),
  )
  return changes
    .map((change) => {
      const current = records.get(keyOf(change.record))!
      if (change.collection === 'assets')
        return difference(current, change, change.before ? assetBefore(current, change) : retired(session))
      // The edges of what is retired stay, so that restoring it is enough.
      if (created.has(keyOf(change.subject))) return null
      return difference(current, change, change.before ? plainBefore(change) : { validTo: session.now })
    })
    .filter((step) => step !== null)
}

const retired = (session: Session): Fields => ({ retiredAt: session.now, retiredBy: 'PERSON' })

const plainBefore = ({ before, after }: Change): Fields =>
  Object.fromEntries(Object.keys({ ...before, ...after }).map((field) => [field, before![field] ?? null]))

function assetBefore(current: Document, change: Change): Fields {
  const plain = plainBefore(change)
  if ('access' in plain) assertAdministered(String(current.name), plain.access as AccessEntry[])
  const declared = { ...(current.declared as Record<string, Declaration>) }
  for (const key of declaredKeys(change)) {
    const declaration = declarationsIn(change.before)[key]
    if (declaration) declared[key] = declaration
    else delete declared[key]
  }
  const observations = ('observations' in plain ? plain.observations : current.observations) as Observed[]
  const claims = { declared, observations: observations ?? [] }
  return { ...plain, ...claims, ...effective(kindOf(current.kind as string), claims) }
}
