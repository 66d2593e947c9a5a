import type { ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { Unauthenticated } from '../platform/errors.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { openSession, type Session } from '../platform/session.ts'
import { readAccessToken } from './tokens.ts'
import { principalOf, User } from './user.ts'

/** A session of a person, and the sign-in that it rests on. */
export interface PersonSession extends Session {
  signIn: ObjectId
}

/**
 * Session of the person whose access token this is; one database command. The person is in the session's entity
 * manager already.
 *
 * @throws Unauthenticated when the token has run out or its sign-in was ended
 */
export async function authenticate(core: Core, accessToken: string): Promise<PersonSession> {
  const claims = await readAccessToken(core.config, accessToken)
  if (!claims) throw new Unauthenticated('Your access token is wrong or has run out. Please sign in again.')
  return sessionOf(core, claims.session)
}

/** @throws Unauthenticated when the sign-in was ended */
export async function sessionOf(core: Core, signIn: ObjectId): Promise<PersonSession> {
  const found = await core.db
    .collection('authSessions')
    .aggregate<{ user: Record<string, unknown> & { _id: ObjectId; name: string } }>(
      [
        { $match: { _id: signIn, expiresAt: { $gt: new Date() } } },
        { $lookup: { from: 'users', localField: 'user', foreignField: '_id', as: 'user' } },
        { $unwind: '$user' },
        { $project: { user: 1 } },
      ],
      { maxTimeMS: queryTimeoutMs },
    )
    .next()
  if (!found) throw new Unauthenticated('Your sign-in has ended. Please sign in again.')
  const { user } = found
  const session = openSession(core, { type: 'USER', id: user._id, name: user.name }, [principalOf(user._id)])
  // A field that is missing here would count as not loaded, and the person would be read again.
  session.em.map(User, { founder: null, ...user })
  return { ...session, signIn }
}
