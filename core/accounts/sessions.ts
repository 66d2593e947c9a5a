import type { ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { AuthSession } from './authSession.ts'
import { hashFamily, readRefreshToken } from './tokens.ts'

/** Carries the ids of sign-ins at the moment they end, so that every API process closes their sockets. */
export const endedChannel = 'accounts:session-ended'

/** Holds from the next request on, in every process. */
export async function endSession(core: Core, id: ObjectId): Promise<void> {
  await core.orm.em.fork().nativeDelete(AuthSession, { _id: id })
  core.live.publish(endedChannel, { session: id.toHexString() })
}

/** Signs out the browser that holds this refresh token, also when its access token has run out. */
export async function endSessionOf(core: Core, refreshToken: string): Promise<void> {
  const token = readRefreshToken(core.config, refreshToken)
  if (!token) return
  const session = await core.orm.em.fork().findOne(AuthSession, { familyHash: hashFamily(token.family) })
  if (session) await endSession(core, session._id)
}

/** Those of the given sign-ins that still hold. */
export async function livingSessions(core: Core, ids: ObjectId[]): Promise<Set<string>> {
  const found = await core.orm.em
    .fork()
    .find(AuthSession, { _id: { $in: ids }, expiresAt: { $gt: new Date() } }, { fields: ['_id'] })
  return new Set(found.map((session) => session._id.toHexString()))
}

/** Removes the sign-ins that have run out; the embedded engine does not do that by itself. */
export const sweepSessions = (core: Core): Promise<number> =>
  core.orm.em.fork().nativeDelete(AuthSession, { expiresAt: { $lte: new Date() } })
