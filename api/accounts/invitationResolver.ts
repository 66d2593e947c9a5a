import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { Invitation } from '../../core/accounts/invitation.ts'
import {
  acceptInvitation,
  findInvitations,
  findInvitationsById,
  inviteUser,
  previewInvitation,
  resendInvitation,
  revokeInvitation,
} from '../../core/accounts/invitations.ts'
import { Team } from '../../core/accounts/team.ts'
import type { AccessLevel } from '../../core/platform/access.ts'
import { ForwardArgs } from '../connection.ts'
import type { Visit } from '../context.ts'
import { Door } from '../doors.ts'
import { registerNodes } from '../node.ts'
import { payload } from '../userErrors.ts'
import { AccessLevels } from './accessTypes.ts'
import {
  InvitationAcceptInput,
  InvitationAcceptPayload,
  InvitationConnection,
  InvitationPayload,
  InvitationPermissions,
  InvitationPreviewType,
  InvitationRefInput,
  UserInviteInput,
} from './administrationTypes.ts'
import { teamsById } from './teamResolver.ts'
import { DonePayload } from './types.ts'

registerNodes(['Invitation'], async (session, ids) =>
  (session as CallerSession).caller.signIn ? findInvitationsById(session as CallerSession, ids) : [],
)

@Resolver(() => Invitation)
export class InvitationsResolver {
  @Door('PERSON')
  @Query(() => InvitationConnection, {
    description: 'Open invitations, newest first: into teams that you administer; for administrators all.',
  })
  async invitations(
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Arg('team', () => ID, { nullable: true, description: 'Only into this team.' })
    team: string | null | undefined,
    @Ctx() session: CallerSession,
  ) {
    return InvitationConnection.from(await findInvitations(session, args, team))
  }

  @Door('ANYBODY')
  @Query(() => InvitationPreviewType, {
    nullable: true,
    description: 'What an invitation says to whoever holds its link; null when the link is worth nothing.',
  })
  invitation(
    @Arg('token', () => String, { description: 'Secret of the link.' }) token: string,
    @Ctx() { core, address }: Visit,
  ) {
    return previewInvitation(core, token, address)
  }

  @Door('PERSON')
  @Mutation(() => InvitationPayload, {
    description: 'Mails an invitation: administrators to anybody, admins of a team into their team.',
  })
  userInvite(
    @Arg('input', () => UserInviteInput, { description: 'Whom, and into what.' }) input: UserInviteInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ invitation: await inviteUser(session, input) }))
  }

  @Door('PERSON')
  @Mutation(() => DonePayload, {
    description: 'Takes an invitation back: its link is worth nothing from now on.',
  })
  invitationRevoke(
    @Arg('input', () => InvitationRefInput, { description: 'Which.' }) { id }: InvitationRefInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => {
      await revokeInvitation(session, id)
      return {}
    })
  }

  @Door('PERSON')
  @Mutation(() => InvitationPayload, {
    description: 'Mails a new link in the place of the one that was sent before.',
  })
  invitationResend(
    @Arg('input', () => InvitationRefInput, { description: 'Which.' }) { id }: InvitationRefInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ invitation: await resendInvitation(session, id) }))
  }

  @Door('PERSON')
  @Mutation(() => InvitationAcceptPayload, {
    description: 'Accepts an invitation that was sent to your address.',
  })
  invitationAccept(
    @Arg('input', () => InvitationAcceptInput, { description: 'Its link.' }) { token }: InvitationAcceptInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => ({ team: await acceptInvitation(session, token) }))
  }

  @FieldResolver(() => Team, { nullable: true, description: 'Team to join; null for an account alone.' })
  team(@Root() { team }: Invitation, @Ctx() session: CallerSession) {
    return team && teamsById(session).load(team)
  }

  @FieldResolver(() => AccessLevels, { nullable: true, description: 'Level in the team.' })
  level(@Root() { level }: Invitation): AccessLevel | null {
    return level
  }

  @FieldResolver(() => InvitationPermissions, { description: 'What you may do with it.' })
  viewerCan(@Ctx() { caller }: CallerSession): InvitationPermissions {
    // Whoever sees an invitation may take it back.
    return { revoke: caller.signIn !== null }
  }
}
