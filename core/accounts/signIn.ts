import type { Core } from '../platform/core.ts'
import { fault, Forbidden } from '../platform/errors.ts'
import { audit, AuditAction } from './audit.ts'
import { AuthSession } from './authSession.ts'
import { normalEmail } from './email.ts'
import { passwordMatches } from './password.ts'
import { checkSecondFactor, needsSecondFactor } from './secondFactor.ts'
import { countAttempt, forgetAttempts } from './throttle.ts'
import { hashFamily, makeAccessToken, makeRefreshToken, newFamily } from './tokens.ts'
import { hydrateUser, type User, usersOf } from './user.ts'

/** A sign-in that is not used for so long has to be made again. */
export const sessionDays = 30

export const sessionEnd = (now: Date) => new Date(now.getTime() + sessionDays * 24 * 3600 * 1000)

/** Where somebody comes from, as far as the network tells. */
export interface Visitor {
  address: string
  userAgent?: string
}

export interface SignedIn {
  user: User
  accessToken: string
  expiresAt: Date
  /** For the cookie only; never part of an answer's body. */
  refreshToken: string
}

/** Null when the password is right and a code of the authenticator is still needed. */
export async function signIn(
  core: Core,
  input: { email: string; password: string; code?: string | null },
  visitor: Visitor,
): Promise<SignedIn | null> {
  if (!core.config.PASSWORD_SIGN_IN)
    throw new Forbidden('Passwords are switched off here. Use the single sign-on.')
  const email = normalEmail(input.email)
  const account = { what: 'sign-in-account', by: email, max: 10 }
  const attempt = await countAttempt(core, account, { what: 'sign-in-address', by: visitor.address, max: 30 })
  const found = await usersOf(core).findOne({ email })
  const matches = await passwordMatches(input.password.slice(0, 1001), found?.passwordHash ?? undefined)
  const user = found && hydrateUser(found)
  if (!user || !matches || user.disabledAt) {
    await refused(core, email, user, visitor)
    throw wrong()
  }
  if (needsSecondFactor(user)) {
    // The right password alone is no failed attempt; a code that is not right is one.
    if (!input.code?.trim()) {
      await attempt.undo()
      return null
    }
    if (!(await checkSecondFactor(core, user, input.code, visitor))) {
      await refused(core, email, user, visitor)
      throw fault('INVALID', 'code', 'The code is not right. Wait for the next one, or use a recovery code.')
    }
  }
  await attempt.undo()
  await forgetAttempts(core, account)
  return beginSession(core, user, visitor)
}

/** Answers a wrong password, an unknown address and an account that is switched off alike, and as slowly. */
const wrong = () =>
  fault('INVALID', null, 'The e-mail address or the password is wrong. Please check both and try again.')

const refused = (core: Core, email: string, user: User | null, { address }: Visitor) =>
  audit(core, AuditAction.SIGN_IN_REFUSED, {
    actor: { type: 'USER', id: null, name: 'Nobody' },
    subject: user && { type: 'User', id: user._id, name: user.name },
    detail: email.slice(0, 254),
    address,
  })

export async function beginSession(core: Core, user: User, visitor: Visitor): Promise<SignedIn> {
  const now = new Date()
  const family = newFamily()
  const em = core.orm.em.fork()
  const session = em.create(AuthSession, {
    user: user._id,
    familyHash: hashFamily(family),
    rotatedAt: now,
    expiresAt: sessionEnd(now),
    userAgent: visitor.userAgent?.slice(0, 500) ?? null,
    address: visitor.address,
  })
  await em.persist(session).flush()
  await usersOf(core).updateOne({ _id: user._id }, { $set: { lastSignInAt: now } })
  await audit(core, AuditAction.SIGNED_IN, {
    actor: { type: 'USER', id: user._id, name: user.name },
    address: visitor.address,
    detail: visitor.userAgent ?? null,
  })
  const access = await makeAccessToken(core.config, { user: user._id, session: session._id }, now)
  return { user, ...access, refreshToken: makeRefreshToken(core.config, family, session.generation) }
}
