import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, GraphQLISODateTime, Int, ObjectType } from 'type-graphql'
import type { AccessEntry, AccessLevel, Principal } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'

/** A person in a team, and how much of what the team may do the person may do. */
export interface Member extends AccessEntry {
  /** Came by a group of the single sign-on, and goes with it. */
  bySingleSignOn?: boolean
  /** What the person had before a group of the single sign-on gave more. */
  byHand?: AccessLevel
}

@ObjectType({ implements: Node, description: 'People who look after the same things.' })
@Entity({ collection: 'teams' })
@Index({ properties: ['access.principal'] as never })
@Index({
  properties: ['name', '_id'] as never,
  options: { collation: { locale: 'en', strength: 2, numericOrdering: true } },
})
export class Team extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Field(() => String, { description: 'What people call it; 3 to 100 characters.' })
  @Property({ type: 'string' })
  name!: string

  @Field(() => String, { nullable: true, description: 'Where the team is reached by mail.' })
  @Property({ type: 'string', nullable: true })
  email!: string | null

  @Field(() => String, { nullable: true, description: 'Page of the team, such as its wiki.' })
  @Property({ type: 'string', nullable: true })
  url!: string | null

  /** Key of the picture in the file store. */
  @Property({ type: 'string', nullable: true })
  avatar!: string | null

  /** The members: at once who may see and change the team. */
  @Property({ type: 'json' })
  access!: Member[]

  @Field(() => String, {
    nullable: true,
    description: 'Group of the single sign-on whose people are members by themselves.',
  })
  @Property({ type: 'string', nullable: true })
  @Index()
  singleSignOnGroup!: string | null

  @Property({ type: 'string', nullable: true })
  singleSignOnLevel!: AccessLevel | null

  @Property({ type: 'ObjectId' })
  createdBy!: ObjectId

  /** Set while its things are being handed over; nobody may name it any more. */
  @Property({ type: 'datetime', nullable: true })
  disabledAt!: Date | null

  @Field(() => Int, { description: 'Grows with every change; send it back when you update.' })
  @Property({ type: 'integer' })
  version!: number

  @Field(() => GraphQLISODateTime, { description: 'When it was made.' })
  @Property({ type: 'datetime' })
  createdAt!: Date

  override globalId(): string {
    return encodeId('Team', this._id)
  }
}

export const teamsOf = (core: Core): Collection<Team> => core.db.collection('teams')

/** A stored team as an instance of the class. */
export const hydrateTeam = (record: object): Team => Object.assign(new Team(), record)

/** How access lists name a team. */
export const teamPrincipal = (team: ObjectId): Principal => ({ type: 'TEAM', principal: team })
