import type { Core } from '../platform/core.ts'
import { fault, Forbidden } from '../platform/errors.ts'
import { sendMail } from '../platform/mail/send.ts'
import type { Session } from '../platform/session.ts'
import { audit, AuditAction, auditOfSession } from './audit.ts'
import { assertSignedIn, type PersonSession } from './caller.ts'
import { normalEmail } from './email.ts'
import { checkPassword, Faults } from './fields.ts'
import { linkMinutes, newLink, useLink } from './mailedLink.ts'
import { hashPassword, passwordMatches } from './password.ts'
import { endSessionsOf } from './sessions.ts'
import type { Visitor } from './signIn.ts'
import { countAttempt } from './throttle.ts'
import { hydrateUser, type User, usersOf } from './user.ts'

/**
 * For what an open browser alone must not do.
 *
 * @throws UserFault at `password` when it is not the person's
 */
export async function assertPassword({ core, caller }: PersonSession, password: string): Promise<void> {
  const { user } = caller
  if (!user.passwordHash)
    throw fault('UNSUPPORTED', null, 'This account has no password: it signs in by the single sign-on.')
  const attempt = await countAttempt(core, { what: 'password-check', by: String(user._id), max: 10 })
  if (!(await passwordMatches(password.slice(0, 1001), user.passwordHash)))
    throw fault('INVALID', 'password', 'The password is wrong.')
  await attempt.undo()
}

/** Signs out everywhere else, so that whoever knew the old one is gone. */
export async function changePassword(session: Session, input: { current: string; password: string }) {
  assertSignedIn(session)
  const { core, caller } = session
  try {
    await assertPassword(session, input.current)
  } catch (error) {
    // Here the field of that name is the new one.
    if (error instanceof Error && 'faults' in error)
      for (const one of error.faults as { field: string[] | null }[]) if (one.field) one.field = ['current']
    throw error
  }
  await setPassword(core, caller.user, input.password)
  await endSessionsOf(core, caller.user._id, caller.signIn)
  await auditOfSession(session, AuditAction.PASSWORD_CHANGED)
}

async function setPassword(core: Core, user: User, password: string) {
  const faults = new Faults()
  checkPassword(faults, password)
  faults.throwIfAny()
  await usersOf(core).updateOne({ _id: user._id }, { $set: { passwordHash: await hashPassword(password) } })
}

/**
 * Mails a link to choose a new password, if the address has an account. Answers alike and as fast when it has none:
 * the mail is made after the answer.
 */
export async function requestPasswordReset(
  core: Core,
  input: { email: string },
  visitor: Visitor,
): Promise<void> {
  if (!core.config.PASSWORD_SIGN_IN) throw new Forbidden('Passwords are switched off here.')
  const email = normalEmail(input.email).slice(0, 254)
  await countAttempt(
    core,
    { what: 'reset-account', by: email, max: 5 },
    { what: 'reset-address', by: visitor.address, max: 30 },
  )
  const send = async () => {
    const found = await usersOf(core).findOne({ email, disabledAt: null })
    if (!found) return
    await mailReset(core, hydrateUser(found))
    await audit(core, AuditAction.PASSWORD_RESET_SENT, {
      actor: { type: 'USER', id: null, name: 'Nobody' },
      subject: { type: 'User', id: found._id, name: found.name },
      address: visitor.address,
    })
  }
  setImmediate(() =>
    send().catch((error: unknown) => core.log.error({ err: error }, 'A password link could not be sent')),
  )
}

export async function mailReset(core: Core, user: User): Promise<void> {
  const token = await newLink(core, 'PASSWORD_RESET', user._id, user.email)
  await sendMail(core, {
    what: 'PASSWORD_RESET',
    to: user.email,
    subject: 'Choose a new password for Maestro',
    greeting: `Hello ${user.name},`,
    paragraphs: ['somebody, probably you, has asked for a new password for your Maestro account.'],
    link: { label: 'Choose a new password', path: `/reset-password?token=${token}` },
    closing: `The link works once, within ${linkMinutes} minutes. If you did not ask for it, you need not do anything: your password stays as it is.`,
  })
}

/** Ends all sign-ins of the account. A second factor stays, so the link alone opens nothing. */
export async function resetPassword(
  core: Core,
  input: { token: string; password: string },
  visitor: Visitor,
): Promise<void> {
  if (!core.config.PASSWORD_SIGN_IN) throw new Forbidden('Passwords are switched off here.')
  await countAttempt(core, { what: 'reset-token', by: visitor.address, max: 30 })
  const faults = new Faults()
  checkPassword(faults, input.password)
  faults.throwIfAny()
  const link = await useLink(core, 'PASSWORD_RESET', input.token)
  const found = link && (await usersOf(core).findOne({ _id: link.user, email: link.email, disabledAt: null }))
  if (!found) throw fault('INVALID', 'token', 'This link was used already or has run out. Ask for a new one.')
  await setPassword(core, hydrateUser(found), input.password)
  await endSessionsOf(core, found._id)
  await audit(core, AuditAction.PASSWORD_RESET, {
    actor: { type: 'USER', id: found._id, name: found.name },
    address: visitor.address,
  })
}
