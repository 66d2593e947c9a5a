import { DelayedError, type Job } from 'bullmq'
import { ObjectId } from 'mongodb'
import type { Core } from '../core/platform/core.ts'
import { deliverMail } from '../core/platform/mail/deliver.ts'
import type { Mailer } from '../core/platform/mail/mailer.ts'

/** Delivers the mail of a job; one whose time has not come goes back into the queue until then. */
export const carryMail =
  (core: Core, mailer: Mailer) =>
  async (job: Job, token?: string): Promise<void> => {
    const due = await deliverMail(core, mailer, new ObjectId((job.data as { id: string }).id))
    if (!due) return
    await job.moveToDelayed(due.getTime(), token)
    throw new DelayedError()
  }
