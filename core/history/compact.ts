import type { Document, ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { horizonOf } from './horizon.ts'
import {
  type Change,
  changeSetsOf,
  changesOf,
  keptFields,
  type RecordCollection,
  recordsOf,
} from './records.ts'
import { rewound } from './rewind.ts'

const dayMs = 24 * 3600_000
/** The horizon moves on in steps of this size. */
const stepMs = 3600_000
const leaseMs = 60_000
const batchSize = 500

/**
 * Forgets what happened longer ago than history is to be kept: of the changes of a record until then one is left, a
 * snapshot of what it was. Later ones are not touched, so that they can be taken back and any later moment be read. Does
 * nothing while history is kept for ever; harmless at any time, in any number of processes.
 *
 * @returns how many changes were forgotten
 */
export async function compactHistory(core: Core, now = new Date()): Promise<number> {
  const days = core.config.HISTORY_RETENTION_DAYS
  if (!days) return 0
  const horizon = new Date(now.getTime() - days * dayMs)
  if (!(await advance(core, horizon))) return 0
  let forgotten = 0
  const old = changeSetsOf(core)
    .find({ at: { $lte: horizon }, state: 'COMMITTED', applied: true, compacted: { $exists: false } })
    .sort({ _id: 1 })
    .project<{ _id: ObjectId }>({ _id: 1 })
  for await (const { _id } of old) {
    const cursor = changesOf(core).find({ set: _id }).batchSize(batchSize)
    while (await cursor.hasNext()) {
      forgotten += await compact(core, cursor.readBufferedDocuments(), horizon)
      await hold(core)
    }
    await changeSetsOf(core).updateOne({ _id }, { $set: { compacted: true } })
    await forgetEmpty(core, [_id])
  }
  await horizonOf(core).updateOne({ _id: 'horizon' }, { $set: { leaseUntil: new Date(0) } })
  return forgotten
}

/** Moves the horizon, so that nobody looks beyond it any more. @returns false when there is nothing to do for this process */
async function advance(core: Core, horizon: Date): Promise<boolean> {
  const free = { leaseUntil: { $lt: new Date() } }
  await horizonOf(core).updateOne(
    { _id: 'horizon' },
    { $setOnInsert: { at: new Date(0), leaseUntil: new Date(0) } },
    { upsert: true },
  )
  const moved = await horizonOf(core).updateOne(
    { _id: 'horizon', ...free, at: { $lt: new Date(horizon.getTime() - stepMs) } },
    { $set: { at: horizon, leaseUntil: leaseFromNow() } },
  )
  return moved.modifiedCount > 0
}

const leaseFromNow = () => new Date(Date.now() + leaseMs)
const hold = (core: Core) =>
  horizonOf(core).updateOne({ _id: 'horizon' }, { $set: { leaseUntil: leaseFromNow() } })

async function compact(core: Core, changes: Change[], horizon: Date): Promise<number> {
  const superseded = await followed(core, changes, horizon)
  const last = changes.filter(({ _id }) => !superseded.has(_id.toHexString()))
  for (const collection of ['assets', 'relations'] as const)
    await snapshot(
      core,
      collection,
      last.filter((change) => change.collection === collection),
      horizon,
    )
  const older = last.filter(({ version }) => version > 1)
  const earlier = older.length
    ? { $or: older.map(({ record, version }) => ({ record, version: { $lt: version } })) }
    : { _id: { $in: [] } }
  const sets = await changesOf(core).distinct('set', earlier)
  const gone = await changesOf(core).deleteMany(earlier)
  await forgetEmpty(core, sets)
  const own = await changesOf(core).deleteMany({
    _id: { $in: changes.filter(({ _id }) => superseded.has(_id.toHexString())).map(({ _id }) => _id) },
  })
  return gone.deletedCount + own.deletedCount
}

/** Those after which the record was changed once more until the horizon. */
async function followed(core: Core, changes: Change[], horizon: Date): Promise<Set<string>> {
  const rows = await changesOf(core)
    .find(
      {
        $or: changes.map(({ record, version }) => ({ record, version: version + 1 })),
        at: { $lte: horizon },
      },
      { projection: { record: 1, version: 1 } },
    )
    .toArray()
  const next = new Set(rows.map(({ record, version }) => `${record.toHexString()} ${version}`))
  return new Set(
    changes
      .filter(({ record, version }) => next.has(`${record.toHexString()} ${version + 1}`))
      .map(({ _id }) => _id.toHexString()),
  )
}

/** Lets each of the changes tell what its record was at the horizon. */
async function snapshot(core: Core, collection: RecordCollection, changes: Change[], horizon: Date) {
  if (!changes.length) return
  const records = recordsOf(core, collection).aggregate<Document>([
    { $match: { _id: { $in: changes.map(({ record }) => record) } } },
    ...rewound(horizon),
  ])
  const states = new Map<string, Document>()
  for await (const { _id, ...state } of records) states.set(String(_id), state)
  const told = changes.flatMap((change) => {
    const state = states.get(change.record.toHexString())
    if (!state) return []
    for (const field of [...keptFields, 'asOf']) delete state[field]
    const set = { before: null, after: state, snapshot: true }
    return [{ updateOne: { filter: { _id: change._id }, update: { $set: set } } }]
  })
  if (told.length) await changesOf(core).bulkWrite(told, { ordered: false })
}

async function forgetEmpty(core: Core, sets: ObjectId[]) {
  for (const set of sets)
    if (!(await changesOf(core).findOne({ set }, { projection: { _id: 1 } })))
      await changeSetsOf(core).deleteOne({ _id: set, state: 'COMMITTED', applied: true })
}
