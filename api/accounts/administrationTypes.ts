import { Field, Float, GraphQLISODateTime, ID, InputType, Int, ObjectType } from 'type-graphql'
import { ApiToken } from '../../core/accounts/apiToken.ts'
import { AuditAction, AuditEntry } from '../../core/accounts/audit.ts'
import { Invitation } from '../../core/accounts/invitation.ts'
import type { AccessLevel } from '../../core/platform/access.ts'
import { connectionType } from '../connection.ts'
import { Payload } from '../userErrors.ts'
import { AccessLevels } from './accessTypes.ts'
import { Team } from '../../core/accounts/team.ts'

export const ApiTokenConnection = connectionType(ApiToken)
export const InvitationConnection = connectionType(Invitation)
export const AuditConnection = connectionType(AuditEntry, 'Audit')

@InputType({ description: 'A new API token.' })
export class ApiTokenCreateInput {
  @Field(() => String, { description: 'What it is for; 1 to 100 characters.' })
  name!: string

  @Field(() => AccessLevels, {
    description: 'The most that it may do: READ reads only. Never more than its owner may.',
  })
  level!: AccessLevel

  @Field(() => ID, { nullable: true, description: 'A team of yours, to reach the things of that team only.' })
  team?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'A team that is to own it, so that it outlives your membership.',
  })
  owner?: string | null

  @Field(() => GraphQLISODateTime, { description: 'When it runs out; within a year.' })
  expiresAt!: Date
}

@ObjectType({ description: 'Answer to making an API token.' })
export class ApiTokenCreatePayload extends Payload {
  @Field(() => ApiToken, { nullable: true, description: 'What is kept of it.' })
  apiToken?: ApiToken | null

  @Field(() => String, {
    nullable: true,
    description: 'The token itself: send it as `authorization: Bearer …`. Shown this once.',
  })
  secret?: string | null
}

@InputType({ description: 'An API token to revoke.' })
export class ApiTokenRevokeInput {
  @Field(() => ID, { description: 'Which token.' })
  id!: string
}

@ObjectType({ description: 'What you may do with an API token.' })
export class ApiTokenPermissions {
  @Field(() => Boolean, { description: 'Revoke it.' })
  revoke!: boolean
}

@InputType({ description: 'Whom to invite.' })
export class UserInviteInput {
  @Field(() => String, { description: 'Address that the invitation is sent to.' })
  email!: string

  @Field(() => ID, { nullable: true, description: 'Team to join. Only administrators may leave it out.' })
  team?: string | null

  @Field(() => AccessLevels, { nullable: true, description: 'Level in the team; needed with a team.' })
  level?: AccessLevel | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'As an administrator of the installation. For administrators.',
  })
  administrator?: boolean | null
}

@InputType({ description: 'Which invitation.' })
export class InvitationRefInput {
  @Field(() => ID, { description: 'Id of the invitation.' })
  id!: string
}

@InputType({ description: 'An invitation to accept.' })
export class InvitationAcceptInput {
  @Field(() => String, { description: 'Secret of its link.' })
  token!: string
}

@ObjectType({ description: 'Answer to inviting somebody.' })
export class InvitationPayload extends Payload {
  @Field(() => Invitation, { nullable: true, description: 'The invitation; null when it was not accepted.' })
  invitation?: Invitation | null
}

@ObjectType({ description: 'Answer to accepting an invitation.' })
export class InvitationAcceptPayload extends Payload {
  @Field(() => Team, { nullable: true, description: 'The team that you are in now, if it was for one.' })
  team?: Team | null
}

@ObjectType({ description: 'What an invitation says to whoever holds its link.' })
export class InvitationPreviewType {
  @Field(() => String, { description: 'Address that it was sent to.' })
  email!: string

  @Field(() => String, { nullable: true, description: 'Name of the team to join, if any.' })
  team!: string | null

  @Field(() => String, { description: 'Who has invited.' })
  invitedBy!: string

  @Field(() => GraphQLISODateTime, { description: 'When it runs out.' })
  expiresAt!: Date

  @Field(() => Boolean, {
    description: 'Whether the address has an account, to sign in with rather than make one.',
  })
  hasAccount!: boolean
}

@ObjectType({ description: 'What you may do with an invitation.' })
export class InvitationPermissions {
  @Field(() => Boolean, { description: 'Take it back, or send it again.' })
  revoke!: boolean
}

@InputType({ description: 'What to change about an account. For administrators.' })
export class UserUpdateInput {
  @Field(() => ID, { description: 'Whose.' })
  id!: string

  @Field(() => Boolean, { nullable: true, description: 'Whether it is an administrator. One always stays.' })
  administrator?: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'true: signs in no more, and is signed out at once.' })
  disabled?: boolean | null
}

@InputType({ description: 'Whose account.' })
export class UserRefInput {
  @Field(() => ID, { description: 'Id of the person.' })
  id!: string
}

@InputType({ description: 'An account to delete.' })
export class UserDeleteInput {
  @Field(() => ID, { description: 'Whose: your own, or for administrators anybody.' })
  id!: string

  @Field(() => ID, { description: 'The User or Team that inherits what it has.' })
  heir!: string
}

@InputType({ description: 'Which lines of the audit.' })
export class AuditFilter {
  @Field(() => [AuditAction], { nullable: true, description: 'One of these actions.' })
  actions?: AuditAction[] | null

  @Field(() => String, { nullable: true, description: 'Contained in who, whom, detail or address.' })
  text?: string | null
}

@ObjectType({ description: 'A part of the installation, and its version.' })
export class VersionInfo {
  @Field(() => String, { description: 'Name of the part.' })
  name!: string

  @Field(() => String, { description: 'Its version.' })
  version!: string
}

@ObjectType({ description: 'A collection of the database.' })
export class CollectionInfo {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => Float, { description: 'How many records it has.' })
  count!: number

  @Field(() => Float, { description: 'Size of its records in bytes, before compression.' })
  sizeBytes!: number

  @Field(() => Float, { description: 'Size of its indexes in bytes.' })
  indexBytes!: number
}

@ObjectType({ description: 'A queue of work for the workers.' })
export class QueueInfo {
  @Field(() => String, { description: 'Kind of work.' })
  name!: string

  @Field(() => Int, { description: 'Waiting for a worker.' })
  waiting!: number

  @Field(() => Int, { description: 'In the hands of a worker.' })
  active!: number

  @Field(() => Int, { description: 'Waiting for its time.' })
  delayed!: number

  @Field(() => Int, { description: 'Workers that listen.' })
  workers!: number
}

@ObjectType({ description: 'How this installation is doing. For administrators.' })
export class SystemInfo {
  @Field(() => [VersionInfo], { description: 'Versions of everything.' })
  versions!: VersionInfo[]

  @Field(() => [CollectionInfo], { description: 'Collections of the database, largest first.' })
  collections!: CollectionInfo[]

  @Field(() => [QueueInfo], { description: 'Queues of work.' })
  queues!: QueueInfo[]

  @Field(() => String, { description: 'Where files are kept.' })
  files!: string

  @Field(() => String, {
    nullable: true,
    description: 'Server that sends the mails; null: they are kept in the outbox.',
  })
  mailServer!: string | null
}
