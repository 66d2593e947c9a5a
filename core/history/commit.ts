import {
  type AnyBulkWriteOperation,
  type Document,
  MongoBulkWriteError,
  MongoServerError,
  ObjectId,
} from 'mongodb'
import type { Core } from '../platform/core.ts'
import { Conflict, Unavailable } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import {
  type Change,
  type ChangeAction,
  type ChangeCounts,
  type ChangeOrigin,
  ChangeSet,
  changeSetsOf,
  changesOf,
  type Fields,
  type Kept,
  type RecordCollection,
  recordsOf,
} from './records.ts'

/** What one record shall become, seen from the version that the writer has read (0: it does not exist yet). */
export interface Step {
  collection: RecordCollection
  record: ObjectId
  recordKind: string
  subject: ObjectId
  /** The asset that a relation leads to. */
  object?: ObjectId
  version: number
  action: ChangeAction
  before: Fields | null
  after: Fields
}

export interface Intention {
  /** What a person would say has happened: "Retire web-01". */
  title: string
  origin: ChangeOrigin
  run?: ObjectId | null
  undoes?: ObjectId | null
  /** The connection that the title names. */
  about?: ObjectId | null
  /** What an undo has left alone; asked for when all batches are in. */
  kept?: () => Kept[]
}

/** Channel on which committed change sets are announced. */
export const changeSetChannel = 'changeSets'

/** A writer that has not committed within this time is taken for dead. */
const leaseMs = 30_000
/** Changes that are held in memory at once when there are many. */
const batchSize = 1000
const maxAttempts = 10
const duplicateKey = 11000

/**
 * The one way to change assets and relations: all steps together, or none.
 *
 * 1. The change set is inserted as PENDING. 2. Its changes are inserted, each with the record's next version; the unique
 * index on (record, version) is the lock. 3. The set becomes COMMITTED: one document, the commit point. 4. The records
 * are moved to their new version, which may be repeated without harm. Whoever dies in between leaves something that
 * {@link recover} or the next writer completes or rolls back.
 *
 * @returns null when there is nothing to do
 * @throws Conflict when a record has moved on since the version that its step names
 */
export async function commit(
  session: Session,
  intention: Intention,
  steps: Step[],
): Promise<ChangeSet | null> {
  if (!steps.length) return null
  if (new Set(steps.map((step) => step.record.toHexString())).size < steps.length)
    throw new Error(`"${intention.title}" changes one record twice`)
  const { core } = session
  const set = Object.assign(newChangeSet(session, intention), new Tally().add(steps).told())
  const changes = newChanges(set, steps)

  await changeSetsOf(core).insertOne(set)
  for (;;) {
    const held = await insertChanges(core, changes)
    if (!held) break
    await rollBack(core, set._id)
    if (!(await waitForHolder(core, held))) throw await changedSince(core, steps)
    // A set that was rolled back stays so; the next try is a set of its own.
    Object.assign(set, { _id: new ObjectId(), at: new Date(), leaseUntil: leaseFromNow() })
    for (const change of changes) Object.assign(change, { _id: new ObjectId(), set: set._id, at: set.at })
    await changeSetsOf(core).insertOne(set)
  }

  await holdOn(core, set, { state: 'COMMITTED' })
  await move(core, changes)
  await finish(core, set)
  return set
}

/**
 * The same for more steps than memory should hold: all batches together, or none. They are asked for again from the
 * start when another writer was faster, so each time they must be made from the records as they then are; what they throw
 * takes everything back. No record may be in two steps.
 *
 * @throws Unavailable when others keep changing the same records
 */
export async function commitInBatches(
  session: Session,
  intention: Intention,
  batches: () => AsyncIterable<Step[]>,
): Promise<ChangeSet | null> {
  const { core } = session
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const set = newChangeSet(session, intention)
    const tally = new Tally()
    let held: Change | null
    try {
      held = await insertBatches(core, set, tally, batches())
      if (tally.empty) return null
      if (!held)
        await settle(core, set, { ...tally.told(), ...(intention.kept && { kept: intention.kept() }) })
    } catch (error) {
      await rollBack(core, set._id)
      throw error
    }
    if (!held) {
      await apply(core, set)
      await finish(core, set)
      return set
    }
    const { record, version } = held
    const own = await changesOf(core).countDocuments({ record, version, set: set._id })
    await rollBack(core, set._id)
    if (own) throw new Error(`"${intention.title}" changes one record twice`)
    await waitForHolder(core, held)
  }
  throw new Unavailable('Others keep changing the same things; nothing was changed. Please try again.')
}

/** @returns the change whose place was taken, or null when all are in */
async function insertBatches(
  core: Core,
  set: ChangeSet,
  tally: Tally,
  batches: AsyncIterable<Step[]>,
): Promise<Change | null> {
  for await (const steps of batches) {
    if (!steps.length) continue
    const leaseUntil = leaseFromNow()
    if (tally.empty) await changeSetsOf(core).insertOne(Object.assign(set, { leaseUntil }))
    else await holdOn(core, set, { leaseUntil })
    tally.add(steps)
    const held = await insertChanges(core, newChanges(set, steps))
    if (held) return held
  }
  return null
}

/**
 * Commits a set of many batches. It counts as of now, not as of when its first batch was written: else what others have
 * changed meanwhile would seem to be later than it.
 */
async function settle(core: Core, set: ChangeSet, told: Partial<ChangeSet>) {
  await holdOn(core, set, { leaseUntil: leaseFromNow() })
  const at = new Date()
  await changesOf(core).updateMany({ set: set._id }, { $set: { at } })
  await holdOn(core, set, { state: 'COMMITTED', at, ...told })
  Object.assign(set, { at, ...told })
}

/** @throws Unavailable when the lease has run out, because then anybody may have rolled the set back */
async function holdOn(core: Core, set: ChangeSet, change: Partial<ChangeSet>) {
  const held = await changeSetsOf(core).updateOne(
    { _id: set._id, state: 'PENDING', leaseUntil: { $gt: new Date() } },
    { $set: change },
  )
  if (held.matchedCount) return
  await rollBack(core, set._id)
  throw new Unavailable('Saving took too long and was taken back; nothing was changed. Please try again.')
}

/**
 * Completes what a crash has left behind: applies COMMITTED sets, rolls back PENDING ones whose lease ran out.
 * Harmless at any time, in any number of processes.
 */
export async function recover(core: Core): Promise<{ applied: number; rolledBack: number }> {
  const outcome = { applied: 0, rolledBack: 0 }
  for await (const set of changeSetsOf(core).find({ applied: false })) {
    if (set.state === 'COMMITTED') {
      await apply(core, set)
      await finish(core, set)
      outcome.applied++
    } else if (set.state === 'ROLLED_BACK' || set.leaseUntil < new Date()) {
      if (await rollBack(core, set._id)) outcome.rolledBack++
    }
  }
  return outcome
}

const newChangeSet = (session: Session, intention: Intention): ChangeSet =>
  Object.assign(new ChangeSet(), {
    _id: new ObjectId(),
    workspace: session.workspace,
    title: intention.title,
    origin: intention.origin,
    actor: session.actor,
    at: new Date(),
    state: 'PENDING' as const,
    applied: false,
    leaseUntil: leaseFromNow(),
    counts: noCounts(),
    kinds: [],
    run: intention.run ?? null,
    undoes: intention.undoes ?? null,
    about: intention.about ?? null,
  })

const noCounts = (): ChangeCounts => ({ created: 0, changed: 0, retired: 0, restored: 0 })

/** What a change set says of its steps. Relations that follow from an asset are no news of their own. */
class Tally {
  private readonly counts = { assets: noCounts(), relations: noCounts() }
  private readonly kinds = new Set<string>()
  private sawAssets = false

  add(steps: Step[]): this {
    for (const { collection, action, recordKind } of steps) {
      this.counts[collection][action.toLowerCase() as keyof ChangeCounts]++
      this.kinds.add(recordKind)
      this.sawAssets ||= collection === 'assets'
    }
    return this
  }

  get empty(): boolean {
    return this.kinds.size === 0
  }

  told(): Pick<ChangeSet, 'counts' | 'kinds'> {
    return { counts: this.counts[this.sawAssets ? 'assets' : 'relations'], kinds: [...this.kinds] }
  }
}

/** Sorted by record, so that two writers meet at their first common record and one of them goes on. */
const newChanges = (set: ChangeSet, steps: Step[]): Change[] =>
  steps
    .map(
      (step) =>
        // Not instances: with thousands of them, the setters that the ORM gives its classes are felt.
        ({
          ...step,
          _id: new ObjectId(),
          set: set._id,
          at: set.at,
          version: step.version + 1,
        }) as Change,
    )
    .sort((a, b) => Buffer.compare(a.record.id, b.record.id))

const leaseFromNow = () => new Date(Date.now() + leaseMs)

/** @returns the change whose place was taken, or null when all are in */
async function insertChanges(core: Core, changes: Change[]): Promise<Change | null> {
  try {
    await changesOf(core).insertMany(changes, { ordered: true })
    return null
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.code !== duplicateKey) throw error
    return changes[error.insertedCount] ?? null
  }
}

/**
 * Deals with the set that holds the place of `wanted`.
 *
 * @returns true when the place has become free, false when the record has moved on
 */
async function waitForHolder(core: Core, wanted: Change): Promise<boolean> {
  for (let pause = 5; ; pause = Math.min(pause * 2, 250)) {
    const holder = await changesOf(core).findOne({ record: wanted.record, version: wanted.version })
    if (!holder) return true
    const set = await changeSetsOf(core).findOne({ _id: holder.set })
    if (!set || set.state === 'ROLLED_BACK' || (set.state === 'PENDING' && set.leaseUntil < new Date())) {
      await rollBack(core, holder.set)
    } else if (set.state === 'COMMITTED') {
      if (!set.applied) {
        await apply(core, set)
        await finish(core, set)
      }
      return false
    } else {
      await new Promise((resolve) => setTimeout(resolve, pause + Math.random() * pause))
    }
  }
}

/** @returns false when the set was committed after all */
async function rollBack(core: Core, set: ObjectId): Promise<boolean> {
  const current = await changeSetsOf(core).findOneAndUpdate(
    { _id: set, state: { $ne: 'COMMITTED' } },
    { $set: { state: 'ROLLED_BACK' } },
    { returnDocument: 'after' },
  )
  if (!current && (await changeSetsOf(core).findOne({ _id: set }))) return false
  await changesOf(core).deleteMany({ set })
  // A slow writer may still be inserting; the record of the roll-back stays until its lease is over.
  if (!current || current.leaseUntil < new Date())
    await changeSetsOf(core).deleteOne({ _id: set, state: 'ROLLED_BACK' })
  return true
}

/** Moves the records of a COMMITTED set to their new version, a batch at a time. */
async function apply(core: Core, set: ChangeSet) {
  const cursor = changesOf(core).find({ set: set._id }).batchSize(batchSize)
  while (await cursor.hasNext()) await move(core, cursor.readBufferedDocuments())
}

/** Moves records to their new version. One that is already there is left alone. */
async function move(core: Core, changes: Change[]) {
  for (const collection of ['assets', 'relations'] as const) {
    const own = changes.filter((change) => change.collection === collection)
    const created = own.filter((change) => change.before === null)
    const updates = own.filter((change) => change.before !== null).map(moved)
    if (created.length) await insertMissing(core, collection, created)
    if (updates.length) await recordsOf(core, collection).bulkWrite(updates, { ordered: false })
  }
}

/** Its records are moved: the set gets the next place, and is announced. Only the first of several that try does so. */
async function finish(core: Core, set: ChangeSet) {
  const sets = changeSetsOf(core)
  set.state = 'COMMITTED'
  set.applied = true
  for (;;) {
    const last = await sets.findOne({ place: { $gt: 0 } }, { sort: { place: -1 }, projection: { place: 1 } })
    try {
      const placed = await sets.updateOne(
        { _id: set._id, place: { $exists: false } },
        { $set: { applied: true, place: (last?.place ?? 0) + 1 } },
      )
      if (placed.matchedCount)
        core.live.publish(changeSetChannel, { id: set._id.toHexString(), kinds: set.kinds })
      return
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== duplicateKey) throw error
    }
  }
}

async function insertMissing(core: Core, collection: RecordCollection, changes: Change[]) {
  const records = changes.map((change) => ({
    ...change.after,
    _id: change.record,
    version: change.version,
    updatedAt: change.at,
  }))
  try {
    await recordsOf(core, collection).insertMany(records as Document[], { ordered: false })
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.code !== duplicateKey) throw error
  }
}

function moved(change: Change): AnyBulkWriteOperation<Document> {
  const cleared = Object.keys(change.before!).filter((field) => !(field in change.after))
  return {
    updateOne: {
      filter: { _id: change.record, version: change.version - 1 },
      update: {
        $set: { ...change.after, version: change.version, updatedAt: change.at },
        ...(cleared.length && { $unset: Object.fromEntries(cleared.map((field) => [field, 1])) }),
      },
    },
  }
}

/** The conflict that names which of these records have moved on since the given versions, and in which fields. */
export async function changedSince(core: Core, seen: Pick<Step, 'record' | 'version'>[]): Promise<Conflict> {
  const later = await changesOf(core)
    .find({ $or: seen.map(({ record, version }) => ({ record, version: { $gt: version } })) })
    .project<Pick<Change, 'record' | 'before' | 'after'>>({ record: 1, before: 1, after: 1 })
    .limit(1000)
    .toArray()
  const fields = later.flatMap((change) => Object.keys({ ...change.before, ...change.after }))
  return new Conflict(
    [...new Set(later.map((change) => change.record.toHexString()))],
    [...new Set(fields)].filter((field) => !machinery.includes(field)).sort(),
  )
}

/** Fields that follow from others and would only confuse a person. */
const machinery = ['declared', 'observations', 'drift', 'identifiers', 'seenIn']
