import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { ApiToken } from '../../core/accounts/apiToken.ts'
import {
  createApiToken,
  findApiTokens,
  findApiTokensById,
  revokeApiToken,
} from '../../core/accounts/apiTokens.ts'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { Team } from '../../core/accounts/team.ts'
import type { AccessLevel } from '../../core/platform/access.ts'
import { ForwardArgs } from '../connection.ts'
import { Door } from '../doors.ts'
import { registerNodes } from '../node.ts'
import { payload } from '../userErrors.ts'
import { principalInfo } from './accessGrants.ts'
import { AccessLevels, PrincipalInfo } from './accessTypes.ts'
import {
  ApiTokenConnection,
  ApiTokenCreateInput,
  ApiTokenCreatePayload,
  ApiTokenPermissions,
  ApiTokenRevokeInput,
} from './administrationTypes.ts'
import { teamsById } from './teamResolver.ts'
import { DonePayload } from './types.ts'

registerNodes(['ApiToken'], async (session, ids) =>
  (session as CallerSession).caller.signIn ? findApiTokensById(session as CallerSession, ids) : [],
)

@Resolver(() => ApiToken)
export class TokensResolver {
  @Door('PERSON')
  @Query(() => ApiTokenConnection, {
    description: 'API tokens, newest first: your own, or those of a team that you administer.',
  })
  async apiTokens(
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Arg('owner', () => ID, { nullable: true, description: 'A User or Team; yourself unless given.' })
    owner: string | null | undefined,
    @Arg('all', () => Boolean, {
      nullable: true,
      description: 'Of everybody whose tokens you may revoke; for administrators all there are.',
    })
    all: boolean | null | undefined,
    @Ctx() session: CallerSession,
  ) {
    return ApiTokenConnection.from(await findApiTokens(session, { ...args, owner, all }))
  }

  @Door('PERSON')
  @Mutation(() => ApiTokenCreatePayload, {
    description: 'Makes an API token. The token itself is answered this once.',
  })
  apiTokenCreate(
    @Arg('input', () => ApiTokenCreateInput, { description: 'The token.' }) input: ApiTokenCreateInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(() => createApiToken(session, input))
  }

  @Door('PERSON')
  @Mutation(() => DonePayload, {
    description: 'Revokes an API token at once: its requests and its sockets end.',
  })
  apiTokenRevoke(
    @Arg('input', () => ApiTokenRevokeInput, { description: 'Which.' }) { id }: ApiTokenRevokeInput,
    @Ctx() session: CallerSession,
  ) {
    return payload(async () => {
      await revokeApiToken(session, id)
      return {}
    })
  }

  @FieldResolver(() => AccessLevels, { description: 'The most that it may do.' })
  level(@Root() { level }: ApiToken): AccessLevel {
    return level
  }

  @FieldResolver(() => PrincipalInfo, { description: 'As whom it acts.' })
  owner(@Root() { owner }: ApiToken, @Ctx() session: CallerSession) {
    return principalInfo(session, owner)
  }

  @FieldResolver(() => Team, {
    nullable: true,
    description:
      "The one team whose things it reaches; null: whatever its owner reaches, or a team's own token.",
  })
  team(@Root() { team }: ApiToken, @Ctx() session: CallerSession) {
    return team && teamsById(session).load(team)
  }

  @FieldResolver(() => ApiTokenPermissions, { description: 'What you may do with it.' })
  viewerCan(@Ctx() { caller }: CallerSession): ApiTokenPermissions {
    // Whoever sees a token may revoke it.
    return { revoke: caller.signIn !== null }
  }
}
