import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { Team } from '../../core/accounts/team.ts'
import { User } from '../../core/accounts/user.ts'
import type { AccessLevel } from '../../core/platform/access.ts'
import { Run } from '../../core/runs/run.ts'
import { connectionType } from '../connection.ts'
import { Payload } from '../userErrors.ts'
import { AccessLevels } from './accessTypes.ts'

export const TeamConnection = connectionType(Team)

@ObjectType({ description: 'A person in a team.' })
export class TeamMember {
  @Field(() => User, { nullable: true, description: 'The person; null when the account is gone.' })
  user!: User | null

  @Field(() => AccessLevels, {
    description: 'How much of what the team may do the person may do. ADMIN: also manage the team.',
  })
  level!: AccessLevel

  @Field(() => Boolean, { description: 'Came by a group of the single sign-on, and goes with it.' })
  fromSingleSignOn!: boolean
}

export const TeamMemberConnection = connectionType(TeamMember)

@ObjectType({ description: 'What you may do with a team.' })
export class TeamPermissions {
  @Field(() => Boolean, { description: 'Change what it tells about itself.' })
  update!: boolean

  @Field(() => Boolean, { description: 'Decide who is in it, and make tokens for it.' })
  manageMembers!: boolean

  @Field(() => Boolean, { description: 'Delete it; somebody inherits what it has.' })
  delete!: boolean
}

@InputType({ description: 'What a team tells about itself, besides its name.' })
abstract class TeamFields {
  @Field(() => String, { nullable: true, description: 'Where it is reached by mail.' })
  email?: string | null

  @Field(() => String, { nullable: true, description: 'Its page; http or https.' })
  url?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'An upload with its picture: JPEG, PNG, GIF or WebP, at most 5 MiB.',
  })
  avatar?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Group of the single sign-on whose people become members when they sign in. For administrators.',
  })
  singleSignOnGroup?: string | null

  @Field(() => AccessLevels, {
    nullable: true,
    description: 'Level of members who come by the group; READ unless given.',
  })
  singleSignOnLevel?: AccessLevel | null
}

@InputType({ description: 'A new team. You are its first admin.' })
export class TeamCreateInput extends TeamFields {
  @Field(() => String, { description: 'What people call it; 3 to 100 characters.' })
  name!: string
}

@InputType({ description: 'What to change about a team. Absent = leave as it is, null = clear.' })
export class TeamUpdateInput extends TeamFields {
  @Field(() => ID, { description: 'Which team.' })
  id!: string

  @Field(() => Int, { description: 'The version that you have seen.' })
  version!: number

  @Field(() => String, { nullable: true, description: 'What people call it; 3 to 100 characters.' })
  name?: string | null
}

@InputType({ description: 'A member to add, or to give another level.' })
export class TeamMemberInput {
  @Field(() => ID, { description: 'A person whom you know; others are invited by mail.' })
  user!: string

  @Field(() => AccessLevels, { description: 'What the person may do in the team.' })
  level!: AccessLevel
}

@InputType({ description: 'A change of the members of a team. Who is not named stays as they are.' })
export class TeamMembersUpdateInput {
  @Field(() => ID, { description: 'Which team.' })
  id!: string

  @Field(() => [TeamMemberInput], {
    nullable: true,
    description: 'Members to add, or to give another level.',
  })
  set?: TeamMemberInput[] | null

  @Field(() => [ID], { nullable: true, description: 'People to take out of the team.' })
  remove?: string[] | null
}

@InputType({ description: 'A team to leave.' })
export class TeamLeaveInput {
  @Field(() => ID, { description: 'Which team.' })
  id!: string
}

@InputType({ description: 'A team to delete.' })
export class TeamDeleteInput {
  @Field(() => ID, { description: 'Which team.' })
  id!: string

  @Field(() => ID, { description: 'The User or Team that inherits what it has.' })
  heir!: string
}

@ObjectType({ description: 'Answer to a change of a team.' })
export class TeamPayload extends Payload {
  @Field(() => Team, { nullable: true, description: 'The team as it is now; null when it was not accepted.' })
  team?: Team | null
}

@ObjectType({ description: 'Answer to deleting an account or team.' })
export class DeletionPayload extends Payload {
  @Field(() => Run, {
    nullable: true,
    description: 'Hands everything over; the record goes when it has ended.',
  })
  run?: Run | null
}
