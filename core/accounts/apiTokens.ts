import { type Filter, ObjectId } from 'mongodb'
import { type AccessLevel, covers, type Principal } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { fault, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'
import { ApiToken, apiTokensOf, hydrateApiToken } from './apiToken.ts'
import { AuditAction, auditOfSession } from './audit.ts'
import { assertSignedIn, type CallerSession, isAdministrator, levelInTeam } from './caller.ts'
import { announceEnded } from './callerChanges.ts'
import { checkName, Faults } from './fields.ts'
import { teamPrincipal } from './team.ts'
import { getTeam } from './teams.ts'
import { hashApiToken, newApiToken } from './tokens.ts'
import { principalOf } from './user.ts'

const maxDays = 366
const maxTokens = 100

export interface ApiTokenInput {
  name: string
  level: AccessLevel
  /** Confines it to the things of one team. */
  team?: string | null
  /** A team that is to own it; the person who makes it unless given. */
  owner?: string | null
  expiresAt: Date
}

/** A person makes it while signed in: no token makes another. @returns the token itself, this once */
export async function createApiToken(
  session: Session,
  input: ApiTokenInput,
): Promise<{ apiToken: ApiToken; secret: string }> {
  assertSignedIn(session)
  const { core, caller, now } = session
  const faults = new Faults()
  const name = checkName(faults, input.name, 1)
  const latest = new Date(now.getTime() + maxDays * 24 * 3600 * 1000)
  faults.expect(input.expiresAt > now, 'INVALID', 'expiresAt', 'The day on which it runs out must lie ahead.')
  faults.expect(input.expiresAt <= latest, 'INVALID', 'expiresAt', 'A token may live a year at most.')
  faults.expect(!input.owner || !input.team, 'INVALID', 'team', "A team's own token reaches that team only.")
  faults.throwIfAny()
  const ownerTeam = input.owner ? await getTeam(session, input.owner, 'ADMIN') : null
  const team = input.team ? await getTeam(session, input.team) : null
  if (team && !levelInTeam(session, team._id))
    throw fault('INVALID', 'team', 'You are not a member of this team.')
  const owner = ownerTeam ? teamPrincipal(ownerTeam._id) : principalOf(caller.user._id)
  if ((await apiTokensOf(core).countDocuments({ 'owner.principal': owner.principal })) >= maxTokens)
    throw fault(
      'LIMIT_REACHED',
      null,
      `There may be ${maxTokens} tokens. Revoke some that are no longer used.`,
    )
  const secret = newApiToken()
  const apiToken = Object.assign(new ApiToken(), {
    _id: new ObjectId(),
    name,
    hash: hashApiToken(secret),
    hint: `${secret.slice(0, 13)}…`,
    owner,
    level: input.level,
    team: team?._id ?? null,
    createdByName: caller.user.name,
    createdAt: now,
    expiresAt: input.expiresAt,
    lastUsedAt: null,
  })
  await apiTokensOf(core).insertOne({ ...apiToken } as ApiToken)
  await auditOfSession(session, AuditAction.TOKEN_CREATED, {
    subject: { type: 'ApiToken', id: apiToken._id, name },
    detail: [input.level, ownerTeam && `owned by ${ownerTeam.name}`, team && `only ${team.name}`]
      .filter(Boolean)
      .join(', '),
  })
  return { apiToken, secret }
}

/** Own tokens and those of teams whose admin one is; for administrators all. */
function manageable(session: CallerSession): Filter<ApiToken> {
  if (isAdministrator(session)) return {}
  const { user, teams, scope } = session.caller
  const led = covers(scope, 'ADMIN')
    ? teams.filter(({ level }) => level === 'ADMIN').map(({ team }) => team)
    : []
  return { 'owner.principal': { $in: [...(user ? [user._id] : []), ...led] } } as Filter<ApiToken>
}

/** Tokens of a person or team, newest first; the person's own unless another owner is named. */
export async function findApiTokens(
  session: Session,
  args: PageArgs & { owner?: string | null; all?: boolean | null },
): Promise<Page<ApiToken>> {
  assertSignedIn(session)
  const owner = args.owner ? decodeId(args.owner, 'User', 'Team').id : session.caller.user._id
  const filter = {
    $and: [manageable(session), args.all && !args.owner ? {} : { 'owner.principal': owner }],
  } as Filter<ApiToken>
  const page = await findPage(apiTokensOf(session.core), filter, [{ field: '_id', direction: -1 }], args)
  return mapPage(page, hydrateApiToken)
}

export const findApiTokensById = async (
  session: CallerSession,
  ids: readonly ObjectId[],
): Promise<ApiToken[]> =>
  (
    await apiTokensOf(session.core)
      .find({ $and: [{ _id: { $in: [...ids] } }, manageable(session)] } as Filter<ApiToken>)
      .toArray()
  ).map(hydrateApiToken)

/** Holds from the next request on; sockets that were opened with it end. */
export async function revokeApiToken(session: Session, id: string): Promise<void> {
  assertSignedIn(session)
  const [token] = await findApiTokensById(session, [decodeId(id, 'ApiToken').id])
  if (!token) throw new NotFound('API token', id)
  await apiTokensOf(session.core).deleteOne({ _id: token._id })
  announceEnded(session.core, [token._id])
  await auditOfSession(session, AuditAction.TOKEN_REVOKED, {
    subject: { type: 'ApiToken', id: token._id, name: token.name },
  })
}

/** All tokens of a person or team that goes, and those that are confined to the team. */
export async function revokeTokensOf(core: Core, { principal }: Principal): Promise<void> {
  const found = await apiTokensOf(core)
    .find({ $or: [{ 'owner.principal': principal }, { team: principal }] } as Filter<ApiToken>, {
      projection: { _id: 1 },
    })
    .toArray()
  const ids = found.map(({ _id }) => _id)
  await apiTokensOf(core).deleteMany({ _id: { $in: ids } })
  announceEnded(core, ids)
}

export const sweepApiTokens = (core: Core) =>
  apiTokensOf(core).deleteMany({ expiresAt: { $lte: new Date() } })
