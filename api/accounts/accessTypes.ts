import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'
import type { AccessLevel, Principal } from '../../core/platform/access.ts'
import { ChangeSet } from '../../core/history/records.ts'
import { Run } from '../../core/runs/run.ts'
import { AssetsFilterInput, type OneOfKinds } from '../inventory/choiceInput.ts'
import { Payload } from '../userErrors.ts'

export const AccessLevels: { [Level in AccessLevel]: Level } = {
  READ: 'READ',
  WRITE: 'WRITE',
  ADMIN: 'ADMIN',
}
registerEnumType(AccessLevels, {
  name: 'AccessLevel',
  description: 'What somebody may do. Each level includes the ones before.',
  valuesConfig: {
    READ: { description: 'See it, with its history.' },
    WRITE: { description: 'Change it, relate it, run it.' },
    ADMIN: { description: 'Retire it, and decide who may see and change it.' },
  },
})

export const PrincipalTypes: { [Type in Principal['type']]: Type } = { USER: 'USER', TEAM: 'TEAM' }
registerEnumType(PrincipalTypes, {
  name: 'PrincipalType',
  description: 'Whom an access list names.',
  valuesConfig: { USER: { description: 'A person.' }, TEAM: { description: 'A team.' } },
})

@ObjectType({ description: 'A person or team, as access lists and owners are told.' })
export class PrincipalInfo {
  @Field(() => ID, { description: 'Id of the User or Team.' })
  id!: string

  @Field(() => PrincipalTypes, { description: 'Person or team.' })
  type!: Principal['type']

  @Field(() => String, { nullable: true, description: 'Name; null when it is not one that you may know.' })
  name!: string | null

  @Field(() => String, { nullable: true, description: 'E-mail address, to tell people of one name apart.' })
  detail?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Path of the picture on this server, for some minutes and for you.',
  })
  avatarUrl?: string | null
}

@ObjectType({ description: 'One entry of an access list.' })
export class AccessGrant extends PrincipalInfo {
  @Field(() => AccessLevels, {
    description: 'What it may do. Members of a team may do no more than their level in the team.',
  })
  level!: AccessLevel

  @Field(() => Boolean, { description: 'Whether it is you, or a team that you are in.' })
  self!: boolean
}

@InputType({ description: 'What somebody is to be allowed.' })
export class AccessEntryInput {
  @Field(() => ID, { description: 'Id of a User or Team that you know.' })
  principal!: string

  @Field(() => AccessLevels, { description: 'What it may do from now on.' })
  level!: AccessLevel
}

@InputType({
  description: 'A change of who may see and change things. Entries that are not named stay as they are.',
})
export class AccessUpdateInput {
  @Field(() => [ID], {
    nullable: true,
    description:
      'Up to 10,000 assets, or up to 200 connections; all are changed, or none. More than 200 assets by a run.',
  })
  ids?: string[] | null

  @Field(() => AssetsFilterInput, { nullable: true, description: 'Instead: all assets that fit.' })
  filter?: OneOfKinds | null

  @Field(() => [AccessEntryInput], {
    nullable: true,
    description: 'Entries to add, or to give another level.',
  })
  set?: AccessEntryInput[] | null

  @Field(() => [ID], { nullable: true, description: 'Users and Teams to take off the lists.' })
  remove?: string[] | null
}

@ObjectType({ description: 'Answer to a change of access lists.' })
export class AccessUpdatePayload extends Payload {
  @Field(() => ChangeSet, {
    nullable: true,
    description:
      'What was written into history; null for connections, when nothing differed, or a run will do it.',
  })
  changeSet?: ChangeSet | null

  @Field(() => Run, { nullable: true, description: 'The run that does it, for more than 200 assets.' })
  run?: Run | null
}
