import { MongoServerError } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { fault } from '../platform/errors.ts'
import { sendMail } from '../platform/mail/send.ts'
import type { Session } from '../platform/session.ts'
import { audit, AuditAction } from './audit.ts'
import { assertSignedIn } from './caller.ts'
import { checkEmail, Faults } from './fields.ts'
import { dropLinks, linkMinutes, newLink, useLink } from './mailedLink.ts'
import { assertPassword } from './passwords.ts'
import type { Visitor } from './signIn.ts'
import { countAttempt } from './throttle.ts'
import { hydrateUser, type User, usersOf } from './user.ts'

/**
 * Mails a link to the new address, which becomes the account's when it is followed. An address that has an account is
 * told so by mail; the answer here is the same.
 */
export async function requestEmailChange(session: Session, input: { email: string; password: string }) {
  assertSignedIn(session)
  const { core, caller } = session
  const faults = new Faults()
  const email = checkEmail(faults, input.email)
  faults.expect(email !== caller.user.email, 'INVALID', 'email', 'This is your address already.')
  faults.throwIfAny()
  await assertPassword(session, input.password)
  await countAttempt(core, { what: 'email-change', by: String(caller.user._id), max: 10 })
  const taken = await usersOf(core).countDocuments({ email })
  await (taken ? mailTaken(core, email) : mailConfirmation(core, caller.user, email))
}

async function mailConfirmation(core: Core, user: User, email: string) {
  const token = await newLink(core, 'EMAIL_CHANGE', user._id, email)
  await sendMail(core, {
    what: 'EMAIL_CHANGE',
    to: email,
    subject: 'Confirm your new address for Maestro',
    greeting: `Hello ${user.name},`,
    paragraphs: [`you want to sign in to Maestro with this address, ${email}, from now on.`],
    link: { label: 'Use this address', path: `/confirm-email?token=${token}` },
    closing: `The link works once, within ${linkMinutes} minutes. If it was not you, you need not do anything.`,
  })
}

const mailTaken = (core: Core, email: string) =>
  sendMail(core, {
    what: 'EMAIL_TAKEN',
    to: email,
    subject: 'This address has a Maestro account already',
    greeting: 'Hello,',
    paragraphs: [
      'somebody, probably you, wants to use this address for another Maestro account. It belongs to an account already, so nothing was changed.',
    ],
  })

/** The account signs in with the new address from now on; the old one is told. */
export async function confirmEmailChange(
  core: Core,
  input: { token: string },
  visitor: Visitor,
): Promise<User> {
  await countAttempt(core, { what: 'email-token', by: visitor.address, max: 30 })
  const link = await useLink(core, 'EMAIL_CHANGE', input.token)
  const before = link && (await usersOf(core).findOne({ _id: link.user, disabledAt: null }))
  if (!link || !before)
    throw fault(
      'INVALID',
      'token',
      'This link was used already or has run out. Ask for a new one in your profile.',
    )
  try {
    await usersOf(core).updateOne({ _id: before._id }, { $set: { email: link.email } })
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 11000) throw error
    throw fault('TAKEN', null, 'The address has got an account in the meantime. Nothing was changed.')
  }
  await dropLinks(core, before._id)
  await sendMail(core, {
    what: 'EMAIL_CHANGED',
    to: before.email,
    subject: 'Your Maestro account has another address now',
    greeting: `Hello ${before.name},`,
    paragraphs: [
      `your Maestro account signs in with ${link.email} from now on. This address is no longer used.`,
    ],
    closing: 'If it was not you, tell an administrator of your Maestro at once.',
  })
  await audit(core, AuditAction.EMAIL_CHANGED, {
    actor: { type: 'USER', id: before._id, name: before.name },
    detail: `${before.email} → ${link.email}`,
    address: visitor.address,
  })
  return hydrateUser({ ...before, email: link.email })
}
