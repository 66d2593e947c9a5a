import type { Document, ObjectId } from 'mongodb'
import { assertAdministered } from '../accounts/share.ts'
import { commitInBatches, type Step } from '../history/commit.ts'
import { findHorizon } from '../history/horizon.ts'
import { findUndoings, getChangeSet, needsAdmin } from '../history/read.ts'
import {
  type Change,
  ChangeOrigin,
  type ChangeSet,
  changesOf,
  type Kept,
  type RecordCollection,
  recordsOf,
} from '../history/records.ts'
import { difference } from '../history/step.ts'
import { type AccessEntry, mayReach } from '../platform/access.ts'
import { fault, UserFault } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import { assertAcyclic } from './acyclic.ts'
import type { Asset } from './asset.ts'
import { kindOf } from './kinds.ts'
import { type Edited, relationSteps } from './references.ts'
import { findPairs } from './relate.ts'
import { manyRelations } from './relationKinds.ts'
import { revertAsset } from './revertAsset.ts'
import { revertRelation, wouldHold } from './revertRelation.ts'

/** Changes that are taken back at once. */
const batchSize = 1_000
/** What was left alone is told up to this number; of more, the history of each asset tells. */
const maxKept = 500

export interface Revert {
  /** Null when nothing of it was left to take back. */
  changeSet: ChangeSet | null
  /** What was changed again since and stays as it is now. */
  kept: Kept[]
}

export interface RevertOptions {
  run?: ObjectId
  /** Told after each batch how many changes were looked at, from the start again when others were faster. */
  progress?: (done: number, kept: number) => void
}

/**
 * Takes a change set of any size back, in one change set. What was changed since stays as it is and is told; what the
 * set had added is retired, since nothing is ever deleted. Taking that back again does it anew.
 *
 * @throws UserFault FORBIDDEN when it touched something that the session may not change
 */
export async function revertChangeSet(
  session: Session,
  set: ChangeSet,
  { run, progress }: RevertOptions = {},
): Promise<Revert> {
  let kept: Kept[] = []
  const changeSet = await commitInBatches(
    session,
    {
      title: `Undo: ${set.title}`,
      origin: ChangeOrigin.UNDO,
      undoes: set._id,
      about: set.about ?? null,
      run: run ?? null,
      kept: () => kept.slice(0, maxKept),
    },
    async function* () {
      kept = []
      await assertStands(session, set)
      let done = 0
      for await (const { changes, steps } of batches(session, set, kept)) {
        done += changes
        progress?.(done, kept.length)
        yield steps
      }
    },
  )
  if (!changeSet && !kept.length)
    throw fault('CONFLICT', null, 'Everything is already as it was before this change.')
  return { changeSet, kept: kept.slice(0, maxKept) }
}

/** The change set, once it is sure that it can be taken back. @throws UserFault CONFLICT when it was already */
export async function getStanding(session: Session, id: string): Promise<ChangeSet> {
  const set = await getChangeSet(session, id)
  await assertStands(session, set)
  return set
}

async function assertStands(session: Session, { _id, at }: ChangeSet) {
  const horizon = await findHorizon(session.core)
  if (horizon && at <= horizon)
    throw fault(
      'LOCKED',
      null,
      `History is kept from ${horizon.toISOString()} on; this is older and can no longer be undone.`,
    )
  if ((await findUndoings(session, [_id])).length)
    throw fault('CONFLICT', null, 'This has already been undone.')
}

interface Batch {
  changes: number
  steps: Step[]
}

/** Assets first, with the relations that are kept with their fields; then those of many to many. */
async function* batches(session: Session, { _id }: ChangeSet, kept: Kept[]): AsyncGenerator<Batch> {
  for await (const changes of inBatches(session, { set: _id, collection: 'assets' }))
    yield { changes: changes.length, steps: await assetSteps(session, changes, kept) }
  const many = { $in: manyRelations.map(({ kind }) => kind) }
  for await (const changes of inBatches(session, { set: _id, collection: 'relations', recordKind: many }))
    yield { changes: changes.length, steps: await edgeSteps(session, _id, changes, kept) }
}

async function* inBatches({ core }: Session, filter: Document): AsyncGenerator<Change[]> {
  const cursor = changesOf(core).find(filter).sort({ _id: 1 }).batchSize(batchSize)
  while (await cursor.hasNext()) yield cursor.readBufferedDocuments()
}

async function assetSteps(session: Session, changes: Change[], kept: Kept[]): Promise<Step[]> {
  const records = await readRecords(
    session,
    'assets',
    changes.map(({ record }) => record),
  )
  assertReach(session, changes, records)
  const steps: Step[] = []
  const edited: Edited[] = []
  for (const change of changes) {
    const current = records.get(keyOf(change.record))!
    const kind = kindOf(current.kind as string)
    const { fields, kept: left } = revertAsset(current, change, session.now)
    if ('access' in fields) assertAdministered(String(current.name), (fields.access ?? []) as AccessEntry[])
    if (left.length) kept.push(leftAlone(change, left, 'It was changed again since.'))
    const circle = await circleIn(session, change.record, current, fields)
    if (circle) {
      kept.push(leftAlone(change, [circle], 'It would become a part of itself.'))
      continue
    }
    const step = difference(current, change, fields)
    if (!step) continue
    steps.push(step)
    const sources = ((fields.seenIn ?? []) as string[]).filter(Boolean)
    edited.push({ kind, id: change.record, current, fields, sources })
  }
  return [...steps, ...(await relationSteps(session, edited))]
}

/** The field by which an asset would become a part of itself, because of what others have changed since. */
async function circleIn(
  session: Session,
  id: ObjectId,
  current: Document,
  fields: Record<string, unknown>,
): Promise<string | null> {
  const kind = kindOf(current.kind as string)
  for (const { name, target } of kind.facts) {
    if (target !== kind.kind || !fields[name] || String(fields[name]) === String(current[name])) continue
    try {
      await assertAcyclic(session, kind, id, { [name]: fields[name] })
    } catch (error) {
      if (!(error instanceof UserFault)) throw error
      return name
    }
  }
  return null
}

async function edgeSteps(session: Session, set: ObjectId, changes: Change[], kept: Kept[]): Promise<Step[]> {
  const subjects = changes.map(({ subject }) => subject)
  const edges = await readRecords(
    session,
    'relations',
    changes.map(({ record }) => record),
  )
  const assets = await readRecords(session, 'assets', subjects, { access: 1 })
  assertReach(session, changes, assets)
  const created = await createdBy(session, set, subjects)
  const returning = changes.filter((change) => wouldHold(edges.get(keyOf(change.record))!, change))
  const pairs = await findPairs(
    session,
    returning.map(({ record }) => edges.get(keyOf(record)) as Document & { from: ObjectId; to: ObjectId }),
  )
  return changes
    .map((change) => {
      // The edges of what is retired stay, so that restoring it is enough.
      if (!change.before && created.has(keyOf(change.subject))) return null
      const current = edges.get(keyOf(change.record))!
      const holds = pairs.some(
        (pair) =>
          !pair.validTo && pairOf(pair) === pairOf(current) && String(pair._id) !== String(current._id),
      )
      const { fields, kept: left } = revertRelation(current, change, session.now, holds)
      if (left.length)
        kept.push(
          leftAlone(change, left, holds ? 'They were related again since.' : 'It was changed again since.'),
        )
      return difference(current, change, fields)
    })
    .filter((step) => step !== null)
}

const pairOf = ({ kind, from, to }: Document) => `${String(kind)} ${String(from)} ${String(to)}`

const leftAlone = (change: Change, fields: string[], reason: string): Kept => ({
  asset: change.subject,
  relation: change.collection === 'relations' ? change.recordKind : null,
  fields: fields.toSorted(),
  reason,
})

const keyOf = (id: unknown) => String(id)

async function readRecords(
  { core }: Session,
  collection: RecordCollection,
  ids: ObjectId[],
  projection?: Document,
): Promise<Map<string, Document>> {
  const rows = await recordsOf(core, collection)
    .find({ _id: { $in: ids } }, projection ? { projection } : {})
    .batchSize(ids.length + 1)
    .toArray()
  return new Map(rows.map((row) => [keyOf(row._id), row]))
}

async function createdBy({ core }: Session, set: ObjectId, records: ObjectId[]): Promise<Set<string>> {
  const rows = await changesOf(core)
    .find({ record: { $in: records }, version: 1, set }, { projection: { record: 1 } })
    .toArray()
  return new Set(rows.map(({ record }) => keyOf(record)))
}

/**
 * Whoever may change an asset may change the edges that start from it; who may see it, and whether it is retired, only
 * its admins take back.
 */
function assertReach(session: Session, changes: Change[], assets: Map<string, Document>) {
  for (const change of changes) {
    const { access } = assets.get(keyOf(change.subject)) as unknown as Asset
    if (!mayReach(session, access, needsAdmin(change) ? 'ADMIN' : 'WRITE'))
      throw fault('FORBIDDEN', null, 'You may not change everything that this change set touched.')
  }
}
