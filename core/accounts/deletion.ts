import { type ObjectId } from 'mongodb'
import type { AccessLevel, Principal } from '../platform/access.ts'
import { fault } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { revokeTokensOf } from './apiTokens.ts'
import { AuditAction, auditOfSession } from './audit.ts'
import { dropAvatar } from './avatars.ts'
import type { CallerSession } from './caller.ts'
import { announceChanged } from './callerChanges.ts'
import { invitationsOf } from './invitation.ts'
import { getPrincipal } from './principals.ts'
import { type Team, teamsOf } from './team.ts'
import { addMember, changeMembers, getTeam } from './teams.ts'
import { usersOf } from './user.ts'

/** @throws UserFault at `heir` when it is nobody whom the caller may know, or the one who goes */
export async function readHeir(session: CallerSession, gone: string, heir: string): Promise<Principal> {
  const { type, id } = decodeId(heir, 'User', 'Team')
  const goes = decodeId(gone, 'User', 'Team')
  if (goes.id.equals(id)) throw fault('INVALID', 'heir', 'Somebody else has to inherit.')
  const principal: Principal = { type: type === 'Team' ? 'TEAM' : 'USER', principal: id }
  await getPrincipal(session, principal, ['heir'])
  if (goes.type === 'User' && type === 'Team') await assertNotLastAdmin(session, goes.id)
  return principal
}

/** A team cannot be a member of a team, so it cannot inherit the care for one. */
async function assertNotLastAdmin({ core }: Session, user: ObjectId) {
  const led = await teamsOf(core)
    .find({ 'access.principal': user, disabledAt: null } as never)
    .toArray()
  const orphaned = led.filter(
    ({ access }) => !access.some(({ principal, level }) => level === 'ADMIN' && !principal.equals(user)),
  )
  if (orphaned.length)
    throw fault(
      'IN_USE',
      'heir',
      `${orphaned.map(({ name }) => name).join(', ')} would have no admin left. Choose a person, or make somebody else an admin of it first.`,
    )
}

/** Nobody acts through the team any more; the record goes when everything is handed over. */
export async function beginTeamDeletion(session: CallerSession, id: string): Promise<Team> {
  const team = await getTeam(session, id, 'ADMIN')
  const { core } = session
  await teamsOf(core).updateOne(
    { _id: team._id },
    { $set: { disabledAt: session.now }, $inc: { version: 1 } },
  )
  await invitationsOf(core).deleteMany({ team: team._id })
  await revokeTokensOf(core, { type: 'TEAM', principal: team._id })
  announceChanged(
    core,
    team.access.map(({ principal }) => principal),
  )
  await auditOfSession(session, AuditAction.TEAM_DELETED, {
    subject: { type: 'Team', id: team._id, name: team.name },
  })
  return team
}

/** The last of a person or team: memberships, tokens, picture, record. May be done twice. */
export async function finishDeletion(session: Session, gone: Principal, heir: Principal): Promise<void> {
  const { core } = session
  await revokeTokensOf(core, gone)
  if (gone.type === 'USER') await leaveTeams(session, gone.principal, heir)
  const removed = await (
    gone.type === 'USER' ? usersOf(core) : (teamsOf(core) as never as ReturnType<typeof usersOf>)
  ).findOneAndDelete({
    _id: gone.principal,
  })
  await dropAvatar(core, removed?.avatar)
}

async function leaveTeams({ core }: Session, user: ObjectId, heir: Principal) {
  const teams = await teamsOf(core)
    .find({ 'access.principal': user } as never)
    .toArray()
  for (const { _id, access } of teams) {
    const admins = access.filter(({ level }) => level === ('ADMIN' satisfies AccessLevel))
    const last = admins.length === 1 && admins[0]!.principal.equals(user)
    if (last && heir.type === 'USER') {
      await addMember(core, _id, heir.principal, 'ADMIN')
      announceChanged(core, [heir.principal])
    }
    await changeMembers(core, _id, (members) => members.filter(({ principal }) => !principal.equals(user)))
  }
}
