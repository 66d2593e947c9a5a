import { ObjectId } from 'mongodb'
import type { Core } from '../core.ts'
import { openBody } from './body.ts'
import { type Mail, mailsOf, MailState } from './mail.ts'
import { type Mailer, Undelivered } from './mailer.ts'
import { sendMs } from './smtp.ts'

/** A worker that has a mail for longer than this was lost; another one may take it. */
const leaseMs = sendMs + 30_000

const minute = 60_000
/** How long to wait after each attempt that may go better the next time. */
const pausesMs = [10_000, minute, 5 * minute, 30 * minute, 120 * minute]

/**
 * Sends one mail, unless another worker has it or it is not due. What became of it is in its record.
 *
 * @returns when to come back for it; null when there is nothing left to do
 */
export async function deliverMail(core: Core, mailer: Mailer, id: ObjectId): Promise<Date | null> {
  const mail = await claim(core, id)
  if (!mail) return whenDue(core, id)
  try {
    await attempt(core, mailer, mail)
  } catch (error) {
    return postpone(core, mail, error)
  }
  const sent = mailer.taken === MailState.SENT
  await settle(
    core,
    mail,
    { state: mailer.taken, sentAt: sent ? new Date() : null, nextAttemptAt: null, problem: null },
    sent,
  )
  return null
}

async function claim(core: Core, id: ObjectId): Promise<Mail | null> {
  const now = new Date()
  return mailsOf(core).findOneAndUpdate(
    {
      _id: id,
      state: MailState.QUEUED,
      nextAttemptAt: { $lte: now },
      $or: [{ leaseUntil: null }, { leaseUntil: { $lte: now } }],
    },
    { $set: { lease: new ObjectId(), leaseUntil: new Date(now.getTime() + leaseMs) }, $inc: { attempts: 1 } },
    { returnDocument: 'after' },
  )
}

async function whenDue(core: Core, id: ObjectId): Promise<Date | null> {
  const mail = await mailsOf(core).findOne({ _id: id, state: MailState.QUEUED })
  return mail && new Date(Math.max(+mail.nextAttemptAt!, +(mail.leaseUntil ?? 0)))
}

async function attempt(core: Core, mailer: Mailer, mail: Mail): Promise<void> {
  if (mail.attempts > pausesMs.length + 1)
    throw new Undelivered(
      'The workers that had this mail were lost. Look into their log, then try again.',
      true,
    )
  const body = mail.body && openBody(core.config, mail.body)
  if (!body)
    throw new Undelivered('The mail was sealed with another SECRETS_KEY and cannot be read any more.', true)
  await mailer.take({ ...mail, ...body })
}

async function postpone(core: Core, mail: Mail, error: unknown): Promise<Date | null> {
  if (!(error instanceof Undelivered))
    core.log.error({ err: error, mail: mail._id }, 'A mail could not be sent')
  const problem =
    error instanceof Undelivered
      ? error.message
      : 'Maestro met a fault of its own; the log of the workers has the details.'
  const pause = pausesMs[mail.attempts - 1]
  if (pause === undefined || (error instanceof Undelivered && error.permanent)) {
    core.log.warn({ mail: mail._id, problem }, 'A mail was given up')
    await settle(core, mail, { state: MailState.FAILED, nextAttemptAt: null, problem })
    return null
  }
  const nextAttemptAt = new Date(Date.now() + pause)
  await settle(core, mail, { nextAttemptAt, problem })
  return nextAttemptAt
}

/** The body goes with the mail: nobody should find the links of mails that have arrived. */
const settle = (core: Core, { _id, lease }: Mail, outcome: Partial<Mail>, withoutBody = false) =>
  mailsOf(core).updateOne(
    { _id, lease },
    { $set: { ...outcome, leaseUntil: null }, $unset: { lease: '', ...(withoutBody && { body: '' }) } },
  )
