import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, GraphQLISODateTime, ObjectType } from 'type-graphql'
import type { AccessLevel, Principal } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'

@ObjectType({ implements: Node, description: 'A key for scripts: it acts as its owner, within its level.' })
@Entity({ collection: 'apiTokens' })
@Index({ properties: ['owner.principal', '_id'] as never })
@Index({ properties: ['team'] })
export class ApiToken extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Field(() => String, { description: 'What it is for; 1 to 100 characters.' })
  @Property({ type: 'string' })
  name!: string

  /** The token itself is shown once and never kept. */
  @Property({ type: 'string' })
  @Unique()
  hash!: string

  @Field(() => String, { description: 'How it begins, to tell tokens apart.' })
  @Property({ type: 'string' })
  hint!: string

  /** A person, or a team that keeps it when people leave. */
  @Property({ type: 'json' })
  owner!: Principal

  @Property({ type: 'string' })
  level!: AccessLevel

  /** The one team whose things it reaches; null: whatever its owner reaches. */
  @Property({ type: 'ObjectId', nullable: true })
  team!: ObjectId | null

  @Field(() => String, { description: 'Who has made it.', name: 'createdBy' })
  @Property({ type: 'string' })
  createdByName!: string

  @Field(() => GraphQLISODateTime, { description: 'When it was made.' })
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => GraphQLISODateTime, { description: 'When it runs out.' })
  @Property({ type: 'datetime' })
  @Index()
  expiresAt!: Date

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When it was last used, to the minute; null: never.',
  })
  @Property({ type: 'datetime', nullable: true })
  lastUsedAt!: Date | null

  override globalId(): string {
    return encodeId('ApiToken', this._id)
  }
}

export const apiTokensOf = (core: Core): Collection<ApiToken> => core.db.collection('apiTokens')

export const hydrateApiToken = (record: object): ApiToken => Object.assign(new ApiToken(), record)
