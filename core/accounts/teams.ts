import { type Filter, ObjectId } from 'mongodb'
import { type AccessLevel, covers, lower } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { listCollation, queryTimeoutMs } from '../platform/database.ts'
import { Conflict, fault, Forbidden, NotFound, Unavailable } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'
import { escapedText } from '../platform/text.ts'
import { AuditAction, auditOfSession } from './audit.ts'
import { dropAvatar, keepAvatar } from './avatars.ts'
import { assertMayWrite, type CallerSession, isAdministrator, levelInTeam } from './caller.ts'
import { announceChanged } from './callerChanges.ts'
import { checkEmail, checkName, checkText, checkUrl, Faults } from './fields.ts'
import { getPerson } from './people.ts'
import { hydrateTeam, type Member, Team, teamsOf } from './team.ts'
import { principalOf } from './user.ts'

const maxMembers = 1000

/** Condition of the teams that the caller may know: their own; for administrators all. */
const known = (session: CallerSession): Filter<Team> =>
  isAdministrator(session)
    ? { disabledAt: null }
    : { disabledAt: null, _id: { $in: session.caller.teams.map(({ team }) => team) } }

/** What the caller may do to a team; null when nothing but see it. */
export function levelOver(session: CallerSession, team: ObjectId): AccessLevel | null {
  if (isAdministrator(session)) return 'ADMIN'
  const level = levelInTeam(session, team)
  return level && lower(level, session.caller.scope)
}

/** Teams by name. */
export async function findTeams(
  session: CallerSession,
  args: PageArgs & { text?: string | null },
): Promise<Page<Team>> {
  const text = args.text?.trim().slice(0, 200)
  const filter = text
    ? { $and: [known(session), { name: { $regex: escapedText(text), $options: 'i' } }] }
    : known(session)
  const page = await findPage(
    teamsOf(session.core),
    filter as Filter<Team>,
    [{ field: 'name', direction: 1 }],
    args,
    {
      collation: listCollation,
    },
  )
  return mapPage(page, hydrateTeam)
}

/** Those of the teams that the caller may know, in one command. */
export async function findTeamsById(session: CallerSession, ids: readonly ObjectId[]): Promise<Team[]> {
  const found = await teamsOf(session.core)
    .find({ $and: [{ _id: { $in: [...ids] } }, known(session)] } as Filter<Team>, {
      maxTimeMS: queryTimeoutMs,
    })
    .batchSize(ids.length + 1)
    .toArray()
  return found.map(hydrateTeam)
}

/** Teams that the caller may know and that one of these people is in, by name. */
export async function findTeamsOf(session: CallerSession, people: readonly ObjectId[]): Promise<Team[]> {
  const found = await teamsOf(session.core)
    .find({ $and: [{ 'access.principal': { $in: [...people] } }, known(session)] } as Filter<Team>, {
      maxTimeMS: queryTimeoutMs,
      collation: listCollation,
      batchSize: 10_000,
    })
    .sort({ name: 1, _id: 1 })
    .toArray()
  return found.map(hydrateTeam)
}

/** @throws UserFault with FORBIDDEN when the caller may see the team, but not do this */
export async function getTeam(
  session: CallerSession,
  id: string,
  level: AccessLevel = 'READ',
): Promise<Team> {
  const [team] = await findTeamsById(session, [decodeId(id, 'Team').id])
  if (!team) throw new NotFound('team', id)
  const own = levelOver(session, team._id)
  if (!own || !covers(own, level))
    throw fault('FORBIDDEN', null, `You may see the team ${team.name}, but not do this to it.`)
  return team
}

export interface TeamInput {
  name?: string | null
  email?: string | null
  url?: string | null
  /** Id of an upload. */
  avatar?: string | null
  singleSignOnGroup?: string | null
  singleSignOnLevel?: AccessLevel | null
}

function checkedTeam(session: Session, input: TeamInput, creating: boolean): Partial<Team> {
  const faults = new Faults()
  const changes: Partial<Team> = {}
  if (creating || input.name != null) changes.name = checkName(faults, input.name ?? '')
  if (input.email !== undefined) changes.email = input.email?.trim() ? checkEmail(faults, input.email) : null
  if (input.url !== undefined) changes.url = checkUrl(faults, 'url', input.url)
  if (input.singleSignOnGroup !== undefined) {
    // Whoever names a group decides who gets in, from outside of the team.
    faults.expect(
      isAdministrator(session),
      'FORBIDDEN',
      'singleSignOnGroup',
      'Only administrators connect a team with a group of the single sign-on.',
    )
    changes.singleSignOnGroup = checkText(faults, 'singleSignOnGroup', input.singleSignOnGroup, 200)
    changes.singleSignOnLevel = changes.singleSignOnGroup ? (input.singleSignOnLevel ?? 'READ') : null
  }
  faults.throwIfAny()
  return changes
}

/** Whoever makes a team is its first admin. */
export async function createTeam(session: CallerSession, input: TeamInput): Promise<Team> {
  assertMayWrite(session)
  const { user } = session.caller
  if (!user || session.caller.confinedTo) throw new Forbidden('A token of one team cannot make another.')
  const team = Object.assign(new Team(), {
    _id: new ObjectId(),
    email: null,
    url: null,
    singleSignOnGroup: null,
    singleSignOnLevel: null,
    ...checkedTeam(session, input, true),
    avatar: input.avatar ? await keepAvatar(session, input.avatar) : null,
    access: [{ ...principalOf(user._id), level: 'ADMIN' }],
    createdBy: user._id,
    disabledAt: null,
    version: 1,
    createdAt: session.now,
  })
  await teamsOf(session.core).insertOne({ ...team } as Team)
  announceChanged(session.core, [user._id])
  await auditOfSession(session, AuditAction.TEAM_CREATED, { subject: subjectOf(team) })
  // Whoever goes on in this request is in the team already.
  session.caller.teams.push({ team: team._id, level: 'ADMIN' })
  return team
}

const subjectOf = ({ _id, name }: Team) => ({ type: 'Team', id: _id, name })

/** Absent stays, null clears. @throws Conflict when the team has moved on */
export async function updateTeam(
  session: CallerSession,
  { id, version, ...input }: TeamInput & { id: string; version: number },
): Promise<Team> {
  const team = await getTeam(session, id, 'ADMIN')
  const changes = checkedTeam(session, input, false)
  if (input.avatar !== undefined) changes.avatar = input.avatar && (await keepAvatar(session, input.avatar))
  const saved = await teamsOf(session.core).findOneAndUpdate(
    { _id: team._id, version, disabledAt: null },
    { $set: changes, $inc: { version: 1 } },
    { returnDocument: 'after' },
  )
  if (!saved) throw new Conflict([id], [])
  if (input.avatar !== undefined) await dropAvatar(session.core, team.avatar)
  await auditOfSession(session, AuditAction.TEAM_CHANGED, {
    subject: subjectOf(team),
    detail: Object.keys(changes).join(', '),
  })
  return hydrateTeam(saved)
}

export interface MembersInput {
  id: string
  set?: { user: string; level: AccessLevel }[] | null
  remove?: string[] | null
}

/** New members have to be people whom the caller knows; others are invited by mail. */
export async function updateMembers(session: CallerSession, input: MembersInput): Promise<Team> {
  const team = await getTeam(session, input.id, 'ADMIN')
  const removed = (input.remove ?? []).map((user) => decodeId(user, 'User').id)
  const set = new Map<string, Member>()
  for (const { user, level } of input.set ?? []) {
    const id = decodeId(user, 'User').id
    const known = team.access.some(({ principal }) => principal.equals(id))
    if (!known) await getPerson(session, user, ['set'])
    set.set(id.toHexString(), { ...principalOf(id), level })
  }
  const saved = await changeMembers(session.core, team._id, (members) => [
    ...members.filter(
      ({ principal }) => !set.has(principal.toHexString()) && !removed.some((one) => one.equals(principal)),
    ),
    ...set.values(),
  ])
  announceChanged(session.core, [...removed, ...[...set.values()].map(({ principal }) => principal)])
  await auditOfSession(session, AuditAction.TEAM_MEMBERS_CHANGED, {
    subject: subjectOf(team),
    detail: `${set.size} set, ${removed.length} removed`,
  })
  return saved
}

export async function leaveTeam(session: CallerSession, id: string): Promise<void> {
  const team = await getTeam(session, id)
  assertMayWrite(session)
  const me = session.caller.user?._id
  if (!me || !team.access.some(({ principal }) => principal.equals(me)))
    throw fault('INVALID', 'id', 'You are not a member of this team.')
  await changeMembers(session.core, team._id, (members) =>
    members.filter(({ principal }) => !principal.equals(me)),
  )
  announceChanged(session.core, [me])
  await auditOfSession(session, AuditAction.TEAM_MEMBERS_CHANGED, {
    subject: subjectOf(team),
    detail: `${session.actor.name} left`,
  })
}

/** The same level or a higher one than the person has. */
export const addMember = (core: Core, team: ObjectId, user: ObjectId, level: AccessLevel): Promise<Team> =>
  changeMembers(core, team, (members) => {
    const before = members.find(({ principal }) => principal.equals(user))
    if (before && covers(before.level, level)) return members
    return [...members.filter((one) => one !== before), { ...principalOf(user), level }]
  })

const maxAttempts = 20

/**
 * Writes the members that follow from the present ones, however many do so at once.
 *
 * @throws UserFault when no admin would be left
 */
export async function changeMembers(
  core: Core,
  id: ObjectId,
  change: (members: Member[]) => Member[],
): Promise<Team> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const team = await teamsOf(core).findOne({ _id: id, disabledAt: null })
    if (!team) throw new NotFound('team')
    const access = change(team.access)
    if (!access.some(({ level }) => level === 'ADMIN'))
      throw fault('REQUIRED', null, `${team.name} would have no admin left. Make somebody else one first.`)
    if (access.length > maxMembers)
      throw fault('LIMIT_REACHED', null, `A team may have ${maxMembers} members.`)
    const saved = await teamsOf(core).findOneAndUpdate(
      { _id: id, version: team.version },
      { $set: { access }, $inc: { version: 1 } },
      { returnDocument: 'after' },
    )
    if (saved) return hydrateTeam(saved)
  }
  throw new Unavailable('Too many people are changing this team at once. Please try again.')
}
