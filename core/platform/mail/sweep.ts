import { ObjectId } from 'mongodb'
import type { Core } from '../core.ts'
import { mailsOf, MailState } from './mail.ts'
import type { Mailer } from './mailer.ts'
import { hurryMails } from './send.ts'

/** A mail that is due for this long has fallen out of its queue. */
const patienceMs = 15_000
const keptMs = 30 * 24 * 3600 * 1000
/** What one sweep does of each; the next one does more. */
const portion = 1000

/** Queues again what fell out of the queue, and removes what is older than 30 days. */
export async function sweepMail(core: Core, mailer: Mailer): Promise<void> {
  const dueSince = new Date(Date.now() - patienceMs)
  const lost = await mailsOf(core)
    .find({
      state: MailState.QUEUED,
      nextAttemptAt: { $lt: dueSince },
      $or: [{ leaseUntil: null }, { leaseUntil: { $lt: dueSince } }],
    })
    .sort({ nextAttemptAt: 1 })
    .limit(portion)
    .project<{ _id: ObjectId }>({ _id: 1 })
    .toArray()
  if (lost.length)
    await hurryMails(
      core,
      lost.map(({ _id }) => _id),
    )

  const old = await mailsOf(core)
    .find({ _id: { $lt: ObjectId.createFromTime(Math.floor((Date.now() - keptMs) / 1000)) } })
    .limit(portion)
    .project<{ _id: ObjectId; createdAt: Date }>({ createdAt: 1 })
    .toArray()
  for (const mail of old) await mailer.forget(mail)
  if (old.length) await mailsOf(core).deleteMany({ _id: { $in: old.map(({ _id }) => _id) } })
}
