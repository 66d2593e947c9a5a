import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, GraphQLISODateTime, ObjectType } from 'type-graphql'
import type { AccessLevel } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'

@ObjectType({ implements: Node, description: 'A mail that lets somebody in, once, by the link in it.' })
@Entity({ collection: 'invitations' })
@Index({ properties: ['team', '_id'] })
export class Invitation extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  /** Of the secret in the link. */
  @Property({ type: 'string' })
  @Unique()
  hash!: string

  @Field(() => String, {
    description: 'Address that it was sent to; only an account with this address may accept it.',
  })
  @Property({ type: 'string' })
  email!: string

  /** Team to join; null for an account alone. */
  @Property({ type: 'ObjectId', nullable: true })
  team!: ObjectId | null

  @Property({ type: 'string', nullable: true })
  level!: AccessLevel | null

  @Field(() => Boolean, { description: 'Whether the person becomes an administrator of the installation.' })
  @Property({ type: 'boolean' })
  administrator!: boolean

  @Property({ type: 'ObjectId' })
  by!: ObjectId

  @Field(() => String, { description: 'Who has invited.', name: 'invitedBy' })
  @Property({ type: 'string' })
  byName!: string

  @Field(() => GraphQLISODateTime, { description: 'When it was sent.' })
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => GraphQLISODateTime, { description: 'When its link runs out.' })
  @Property({ type: 'datetime' })
  @Index()
  expiresAt!: Date

  override globalId(): string {
    return encodeId('Invitation', this._id)
  }
}

export const invitationsOf = (core: Core): Collection<Invitation> => core.db.collection('invitations')

export const hydrateInvitation = (record: object): Invitation => Object.assign(new Invitation(), record)
