import type { Core } from '../platform/core.ts'
import { enqueue } from './request.ts'
import { RunState, runsOf } from './run.ts'

/** A queued run, or one whose worker has been silent for this long, is looked after. */
const patienceMs = 15_000

/**
 * Queues again what fell out of its queue: runs that were asked for while Redis was away, or whose queue was lost with
 * it. A job that is still in its queue stays as it is, so this is harmless at any time.
 */
export async function recoverRuns(core: Core): Promise<number> {
  const silentSince = new Date(Date.now() - patienceMs)
  const lost = await runsOf(core)
    .find({
      $or: [
        { state: RunState.QUEUED, createdAt: { $lt: silentSince } },
        { state: RunState.RUNNING, heartbeatAt: { $lt: silentSince } },
      ],
    })
    .project<{ _id: never; kind: string }>({ kind: 1 })
    .toArray()
  for (const run of lost) await enqueue(core, run)
  return lost.length
}
