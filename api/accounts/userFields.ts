import { Arg, Args, Ctx, Field, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql'
import type { ObjectId } from 'mongodb'
import { type CallerSession, isAdministrator } from '../../core/accounts/caller.ts'
import { fileUrl } from '../../core/accounts/fileUrls.ts'
import { findPeople, findPeopleById, getPerson } from '../../core/accounts/people.ts'
import { needsSecondFactor } from '../../core/accounts/secondFactor.ts'
import { Team } from '../../core/accounts/team.ts'
import { findTeamsOf } from '../../core/accounts/teams.ts'
import { User } from '../../core/accounts/user.ts'
import { themes } from '../../core/platform/config.ts'
import { byId } from '../byId.ts'
import { connectionType, ForwardArgs } from '../connection.ts'
import { loader } from '../loaders.ts'
import { registerNodes } from '../node.ts'
import { Modes, Themes } from './profileTypes.ts'

export const UserConnection = connectionType(User)

registerNodes(['User'], (session, ids) => findPeopleById(session as CallerSession, ids))

export const peopleById = byId('people by id', (session, ids) =>
  findPeopleById(session as CallerSession, ids),
)

@ObjectType({ description: 'What you may do with an account.' })
class UserPermissions {
  @Field(() => Boolean, { description: 'Change what it tells: your own only.' })
  update!: boolean

  @Field(() => Boolean, { description: 'Switch it off and on, make it an administrator, reset it.' })
  administer!: boolean

  @Field(() => Boolean, { description: 'Delete it; somebody inherits what it has.' })
  delete!: boolean
}

/** What of a person is for themselves and for administrators. */
const isConfidant = (session: CallerSession, user: User) =>
  isAdministrator(session) || (session.caller.user?._id.equals(user._id) ?? false)

@Resolver(() => User)
export class UserFieldsResolver {
  @Query(() => UserConnection, {
    description: 'People whom you may know, by name: those in teams with you; for administrators everybody.',
  })
  async users(
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Arg('text', () => String, { nullable: true, description: 'Part of a name or address.' })
    text: string | null | undefined,
    @Arg('disabled', () => Boolean, {
      nullable: true,
      description: 'Only accounts that are switched off, or only others.',
    })
    disabled: boolean | null | undefined,
    @Ctx() session: CallerSession,
  ) {
    return UserConnection.from(await findPeople(session, { ...args, text, disabled }))
  }

  @Query(() => User, { nullable: true, description: 'One person.' })
  user(@Arg('id', () => ID, { description: 'Id of the person.' }) id: string, @Ctx() session: CallerSession) {
    return getPerson(session, id)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Path of the picture on this server, for some minutes and for you.',
  })
  avatarUrl(@Root() { avatar }: User, @Ctx() session: CallerSession) {
    return avatar && session.caller ? fileUrl(session, avatar) : null
  }

  @FieldResolver(() => Boolean, { description: 'Switched off: signs in no more.' })
  disabled(@Root() { disabledAt }: User) {
    return Boolean(disabledAt)
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether codes of an authenticator are needed to sign in. For the person and administrators.',
  })
  secondFactor(@Root() user: User, @Ctx() session: CallerSession) {
    return session.caller && isConfidant(session, user) ? needsSecondFactor(user) : null
  }

  @FieldResolver(() => Date, {
    nullable: true,
    description: 'When the person last signed in. For the person and administrators.',
  })
  lastSignInAt(@Root() user: User, @Ctx() session: CallerSession) {
    return session.caller && isConfidant(session, user) ? user.lastSignInAt : null
  }

  @FieldResolver(() => Themes, { nullable: true, description: 'Own choice of colours; null for others.' })
  theme(@Root() user: User, @Ctx() session: CallerSession) {
    const own = session.caller?.user?._id.equals(user._id)
    return own && (themes as readonly string[]).includes(user.theme ?? '') ? user.theme : null
  }

  @FieldResolver(() => Modes, { nullable: true, description: 'Own choice of brightness; null for others.' })
  mode(@Root() user: User, @Ctx() session: CallerSession) {
    return session.caller?.user?._id.equals(user._id) ? user.mode : null
  }

  @FieldResolver(() => [Team], { description: 'Teams of the person that you may know, by name.' })
  teams(@Root() user: User, @Ctx() session: CallerSession) {
    if (!session.caller) return []
    return loader<ObjectId, Team[]>(
      session,
      'teams of people',
      async (ids) => {
        const teams = await findTeamsOf(session, ids)
        return ids.map((id) => teams.filter(({ access }) => access.some((one) => one.principal.equals(id))))
      },
      (id) => id.toHexString(),
    ).load(user._id)
  }

  @FieldResolver(() => UserPermissions, { description: 'What you may do with the account.' })
  viewerCan(@Root() user: User, @Ctx() session: CallerSession): UserPermissions {
    const own = (session.caller?.signIn && session.caller.user?._id.equals(user._id)) ?? false
    const administer = isAdministrator(session)
    return { update: own, administer, delete: own || administer }
  }
}
