import { DelayedError, type Job } from 'bullmq'
import { ObjectId } from 'mongodb'

/** Carries the record of a job on; one whose time has not come goes back into the queue until then. */
export const carry =
  (on: (id: ObjectId) => Promise<Date | null>) =>
  async (job: Job, token?: string): Promise<void> => {
    const due = await on(new ObjectId((job.data as { id: string }).id))
    if (!due) return
    await job.moveToDelayed(due.getTime(), token)
    throw new DelayedError()
  }
