import { type ObjectId } from 'mongodb'
import { fault, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { hydrateMail, type Mail, mailsOf, MailState } from '../platform/mail/mail.ts'
import { enqueueMail } from '../platform/mail/send.ts'
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

/** Tries a mail that was given up once more, or at once what waits for its next attempt. */
export async function retryMail(session: Session, id: string): Promise<Mail> {
  const mail = await getMail(session, id)
  const { core } = session
  if (mail.state === MailState.SENT || mail.text === null)
    throw fault('CONFLICT', 'id', 'This mail was sent already, and its text is no longer kept.')
  const retried = { state: MailState.QUEUED, attempts: 0, nextAttemptAt: new Date() }
  await mailsOf(core).updateOne({ _id: mail._id }, { $set: retried })
  await enqueueMail(core, mail._id, 0)
  await auditOfSession(session, AuditAction.MAIL_RETRIED, {
    subject: { type: 'Mail', id: mail._id, name: mail.subject },
    detail: mail.to,
  })
  return Object.assign(mail, retried)
}
