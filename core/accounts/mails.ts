import { type ObjectId } from 'mongodb'
import { fault, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { type Body, openBody } from '../platform/mail/body.ts'
import { hydrateMail, type Mail, mailsOf, MailState } from '../platform/mail/mail.ts'
import { hurryMails } from '../platform/mail/send.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'
import { AuditAction, auditOfSession } from './audit.ts'
import { assertAdministrator } from './caller.ts'

/** The outbox, newest first, for administrators. */
export async function findMails(session: Session, args: PageArgs): Promise<Page<Mail>> {
  assertAdministrator(session)
  const page = await findPage(mailsOf(session.core), {}, [{ field: '_id', direction: -1 }], args)
  return mapPage(page, hydrateMail)
}

export async function findMailsById(session: Session, ids: readonly ObjectId[]): Promise<Mail[]> {
  assertAdministrator(session)
  const found = await mailsOf(session.core)
    .find({ _id: { $in: [...ids] } })
    .toArray()
  return found.map(hydrateMail)
}

export async function getMail(session: Session, id: string): Promise<Mail> {
  const [mail] = await findMailsById(session, [decodeId(id, 'Mail').id])
  if (!mail) throw new NotFound('mail', id)
  return mail
}

/** What a mail says. Never to an API token: the links in it would let it in as a person. */
export function readMail(session: Session, { body }: Mail): Body | null {
  assertAdministrator(session)
  return body && session.caller.signIn ? openBody(session.core.config, body) : null
}

/** Tries a mail that was given up once more, or at once what waits for its next attempt. */
export async function retryMail(session: Session, id: string): Promise<Mail> {
  const mail = await getMail(session, id)
  const { core, now } = session
  if (mail.state === MailState.SENT)
    throw fault('CONFLICT', 'id', 'This mail was sent already, and its text is no longer kept.')
  if (mail.state === MailState.KEPT && !core.config.SMTP_URL)
    throw fault('UNSUPPORTED', 'id', 'There is no mail server that it could be sent to. Set SMTP_URL first.')
  const retried = await mailsOf(core).findOneAndUpdate(
    {
      _id: mail._id,
      state: { $ne: MailState.SENT },
      $or: [{ leaseUntil: null }, { leaseUntil: { $lte: now } }],
    },
    { $set: { state: MailState.QUEUED, attempts: 0, nextAttemptAt: now, problem: null } },
    { returnDocument: 'after' },
  )
  if (!retried) throw fault('LOCKED', 'id', 'This mail is being sent at the moment.')
  void hurryMails(core, [mail._id]).catch((error: Error) =>
    core.log.warn({ error: error.message }, 'A mail waits for Redis'),
  )
  await auditOfSession(session, AuditAction.MAIL_RETRIED, {
    subject: { type: 'Mail', id: mail._id, name: mail.subject },
    detail: mail.to,
  })
  return hydrateMail(retried)
}
