import type { ObjectId } from 'mongodb'
import { fault, Forbidden } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { AuditAction, auditOfSession } from './audit.ts'
import { assertAdministrator, assertSignedIn, type CallerSession, isAdministrator } from './caller.ts'
import { announceChanged } from './callerChanges.ts'
import { dropLinks } from './mailedLink.ts'
import { mailReset } from './passwords.ts'
import { getPerson } from './people.ts'
import { endSessionsOf } from './sessions.ts'
import { hydrateUser, type User, usersOf } from './user.ts'

const subjectOf = ({ _id, name }: User) => ({ type: 'User', id: _id, name })

/** Makes administrators and unmakes them, switches accounts off and on. Somebody has to be left who may do it. */
export async function updateUser(
  session: CallerSession,
  input: { id: string; administrator?: boolean | null; disabled?: boolean | null },
): Promise<User> {
  assertAdministrator(session)
  const { core, now } = session
  const user = await getPerson(session, input.id)
  const administrator = input.administrator ?? user.administrator
  const disabled = input.disabled ?? Boolean(user.disabledAt)
  const changes = { administrator, disabledAt: disabled ? (user.disabledAt ?? now) : null }
  await usersOf(core).updateOne({ _id: user._id }, { $set: changes })
  if (user.administrator && !user.disabledAt && (!administrator || disabled))
    await assertAdministrated(core, () =>
      usersOf(core).updateOne(
        { _id: user._id },
        { $set: { administrator: user.administrator, disabledAt: user.disabledAt ?? null } },
      ),
    )
  if (disabled && !user.disabledAt) await expel(core, user._id)
  announceChanged(core, [user._id])
  if (administrator !== user.administrator)
    await auditOfSession(session, administrator ? AuditAction.USER_PROMOTED : AuditAction.USER_DEMOTED, {
      subject: subjectOf(user),
    })
  if (disabled !== Boolean(user.disabledAt))
    await auditOfSession(session, disabled ? AuditAction.USER_DISABLED : AuditAction.USER_ENABLED, {
      subject: subjectOf(user),
    })
  return hydrateUser({ ...user, ...changes })
}

/**
 * Counted after the change and taken back, so that two administrators who unmake each other at once do not both
 * succeed.
 */
async function assertAdministrated(core: Session['core'], takeBack: () => Promise<unknown>) {
  if (await usersOf(core).countDocuments({ administrator: true, disabledAt: null }, { limit: 1 })) return
  await takeBack()
  throw fault('REQUIRED', null, 'There would be no administrator left. Make somebody else one first.')
}

/** Nothing that was given to the person works any more. */
async function expel(core: Session['core'], user: ObjectId) {
  await endSessionsOf(core, user)
  await dropLinks(core, user)
}

/** Mails somebody a link to choose a new password. */
export async function sendPasswordReset(session: CallerSession, id: string): Promise<User> {
  assertAdministrator(session)
  if (!session.core.config.PASSWORD_SIGN_IN) throw new Forbidden('Passwords are switched off here.')
  const user = await getPerson(session, id)
  if (user.disabledAt) throw fault('LOCKED', null, `${user.name} is switched off.`)
  await mailReset(session.core, user)
  await auditOfSession(session, AuditAction.PASSWORD_RESET_SENT, { subject: subjectOf(user) })
  return user
}

/** For somebody who has lost both their authenticator and their recovery codes. */
export async function resetSecondFactor(session: CallerSession, id: string): Promise<User> {
  assertAdministrator(session)
  const user = await getPerson(session, id)
  await usersOf(session.core).updateOne({ _id: user._id }, { $set: { secondFactor: null } })
  await endSessionsOf(session.core, user._id)
  await auditOfSession(session, AuditAction.SECOND_FACTOR_REMOVED, { subject: subjectOf(user) })
  return hydrateUser({ ...user, secondFactor: null })
}

/** Oneself, or anybody for an administrator. Switched off at once; the record goes when everything is handed over. */
export async function beginUserDeletion(session: Session, id: string): Promise<User> {
  assertSignedIn(session)
  const own = decodeId(id, 'User').id.equals(session.caller.user._id)
  if (!own && !isAdministrator(session)) assertAdministrator(session)
  const user = own ? session.caller.user : await getPerson(session, id)
  const { core } = session
  await usersOf(core).updateOne({ _id: user._id }, { $set: { disabledAt: user.disabledAt ?? session.now } })
  if (user.administrator && !user.disabledAt)
    await assertAdministrated(core, () =>
      usersOf(core).updateOne({ _id: user._id }, { $set: { disabledAt: null } }),
    )
  await auditOfSession(session, AuditAction.USER_DELETED, { subject: subjectOf(user), detail: user.email })
  await expel(core, user._id)
  announceChanged(core, [user._id])
  return user
}
