import { isDeepStrictEqual } from 'node:util'
import { type Document, ObjectId } from 'mongodb'
import { changesOf, type Fields } from '../history/records.ts'
import { assertSpecFits } from '../inventory/appSpec.ts'
import type { Asset } from '../inventory/asset.ts'
import { checkFacts } from '../inventory/check.ts'
import type { Fact } from '../inventory/facts.ts'
import { assetTypeName, factOf, type Kind } from '../inventory/kinds.ts'
import { mayReach } from '../platform/access.ts'
import { type Fault, type UserErrorCode, UserFault } from '../platform/errors.ts'
import { encodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { type ImportColumn, ImportVerdict } from './import.ts'
import { type Candidates, findCandidates, type Pointer } from './lookup.ts'
import { type ReadRow, readRow } from './readRow.ts'
import { foldName } from './referenceNames.ts'
import type { SourceRow } from './sourceTable.ts'

/** What is to be done with a row, and why. */
export interface Judgement {
  number: number
  verdict: ImportVerdict
  name: string | null
  faults: Fault[]
  /** The asset as it is now; null for a new one. */
  current: Document | null
  /** What has to change, in the form in which it is stored. */
  facts: Fields
  /** What the row is about; two rows of a file must not be about the same. */
  target: string | null
}

/**
 * What rows of a file come to, seen by the session: one command looks up everything that they name, and another one what
 * has changed since the versions that they bear, or that are given for them.
 */
export async function judge(
  session: Session,
  kind: Kind,
  columns: ImportColumn[],
  rows: SourceRow[],
  versions: ReadonlyMap<number, number> = new Map(),
): Promise<Judgement[]> {
  const read = rows.map((row) => readRow(kind, columns, row))
  const candidates = await findCandidates(
    session,
    read.flatMap((row) => pointersOf(kind, row)),
  )
  const hidden = await hiddenTargets(session, kind, read, candidates)
  const judged = read.map((row) => verdictOn(session, kind, row, candidates, hidden))
  await noticeChanges(
    session,
    kind,
    judged,
    (number) => versions.get(number) ?? read.find((row) => row.number === number)?.version,
  )
  return judged
}

const pointersOf = (kind: Kind, row: ReadRow): Pointer[] => [
  ...(row.id ? [row.id] : row.name ? [{ kind: kind.kind, name: row.name }] : []),
  ...[...row.references.values()].filter((pointer) => pointer !== null),
]

function assetOf(kind: Kind, row: ReadRow, candidates: Candidates): Document[] {
  if (row.id) return candidates.pointedAt(row.id)
  return row.name ? candidates.named(kind.kind, row.name) : []
}

/** References that empty cells stand for because the session may not see what is there; they stay. */
async function hiddenTargets(session: Session, kind: Kind, read: ReadRow[], candidates: Candidates) {
  const ids = read.flatMap((row) => {
    const [current] = assetOf(kind, row, candidates)
    if (!current) return []
    return [...row.references].flatMap(([field, pointer]) =>
      pointer === null && current[field] ? [current[field] as ObjectId] : [],
    )
  })
  if (!ids.length) return new Set<string>()
  const seen = await findCandidates(
    session,
    ids.map((id) => ({ id, type: '' })),
  )
  return new Set(ids.filter((id) => !seen.withId(id)).map((id) => id.toHexString()))
}

function verdictOn(
  session: Session,
  kind: Kind,
  row: ReadRow,
  candidates: Candidates,
  hidden: Set<string>,
): Judgement {
  const judgement: Judgement = {
    number: row.number,
    verdict: ImportVerdict.ERROR,
    name: row.name?.slice(0, 200) ?? null,
    faults: row.faults,
    current: null,
    facts: {},
    target: null,
  }
  const stop = (verdict: ImportVerdict, code: UserErrorCode, field: string | null, message: string) => ({
    ...judgement,
    verdict,
    faults: [...row.faults, { code, field: field === null ? null : [field], message }],
  })
  if (row.faults.length) return judgement
  const { ERROR, CONFLICT } = ImportVerdict
  const found = assetOf(kind, row, candidates)
  if (found.length > 1)
    return stop(
      CONFLICT,
      'CONFLICT',
      'name',
      `${found.length} assets are called "${row.name!.slice(0, 80)}". Say by the column id which one is meant.`,
    )
  const [current] = found
  if (row.id && !current)
    return stop(ERROR, 'NOT_FOUND', 'id', 'There is no asset with this id, or you may not see it.')
  if (current) {
    judgement.current = current
    judgement.name = String(current.name)
    judgement.target = `id:${(current._id as ObjectId).toHexString()}`
    if (current.retiredAt)
      return stop(
        CONFLICT,
        'CONFLICT',
        'id',
        `${judgement.name} is retired. Restore it first, or leave the id out to add a new one.`,
      )
    if (!mayReach(session, (current as Asset).access, 'WRITE'))
      return stop(ERROR, 'FORBIDDEN', null, `You may read ${judgement.name}, but not change it.`)
    if (row.version !== null && row.version > (current.version as number))
      return stop(
        ERROR,
        'INVALID',
        'version',
        `${judgement.name} has version ${current.version as number}, not ${row.version}.`,
      )
  } else if (row.name) judgement.target = `name:${foldName(row.name).slice(0, 500)}`
  try {
    const input = {
      ...inputOf(kind, row, current ?? null),
      ...targetsOf(kind, row, current ?? null, candidates, hidden),
    }
    const facts = checkFacts(kind, input, { creating: !current })
    const differing = current ? differences(kind, current, facts) : withoutAbsent(facts)
    assertSpecFits(kind, differing, current ?? {})
    const verdict = !current
      ? ImportVerdict.CREATE
      : Object.keys(differing).length
        ? ImportVerdict.UPDATE
        : ImportVerdict.UNCHANGED
    return { ...judgement, verdict, facts: differing }
  } catch (error) {
    if (!(error instanceof UserFault)) throw error
    return { ...judgement, faults: error.faults }
  }
}

/** An empty cell clears what is there; for what is not there, and for what always has a value, it says nothing. */
function inputOf(kind: Kind, row: ReadRow, current: Document | null): Fields {
  return Object.fromEntries(
    Object.entries(row.input).filter(([field, value]) => {
      if (value !== null) return value !== undefined
      const fact = factOf(kind, field)!
      return current !== null && !(fact.type === 'ENUM' && fact.required)
    }),
  )
}

/** References as ids of the API. @throws UserFault naming those that lead nowhere */
function targetsOf(
  kind: Kind,
  row: ReadRow,
  current: Document | null,
  candidates: Candidates,
  hidden: Set<string>,
): Fields {
  const faults: Fault[] = []
  const targets: Fields = {}
  for (const [field, pointer] of row.references) {
    const fact = factOf(kind, field)!
    const present = current?.[field] as ObjectId | null | undefined
    if (pointer === null) {
      if (present && !hidden.has(present.toHexString())) targets[field] = null
      continue
    }
    const found = candidates.pointedAt(pointer)
    // A name that several have is clear when one of them is the present one.
    const [target] = found
      .filter(({ _id }) => present?.equals(_id as ObjectId))
      .concat(found.length === 1 ? found : [])
    if (!target)
      faults.push({
        code: found.length ? 'CONFLICT' : 'NOT_FOUND',
        field: [field],
        message: lostMessage(fact, pointer, found.length),
      })
    else if (target.kind !== fact.target)
      faults.push({
        code: 'INVALID',
        field: [field],
        message: `${fact.label} must be a ${assetTypeName(fact.target!)}; this is a ${assetTypeName(target.kind as string)}.`,
      })
    else targets[field] = encodeId(assetTypeName(fact.target!), target._id as ObjectId)
  }
  if (faults.length) throw new UserFault(faults)
  return targets
}

function lostMessage(fact: Fact, pointer: Pointer, found: number): string {
  const what =
    'name' in pointer
      ? `${assetTypeName(pointer.kind)} called "${pointer.name.slice(0, 80)}"`
      : `${assetTypeName(fact.target!)} with this id`
  if (found)
    return `${fact.label}: there are ${found} of the kind ${what}. Write the id of the one that is meant.`
  return `${fact.label}: there is no ${what}, or you may not see it.`
}

const differences = (kind: Kind, current: Document, facts: Fields): Fields =>
  Object.fromEntries(
    Object.entries(facts).filter(
      ([field, value]) => !isDeepStrictEqual(plain(kind, field, current[field]), plain(kind, field, value)),
    ),
  )

/** As it would be read back from a file: spaces around texts do not count, and nothing is nothing. */
function plain(kind: Kind, field: string, value: unknown): unknown {
  if (value === undefined || value === null || (Array.isArray(value) && !value.length)) return null
  if (value instanceof ObjectId) return value.toHexString()
  if (typeof value === 'string') return value.trim() || null
  if (factOf(kind, field)!.type === 'LIST')
    return (value as string[]).map((entry) => entry.trim()).filter(Boolean)
  return value
}

const withoutAbsent = (facts: Fields): Fields =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null))

/** An update of what somebody has changed since the version of its row becomes a conflict. */
async function noticeChanges(
  { core }: Session,
  kind: Kind,
  judged: Judgement[],
  versionOf: (number: number) => number | null | undefined,
) {
  const late = judged.flatMap((judgement) => {
    const { verdict, current, number } = judgement
    const version = verdict === ImportVerdict.UPDATE ? versionOf(number) : null
    return version && version < (current!.version as number) ? [{ judgement, version }] : []
  })
  if (!late.length) return
  const touched = new Map<string, Set<string>>()
  const later = changesOf(core)
    .find({
      $or: late.map(({ judgement, version }) => ({
        record: judgement.current!._id as ObjectId,
        version: { $gt: version },
      })),
    })
    .project<{ record: ObjectId; before: Fields | null; after: Fields }>({ record: 1, before: 1, after: 1 })
  for await (const { record, before, after } of later) {
    const key = record.toHexString()
    const fields = touched.get(key) ?? new Set()
    for (const field of Object.keys({ ...before, ...after })) fields.add(field)
    touched.set(key, fields)
  }
  for (const { judgement } of late) {
    const fields = touched.get((judgement.current!._id as ObjectId).toHexString())
    const both = Object.keys(judgement.facts).filter((field) => fields?.has(field))
    if (!both.length) continue
    judgement.verdict = ImportVerdict.CONFLICT
    judgement.faults = both.map((field) => ({
      code: 'CONFLICT',
      field: [field],
      message: `${factOf(kind, field)!.label} has been changed since the version of this row.`,
    }))
  }
}
