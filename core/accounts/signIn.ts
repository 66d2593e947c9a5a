import type { Core } from '../platform/core.ts'
import { fault } from '../platform/errors.ts'
import { AuthSession } from './authSession.ts'
import { passwordMatches } from './password.ts'
import { countAttempt, forgetAttempts } from './throttle.ts'
import { normalEmail } from './email.ts'
import { hashFamily, makeAccessToken, makeRefreshToken, newFamily } from './tokens.ts'
import { User } from './user.ts'

/** A sign-in that is not used for so long has to be made again. */
export const sessionDays = 30

export const sessionEnd = (now: Date) => new Date(now.getTime() + sessionDays * 24 * 3600 * 1000)

export interface SignedIn {
  user: User
  accessToken: string
  expiresAt: Date
  /** For the cookie only; never part of an answer's body. */
  refreshToken: string
}

/** Answers a wrong password and an unknown address alike, and as slowly. */
export async function signIn(
  core: Core,
  input: { email: string; password: string },
  address: string,
): Promise<SignedIn> {
  const email = normalEmail(input.email)
  const account = { what: 'sign-in-account', by: email, max: 10 }
  const attempt = await countAttempt(core, account, { what: 'sign-in-address', by: address, max: 30 })
  const user = await core.orm.em.fork().findOne(User, { email })
  const matches = await passwordMatches(input.password.slice(0, 1001), user?.passwordHash)
  if (!user || !matches)
    throw fault(
      'INVALID',
      null,
      'The e-mail address or the password is wrong. Please check both and try again.',
    )
  await attempt.undo()
  await forgetAttempts(core, account)
  return beginSession(core, user)
}

export async function beginSession(core: Core, user: User): Promise<SignedIn> {
  const now = new Date()
  const family = newFamily()
  const em = core.orm.em.fork()
  const session = em.create(AuthSession, {
    user: user._id,
    familyHash: hashFamily(family),
    rotatedAt: now,
    expiresAt: sessionEnd(now),
  })
  await em.persist(session).flush()
  const access = await makeAccessToken(core.config, { user: user._id, session: session._id }, now)
  return { user, ...access, refreshToken: makeRefreshToken(core.config, family, session.generation) }
}
