import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { type CallerSession, levelInTeam } from '../../core/accounts/caller.ts'
import { beginTeamDeletion, readHeir } from '../../core/accounts/deletion.ts'
import { fileUrl } from '../../core/accounts/fileUrls.ts'
import { Team, teamPrincipal } from '../../core/accounts/team.ts'
import {
  createTeam,
  findTeams,
  findTeamsById,
  getTeam,
  leaveTeam,
  levelOver,
  updateMembers,
  updateTeam,
} from '../../core/accounts/teams.ts'
import { type AccessLevel, covers } from '../../core/platform/access.ts'
import { slicePage } from '../../core/platform/page.ts'
import { requestHandover } from '../../core/runs/request.ts'
import { byId } from '../byId.ts'
import { ForwardArgs } from '../connection.ts'
import { Door } from '../doors.ts'
import { registerNodes } from '../node.ts'
import { payload } from '../userErrors.ts'
import { AccessLevels } from './accessTypes.ts'
import {
  DeletionPayload,
  TeamConnection,
  TeamCreateInput,
  TeamDeleteInput,
  TeamLeaveInput,
  type TeamMember,
  TeamMemberConnection,
  TeamMembersUpdateInput,
  TeamPayload,
  TeamPermissions,
  TeamUpdateInput,
} from './teamTypes.ts'
import { DonePayload } from './types.ts'
import { peopleById } from './userFields.ts'

registerNodes(['Team'], (session, ids) => findTeamsById(session as CallerSession, ids))

export const teamsById = byId('teams by id', (session, ids) => findTeamsById(session as CallerSession, ids))

@Resolver(() => Team)
export class TeamsResolver {
  @Query(() => TeamConnection, { description: 'Your teams, by name; for administrators all.' })
  async teams(
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Arg('text', () => String, { nullable: true, description: 'Part of a name.' })
    text: string | null | undefined,
    @Ctx() session: CallerSession,
  ) {
    return TeamConnection.from(await findTeams(session, { ...args, text }))
  }

  @Query(() => Team, { nullable: true, description: 'One team.' })
  team(@Arg('id', () => ID, { description: 'Id of the team.' }) id: string, @Ctx() session: CallerSession) {
    return getTeam(session, id)
  }

  @Mutation(() => TeamPayload, { description: 'Makes a team.' })
  teamCreate(
    @Arg('input', () => TeamCreateInput, { description: 'The team.' }) input: TeamCreateInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ team: await createTeam(session, input) }))
  }

  @Mutation(() => TeamPayload, { description: 'Changes what a team tells about itself. For its admins.' })
  teamUpdate(
    @Arg('input', () => TeamUpdateInput, { description: 'The changes.' }) input: TeamUpdateInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ team: await updateTeam(session, input) }))
  }

  @Mutation(() => TeamPayload, {
    description: 'Decides who is in a team. For its admins; one admin always stays.',
  })
  teamMembersUpdate(
    @Arg('input', () => TeamMembersUpdateInput, { description: 'Who.' }) input: TeamMembersUpdateInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ team: await updateMembers(session, input) }))
  }

  @Door('PERSON')
  @Mutation(() => DonePayload, { description: 'Takes you out of a team.' })
  teamLeave(
    @Arg('input', () => TeamLeaveInput, { description: 'Which.' }) { id }: TeamLeaveInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => {
      await leaveTeam(session, id)
      return {}
    })
  }

  @Door('PERSON')
  @Mutation(() => DeletionPayload, {
    description:
      'Deletes a team. For its admins. Members lose at once what they had by it; the heir gets it.',
  })
  teamDelete(
    @Arg('input', () => TeamDeleteInput, { description: 'Which, and who inherits.' }) input: TeamDeleteInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => {
      const heir = await readHeir(session, input.id, input.heir)
      const team = await beginTeamDeletion(session, input.id)
      return { run: await requestHandover(session, { ...teamPrincipal(team._id), name: team.name }, heir) }
    })
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Path of the picture on this server, for some minutes and for you.',
  })
  avatarUrl(@Root() { avatar }: Team, @Ctx() session: CallerSession) {
    return avatar ? fileUrl(session, avatar) : null
  }

  @FieldResolver(() => Int, { description: 'How many people are in it.' })
  memberCount(@Root() { access }: Team) {
    return access.length
  }

  @FieldResolver(() => TeamMemberConnection, {
    description: 'Who is in it, in the order in which they came.',
  })
  async members(
    @Root() { access }: Team,
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Ctx() session: CallerSession,
  ) {
    const page = slicePage(access, args, ({ principal }) => principal.toHexString())
    const people = peopleById(session)
    const edges = await Promise.all(
      page.edges.map(async ({ cursor, node }) => ({
        cursor,
        node: {
          user: await people.load(node.principal),
          level: node.level,
          fromSingleSignOn: node.bySingleSignOn ?? false,
        } satisfies TeamMember,
      })),
    )
    return TeamMemberConnection.from({ ...page, edges })
  }

  @FieldResolver(() => AccessLevels, {
    nullable: true,
    description: 'Level of members who come by the group of the single sign-on.',
  })
  singleSignOnLevel(@Root() { singleSignOnLevel }: Team): AccessLevel | null {
    return singleSignOnLevel
  }

  @FieldResolver(() => AccessLevels, {
    nullable: true,
    description: 'Your level in the team; null when you are not in it.',
  })
  viewerLevel(@Root() { _id }: Team, @Ctx() session: CallerSession): AccessLevel | null {
    return levelInTeam(session, _id)
  }

  @FieldResolver(() => TeamPermissions, { description: 'What you may do with it.' })
  viewerCan(@Root() { _id }: Team, @Ctx() session: CallerSession): TeamPermissions {
    const level = levelOver(session, _id)
    const administer = level !== null && covers(level, 'ADMIN')
    return {
      update: administer,
      manageMembers: administer,
      delete: administer && session.caller.signIn !== null,
    }
  }
}
