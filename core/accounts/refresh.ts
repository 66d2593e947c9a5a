import type { Core } from '../platform/core.ts'
import { fault } from '../platform/errors.ts'
import { audit, AuditAction } from './audit.ts'
import { AuthSession } from './authSession.ts'
import { endSession } from './sessions.ts'
import { sessionEnd, type SignedIn, type Visitor } from './signIn.ts'
import { hashFamily, makeAccessToken, makeRefreshToken, readRefreshToken } from './tokens.ts'
import { hydrateUser, usersOf } from './user.ts'

/** Two tabs may come with the same token within this time; both get the same new one. */
const graceMs = 10_000

/**
 * Trades a refresh token for the next one. An old token that turns up again was copied by somebody, so it ends the
 * sign-in for everybody.
 */
export async function refreshSession(core: Core, token: string, { address }: Visitor): Promise<SignedIn> {
  const given = readRefreshToken(core.config, token)
  if (!given) throw ended()
  const now = new Date()
  const em = core.orm.em.fork()
  const familyHash = hashFamily(given.family)
  const live = { familyHash, expiresAt: { $gt: now } }
  const rotated = await em.nativeUpdate(
    AuthSession,
    { ...live, generation: given.generation },
    { generation: given.generation + 1, rotatedAt: now, expiresAt: sessionEnd(now) },
  )
  const session = await em.findOne(AuthSession, live)
  if (!session) throw ended()
  const shared =
    session.generation === given.generation + 1 && now.getTime() - session.rotatedAt.getTime() <= graceMs
  if (!rotated && !shared) {
    await endSession(core, session._id)
    const user = await usersOf(core).findOne({ _id: session.user })
    await audit(core, AuditAction.REFRESH_TOKEN_REPLAYED, {
      actor: { type: 'USER', id: null, name: 'Nobody' },
      subject: user && { type: 'User', id: user._id, name: user.name },
      address,
    })
    throw ended()
  }
  const found = await usersOf(core).findOne({ _id: session.user, disabledAt: null })
  if (!found) throw ended()
  const user = hydrateUser(found)
  return {
    user,
    ...(await makeAccessToken(core.config, { user: user._id, session: session._id }, now)),
    refreshToken: makeRefreshToken(core.config, given.family, given.generation + 1),
  }
}

const ended = () => fault('INVALID', null, 'Your sign-in has ended. Please sign in again.')
