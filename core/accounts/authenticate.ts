import { type Document, ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import type { Reach } from '../platform/access.ts'
import { NotFound, Unauthenticated } from '../platform/errors.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { openSession } from '../platform/session.ts'
import { type ApiToken, apiTokensOf } from './apiToken.ts'
import { type Caller, type CallerSession, type PersonSession, reachOf } from './caller.ts'
import { type Member, teamsOf } from './team.ts'
import { hashApiToken, isApiToken, readAccessToken } from './tokens.ts'
import { hydrateUser, type User } from './user.ts'

/**
 * Session of whoever holds this access token or API token, in the given workspace (see `reachOf`); one database command.
 *
 * @throws Unauthenticated when the token has run out, was revoked, or its account is switched off
 */
export async function authenticate(core: Core, token: string, workspace?: string): Promise<CallerSession> {
  if (isApiToken(token))
    return sessionFor(core, await callerOfToken(core, { hash: hashApiToken(token) }), workspace)
  const claims = await readAccessToken(core.config, token)
  if (!claims) throw new Unauthenticated('Your access token is wrong or has run out. Please sign in again.')
  return sessionOf(core, claims.session, workspace)
}

/** @throws Unauthenticated when the sign-in was ended */
export const sessionOf = async (core: Core, signIn: ObjectId, workspace?: string) =>
  (await sessionFor(core, await callerOf(core, signIn), workspace)) as PersonSession

/** What a signed URL is bound to: the sign-in or the API token of the session that it was made for. */
export const holderOf = ({ caller }: CallerSession): string =>
  caller.signIn ? `signIn-${caller.signIn.toHexString()}` : `token-${caller.token!.toHexString()}`

/** @throws Unauthenticated when the sign-in was ended or the token revoked */
export async function sessionOfHolder(
  core: Core,
  holder: string,
  workspace?: string,
): Promise<CallerSession> {
  const [, kind, id] = /^(signIn|token)-([0-9a-f]{24})$/.exec(holder) ?? []
  if (!kind) throw new Unauthenticated()
  const caller =
    kind === 'signIn' ? callerOf(core, new ObjectId(id)) : callerOfToken(core, { _id: new ObjectId(id) })
  return sessionFor(core, await caller, workspace)
}

async function sessionFor(
  core: Core,
  { name, ...caller }: Caller & { name: string },
  workspace?: string,
): Promise<CallerSession> {
  const id = caller.token ?? caller.user?._id ?? null
  const actor = { type: caller.token ? ('TOKEN' as const) : ('USER' as const), id, name }
  const reach = reachOf(caller, workspace)
  await assertTeamExists(core, caller, reach)
  return { ...openSession(core, actor, reach), caller }
}

/** Administrators may look into teams that they are not in, but not into some that are no more. */
async function assertTeamExists(core: Core, { teams }: Caller, { owner }: Reach) {
  if (owner?.type !== 'TEAM' || teams.some(({ team }) => team.equals(owner.principal))) return
  if (!(await teamsOf(core).countDocuments({ _id: owner.principal, disabledAt: null })))
    throw new NotFound('workspace')
}

/** The teams that a person is in, for the aggregation of a record whose `user` is the person. */
const withPerson = (id: string): Document[] => [
  { $lookup: { from: 'users', localField: id, foreignField: '_id', as: 'user' } },
  { $unwind: { path: '$user', preserveNullAndEmptyArrays: true } },
  {
    $lookup: {
      from: 'teams',
      localField: 'user._id',
      foreignField: 'access.principal',
      pipeline: [{ $match: { disabledAt: null } }, { $project: { access: 1 } }],
      as: 'teams',
    },
  },
]

interface Found {
  user?: User
  teams: { _id: ObjectId; access: Member[] }[]
}

const membershipsIn = ({ user, teams }: Found) =>
  user
    ? teams.map(({ _id, access }) => ({
        team: _id,
        level: access.find(({ principal }) => principal.equals(user._id))!.level,
      }))
    : []

async function callerOf(core: Core, signIn: ObjectId): Promise<Caller & { name: string }> {
  const found = await core.db
    .collection('authSessions')
    .aggregate<Found>(
      [
        { $match: { _id: signIn, expiresAt: { $gt: new Date() } } },
        ...withPerson('user'),
        { $project: { user: 1, teams: 1 } },
      ],
      { maxTimeMS: queryTimeoutMs },
    )
    .next()
  if (!found?.user) throw new Unauthenticated('Your sign-in has ended. Please sign in again.')
  assertEnabled(found.user)
  const user = hydrateUser(found.user)
  return {
    user,
    signIn,
    token: null,
    scope: 'ADMIN',
    teams: membershipsIn(found),
    administrator: user.administrator,
    confinedTo: null,
    name: user.name,
  }
}

const usedEveryMs = 60_000

async function callerOfToken(
  core: Core,
  by: { hash: string } | { _id: ObjectId },
): Promise<Caller & { name: string }> {
  const now = new Date()
  const found = await apiTokensOf(core)
    .aggregate<ApiToken & Found & { ofTeam: { disabledAt: Date | null; name: string }[] }>(
      [
        { $match: { ...by, expiresAt: { $gt: now } } },
        ...withPerson('owner.principal'),
        { $lookup: { from: 'teams', localField: 'owner.principal', foreignField: '_id', as: 'ofTeam' } },
      ],
      { maxTimeMS: queryTimeoutMs },
    )
    .next()
  if (!found) throw new Unauthenticated('This API token does not exist, was revoked or has run out.')
  if (!found.lastUsedAt || now.getTime() - found.lastUsedAt.getTime() > usedEveryMs)
    // Whoever waits for the answer need not wait for this.
    void apiTokensOf(core)
      .updateOne({ _id: found._id }, { $set: { lastUsedAt: now } })
      .catch(() => undefined)
  const common = { signIn: null, token: found._id, scope: found.level }
  if (found.owner.type === 'TEAM') {
    const [team] = found.ofTeam
    if (!team || team.disabledAt) throw new Unauthenticated('The team of this API token no longer exists.')
    const own = { team: found.owner.principal, level: found.level }
    return {
      ...common,
      user: null,
      teams: [own],
      administrator: false,
      confinedTo: own.team,
      name: `${team.name} (token ${found.name})`,
    }
  }
  if (!found.user) throw new Unauthenticated('The account of this API token no longer exists.')
  assertEnabled(found.user)
  const user = hydrateUser(found.user)
  const teams = membershipsIn(found)
  if (found.team && !teams.some(({ team }) => team.equals(found.team!)))
    throw new Unauthenticated('The person of this API token has left the team that it is for.')
  return {
    ...common,
    user,
    teams,
    administrator: user.administrator && found.level === 'ADMIN' && !found.team,
    confinedTo: found.team,
    name: `${user.name} (token ${found.name})`,
  }
}

function assertEnabled(user: User) {
  if (user.disabledAt) throw new Unauthenticated('This account is switched off. Ask an administrator.')
}
