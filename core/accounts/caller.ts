import type { ObjectId } from 'mongodb'
import { type AccessLevel, covers, type Grant, lower, nothing, type Reach } from '../platform/access.ts'
import { Forbidden, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { principalOf, type User } from './user.ts'
import { teamPrincipal } from './team.ts'

export interface Membership {
  team: ObjectId
  level: AccessLevel
}

/** Who stands behind a session: a person who is signed in, or a token. Updated in place while a socket is open. */
export interface Caller {
  /** Null for a token that belongs to a team. */
  user: User | null
  /** The sign-in; null for a token. */
  signIn: ObjectId | null
  token: ObjectId | null
  /** Highest level that the token passes on; ADMIN for a person who is signed in. */
  scope: AccessLevel
  teams: Membership[]
  /** May manage the installation itself. */
  administrator: boolean
  /** The one team that a token is confined to. */
  confinedTo: ObjectId | null
}

/** A session with somebody behind it. */
export interface CallerSession extends Session {
  caller: Caller
}

/** A session of a person who is known by name, whether signed in or by a token of theirs. */
export interface PersonSession extends CallerSession {
  caller: Caller & { user: User }
}

/**
 * What a caller reaches in a workspace: `everything`, `mine`, or a team by its id.
 *
 * @throws NotFound when the workspace is a team that the caller is not in
 */
export function reachOf(caller: Caller, workspace: string | undefined): Reach {
  const { user, scope, teams, confinedTo } = caller
  const ofTeam = ({ team, level }: Membership): Grant => ({ principal: team, level: lower(level, scope) })
  const inTeam = (team: ObjectId): Reach => {
    const membership =
      teams.find((one) => one.team.equals(team)) ??
      (caller.administrator ? { team, level: 'ADMIN' as const } : undefined)
    if (!membership) throw new NotFound('workspace')
    return { everything: null, grants: [ofTeam(membership)], owner: teamPrincipal(team) }
  }
  const wanted = readWorkspace(workspace)
  if (confinedTo) {
    if (wanted && !(wanted !== 'mine' && wanted.equals(confinedTo))) throw new NotFound('workspace')
    return inTeam(confinedTo)
  }
  if (wanted && wanted !== 'mine') return inTeam(wanted)
  if (!user) return nothing
  const own: Grant = { principal: user._id, level: scope }
  const owner = principalOf(user._id)
  if (wanted === 'mine') return { everything: null, grants: [own], owner }
  return {
    everything: user.administrator ? scope : null,
    grants: [own, ...teams.map(ofTeam)],
    owner,
  }
}

/** Undefined for all that the caller reaches. */
function readWorkspace(workspace: string | undefined): 'mine' | ObjectId | undefined {
  if (!workspace || workspace === 'everything') return undefined
  return workspace === 'mine' ? 'mine' : decodeId(workspace, 'Team').id
}

/** Level at which the caller is a member of a team; null for others. Product administrators are not members by that. */
export const levelInTeam = ({ caller }: CallerSession, team: ObjectId): AccessLevel | null =>
  caller.teams.find((one) => one.team.equals(team))?.level ?? null

/** @throws Forbidden for a token, however powerful: what secures an account is changed by its person alone */
export function assertSignedIn(
  session: Session,
): asserts session is PersonSession & { caller: { signIn: ObjectId } } {
  const { caller } = session as Partial<CallerSession>
  if (!caller?.user || !caller.signIn)
    throw new Forbidden('An API token cannot do this. Sign in as a person.')
}

/** @throws Forbidden for everybody else */
export function assertAdministrator(session: Session): asserts session is CallerSession {
  if (!isAdministrator(session)) throw new Forbidden('Only administrators of this installation may do this.')
}

export const isAdministrator = (session: Session): boolean =>
  (session as Partial<CallerSession>).caller?.administrator ?? false

/** @throws Forbidden for a token that may only read */
export function assertMayWrite(session: Session) {
  const { caller } = session as Partial<CallerSession>
  if (caller && !covers(caller.scope, 'WRITE'))
    throw new Forbidden('This API token may only read. Use one with the level WRITE or ADMIN.')
}
