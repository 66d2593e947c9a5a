import { ObjectId } from 'mongodb'
import type { Core } from '../core.ts'
import { compose, type MailContent } from './compose.ts'
import { Mail, mailsOf, MailState } from './mail.ts'

/** Writes a mail and leaves it to the workers. A Redis or mail server that is away delays it, and loses nothing. */
export async function sendMail(core: Core, content: MailContent): Promise<void> {
  const now = new Date()
  const mail = Object.assign(new Mail(), {
    _id: new ObjectId(),
    what: content.what,
    to: content.to,
    ...compose(content, core.baseUrl),
    state: MailState.QUEUED,
    createdAt: now,
    sentAt: null,
    attempts: 0,
    nextAttemptAt: now,
    problem: null,
  })
  await mailsOf(core).insertOne({ ...mail } as Mail)
  await enqueueMail(core, mail._id, 0)
}

export const mailQueue = 'mail'

/** Asks a worker to deliver it. When Redis is away, the sweep of any worker does it later. */
export async function enqueueMail(core: Core, id: ObjectId, delay: number): Promise<void> {
  await core
    .queue(mailQueue)
    // Each attempt is a job of its own, since a finished id would not be taken again at once.
    .add(mailQueue, { id: id.toHexString() }, { delay })
    .catch((error: Error) => core.log.warn({ error: error.message }, 'A mail waits for Redis'))
}
