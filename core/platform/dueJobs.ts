import type { ObjectId } from 'mongodb'
import type { Core } from './core.ts'

/** Puts records that say themselves when they are due into a queue; one that is there already stays where it is. */
export const queueDue = (core: Core, queue: string, ids: readonly ObjectId[]) =>
  core.queue(queue).addBulk(
    ids.map((_id) => {
      const id = _id.toHexString()
      return { name: queue, data: { id }, opts: { jobId: id } }
    }),
  )

/** The same, and one that waits in the queue for a later time waits no longer. */
export async function hurryDue(core: Core, queue: string, ids: readonly ObjectId[]): Promise<void> {
  await queueDue(core, queue, ids)
  for (const id of ids) {
    const job = await core.queue(queue).getJob(id.toHexString())
    // Fails where it does not wait for a time, and then is where it should be.
    await job?.promote().catch(() => undefined)
  }
}
