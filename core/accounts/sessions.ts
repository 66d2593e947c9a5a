import { ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { AuditAction, auditOfSession } from './audit.ts'
import { AuthSession } from './authSession.ts'
import { assertAdministrator, assertSignedIn, isAdministrator } from './caller.ts'
import { announceEnded } from './callerChanges.ts'
import { hashFamily, readRefreshToken } from './tokens.ts'
import { usersOf } from './user.ts'

/** Holds from the next request on, in every process. */
export async function endSession(core: Core, id: ObjectId): Promise<void> {
  await core.orm.em.fork().nativeDelete(AuthSession, { _id: id })
  announceEnded(core, [id])
}

/** Signs out the browser that holds this refresh token, also when its access token has run out. */
export async function endSessionOf(core: Core, refreshToken: string): Promise<void> {
  const token = readRefreshToken(core.config, refreshToken)
  if (!token) return
  const session = await core.orm.em.fork().findOne(AuthSession, { familyHash: hashFamily(token.family) })
  if (session) await endSession(core, session._id)
}

/** Signs a person out everywhere, but for one sign-in if that is named. @returns how many were ended */
export async function endSessionsOf(core: Core, user: ObjectId, except?: ObjectId | null): Promise<number> {
  const em = core.orm.em.fork()
  const found = await em.find(
    AuthSession,
    { user, ...(except && { _id: { $ne: except } }) },
    { fields: ['_id'] },
  )
  const ids = found.map(({ _id }) => _id)
  await em.nativeDelete(AuthSession, { _id: { $in: ids } })
  announceEnded(core, ids)
  return ids.length
}

/** Where a person is signed in, newest use first; an administrator may ask for somebody else's. */
export async function findSignIns(session: Session, user?: string | null): Promise<AuthSession[]> {
  const id = await personMeant(session, user)
  return session.em.find(
    AuthSession,
    { user: id, expiresAt: { $gt: session.now } },
    { orderBy: { rotatedAt: 'desc' }, limit: 200 },
  )
}

/** Ends one sign-in of the person, or of anybody for an administrator. */
export async function endSignIn(session: Session, id: string): Promise<void> {
  assertSignedIn(session)
  const mine = isAdministrator(session) ? {} : { user: session.caller.user._id }
  const found = await session.em.findOne(AuthSession, { _id: decodeId(id, 'SignIn').id, ...mine })
  if (!found) throw new NotFound('sign-in', id)
  await endSession(session.core, found._id)
  const user = await usersOf(session.core).findOne({ _id: found.user })
  await auditOfSession(session, AuditAction.SIGNED_OUT, {
    subject: user && { type: 'User', id: user._id, name: user.name },
    detail: found.userAgent ?? null,
  })
}

/** Ends all sign-ins of the person, or of anybody for an administrator. */
export async function endSignIns(
  session: Session,
  input: { user?: string | null; exceptThis?: boolean | null },
): Promise<number> {
  assertSignedIn(session)
  const id = await personMeant(session, input.user)
  const ended = await endSessionsOf(session.core, id, input.exceptThis ? session.caller.signIn : null)
  const user = await usersOf(session.core).findOne({ _id: id })
  await auditOfSession(session, AuditAction.SIGNED_OUT, {
    subject: user && { type: 'User', id, name: user.name },
    detail: `Everywhere${input.exceptThis ? ' but here' : ''}: ${ended}`,
  })
  return ended
}

async function personMeant(session: Session, user: string | null | undefined): Promise<ObjectId> {
  assertSignedIn(session)
  const own = session.caller.user._id
  const id = user ? decodeId(user, 'User').id : own
  if (!id.equals(own)) assertAdministrator(session)
  return id
}

/** Removes the sign-ins that have run out; the embedded engine does not do that by itself. */
export const sweepSessions = (core: Core): Promise<number> =>
  core.orm.em.fork().nativeDelete(AuthSession, { expiresAt: { $lte: new Date() } })
