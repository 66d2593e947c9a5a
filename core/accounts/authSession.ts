import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { OptionalProps } from '@mikro-orm/mongodb'
import { ObjectId } from 'mongodb'
import { Field, GraphQLISODateTime, ObjectType } from 'type-graphql'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'

@Entity({ collection: 'authSessions' })
@ObjectType('SignIn', {
  implements: Node,
  description: 'A browser in which somebody is signed in. Ending it takes effect at once.',
})
export class AuthSession extends Node {
  [OptionalProps]?: '_id' | 'generation' | 'createdAt'

  @PrimaryKey({ type: 'ObjectId' })
  _id: ObjectId = new ObjectId()

  @Property({ type: 'ObjectId' })
  @Index()
  user!: ObjectId

  /** Hash of the secret that all refresh tokens of this session share. */
  @Property({ type: 'string' })
  @Unique()
  familyHash!: string

  /** Counts the refresh tokens; only the newest is good. */
  @Property({ type: 'integer' })
  generation: number = 1

  @Field(() => GraphQLISODateTime, {
    name: 'lastUsedAt',
    description: 'When it was last in use, to a quarter of an hour.',
  })
  @Property({ type: 'Date' })
  rotatedAt!: Date

  @Field(() => GraphQLISODateTime, { description: 'When it began.' })
  @Property({ type: 'Date' })
  createdAt: Date = new Date()

  @Field(() => GraphQLISODateTime, { description: 'When it ends if it is not used until then.' })
  @Property({ type: 'Date' })
  @Index()
  expiresAt!: Date

  @Field(() => String, { nullable: true, description: 'What the browser calls itself.' })
  @Property({ type: 'string', nullable: true })
  userAgent?: string | null

  @Field(() => String, { nullable: true, description: 'Network address from which it began.' })
  @Property({ type: 'string', nullable: true })
  address?: string | null

  override globalId(): string {
    return encodeId('SignIn', this._id)
  }
}
