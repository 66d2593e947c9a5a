import type { ObjectId } from 'mongodb'
import { type AccessLevel, covers } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { CoreError } from '../platform/errors.ts'
import { audit, AuditAction } from './audit.ts'
import { announceChanged } from './callerChanges.ts'
import { type Member, type Team, teamsOf } from './team.ts'
import { changeMembers } from './teams.ts'
import { principalOf, type User, usersOf } from './user.ts'

/** Puts a person into the teams of their groups, and out of those into which a group has brought them that they left. */
export async function followGroups(core: Core, user: User, groups: string[]): Promise<void> {
  const teams = await teamsOf(core)
    .find({
      disabledAt: null,
      $or: [
        { singleSignOnGroup: { $in: groups } },
        { access: { $elemMatch: { principal: user._id, bySingleSignOn: true } } },
      ],
    })
    .toArray()
  for (const team of teams)
    await followTeam(core, user, team, groups).catch((error: unknown) => {
      // A team that is full, or gone meanwhile, keeps nobody from signing in.
      if (!(error instanceof CoreError)) throw error
      core.log.warn({ team: team._id, user: user._id, problem: error.message }, 'A group was not followed')
    })
  await followAdministrators(core, user, groups)
  announceChanged(core, [user._id])
}

async function followTeam(core: Core, user: User, team: Team, groups: string[]) {
  const group = team.singleSignOnGroup
  const level = group && groups.includes(group) ? (team.singleSignOnLevel ?? 'READ') : null
  if (placed(team.access, user._id, level) === team.access) return
  await changeMembers(core, team._id, (members) => placed(members, user._id, level))
  await audit(core, AuditAction.TEAM_MEMBERS_CHANGED, {
    actor: provider(core),
    subject: { type: 'Team', id: team._id, name: team.name },
    detail: level ? `${user.name} is in by the group ${group}: ${level}` : `${user.name} left the group`,
  })
}

/** The members with the person at the level of their group, or without it; the same array when nothing changes. */
function placed(members: Member[], user: ObjectId, level: AccessLevel | null): Member[] {
  const before = members.find(({ principal }) => principal.equals(user))
  const after = membership(user, before && (before.bySingleSignOn ? before.byHand : before.level), level)
  if (
    before?.level === after?.level &&
    Boolean(before?.bySingleSignOn) === Boolean(after?.bySingleSignOn) &&
    before?.byHand === after?.byHand
  )
    return members
  const changed = [...members.filter((one) => one !== before), ...(after ? [after] : [])]
  // The last admin stays one: nobody else could look after the team.
  return changed.some(({ level }) => level === 'ADMIN') ? changed : members
}

/** A group lifts what was given by hand and never lowers it. */
function membership(
  user: ObjectId,
  byHand: AccessLevel | undefined,
  level: AccessLevel | null,
): Member | undefined {
  if (byHand && !(level && !covers(byHand, level))) return { ...principalOf(user), level: byHand }
  if (!level) return undefined
  return { ...principalOf(user), level, bySingleSignOn: true, ...(byHand && { byHand }) }
}

/** Takes away only what the group has given, and never from the last administrator. */
async function followAdministrators(core: Core, user: User, groups: string[]) {
  const group = core.config.OIDC_ADMINISTRATOR_GROUP
  if (!group) return
  const within = groups.includes(group)
  if (within === user.administrator || (!within && !user.administratorBySingleSignOn)) return
  const write = (is: boolean) =>
    usersOf(core).updateOne(
      { _id: user._id },
      { $set: { administrator: is, administratorBySingleSignOn: is || null } },
    )
  await write(within)
  if (!within && !(await usersOf(core).countDocuments({ administrator: true, disabledAt: null }))) {
    await write(true)
    return
  }
  user.administrator = within
  await audit(core, within ? AuditAction.USER_PROMOTED : AuditAction.USER_DEMOTED, {
    actor: provider(core),
    subject: { type: 'User', id: user._id, name: user.name },
    detail: `By the group ${group}`,
  })
}

const provider = ({ config }: Core) => ({ type: 'SYSTEM' as const, id: null, name: config.OIDC_NAME })
