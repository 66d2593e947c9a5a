import type { ObjectId } from 'mongodb'
import { registerShareable } from '../accounts/shareable.ts'
import type { AccessEntry } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { RunState, runsOf } from './run.ts'

const channel = (id: ObjectId) => `run-access:${id.toHexString()}`

/** A run is seen by whoever may see what it is about. @returns when the worker that has one of them knows it too */
export async function setAccessOfRuns(core: Core, subject: ObjectId, access: AccessEntry[]): Promise<void> {
  await runsOf(core).updateMany({ 'subject.id': subject }, { $set: { access } })
  const alive = { 'subject.id': subject, state: { $in: [RunState.QUEUED, RunState.RUNNING] } }
  for (const { _id } of await runsOf(core)
    .find(alive, { projection: { _id: 1 } })
    .toArray())
    core.live.publish(channel(_id), {})
}

/** Reads a run's list again whenever it was changed, for the worker that tells how the run stands. */
export const onAccessChange = (core: Core, id: ObjectId, take: (access: AccessEntry[]) => void) =>
  core.live.listen(channel(id), () => {
    runsOf(core)
      .findOne({ _id: id }, { projection: { access: 1 } })
      .then((run) => run && take(run.access))
      // The next heartbeat brings it.
      .catch(() => undefined)
  })

/** Nobody edits the list of a run; it only follows when a person or team goes. */
registerShareable({
  types: () => [],
  collection: 'runs',
  async save({ core }, edits) {
    await runsOf(core).bulkWrite(
      edits.map(({ record, access }) => ({
        updateOne: { filter: { _id: record._id }, update: { $set: { access } } },
      })),
    )
    for (const { record } of edits) core.live.publish(channel(record._id), {})
    return null
  },
})
