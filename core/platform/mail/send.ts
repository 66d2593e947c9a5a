import { ObjectId } from 'mongodb'
import type { Core } from '../core.ts'
import { hurryDue, queueDue } from '../dueJobs.ts'
import { sealBody } from './body.ts'
import { compose, type MailContent } from './compose.ts'
import { Mail, mailsOf, MailState } from './mail.ts'

/** Hands a mail to the workers. It is stored first, so that nothing which is away (Redis, the mail server) can lose it. */
export async function sendMail(core: Core, content: MailContent): Promise<void> {
  const { subject, text, html } = compose(content, core.baseUrl)
  const now = new Date()
  const mail = Object.assign(new Mail(), {
    _id: new ObjectId(),
    what: content.what,
    to: content.to,
    subject,
    body: sealBody(core.config, { text, html }),
    state: MailState.QUEUED,
    createdAt: now,
    sentAt: null,
    attempts: 0,
    nextAttemptAt: now,
    leaseUntil: null,
    problem: null,
  })
  await mailsOf(core).insertOne(mail)
  // Not waited for: a queue that is opened while Redis is away answers when Redis is back. The sweep finds what it misses.
  void queueMails(core, [mail._id]).catch((error: Error) =>
    core.log.warn({ error: error.message }, 'The mail waits for Redis'),
  )
}

export const mailQueue = 'mail'

/** Puts mails into their queue; one that is there already stays where it is. */
export const queueMails = (core: Core, ids: ObjectId[]) => queueDue(core, mailQueue, ids)

/** The same, and one that waits in the queue for a later time waits no longer. */
export const hurryMails = (core: Core, ids: ObjectId[]) => hurryDue(core, mailQueue, ids)
