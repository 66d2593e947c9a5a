import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { OptionalProps } from '@mikro-orm/mongodb'
import { ObjectId } from 'mongodb'
import { Field, GraphQLISODateTime, ObjectType } from 'type-graphql'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'

@Entity({ collection: 'users' })
@Unique({ properties: ['founder'], options: { partialFilterExpression: { founder: true } } })
@ObjectType({ implements: Node, description: 'A person with an account.' })
export class User extends Node {
  [OptionalProps]?: '_id' | 'administrator' | 'founder' | 'createdAt' | 'principal'

  @PrimaryKey({ type: 'ObjectId' })
  _id: ObjectId = new ObjectId()

  @Field(() => String, { description: 'Name as the person wrote it; 3 to 100 characters.' })
  @Property({ type: 'string' })
  name!: string

  @Field(() => String, { description: 'Address to sign in with, in lower case.' })
  @Property({ type: 'string' })
  @Unique()
  email!: string

  @Property({ type: 'string', hidden: true })
  passwordHash!: string

  @Field(() => Boolean, { description: 'May manage the installation itself. The first account is one.' })
  @Property({ type: 'boolean' })
  administrator: boolean = false

  /** Set on the very first account only; unique, so that two first sign-ups at once make one administrator. */
  @Property({ type: 'boolean', nullable: true, hidden: true })
  founder?: boolean

  @Field(() => GraphQLISODateTime, { description: 'When the account was made.' })
  @Property({ type: 'Date' })
  @Index()
  createdAt: Date = new Date()

  override globalId() {
    return encodeId('User', this._id)
  }

  /** How access lists name this person. */
  get principal(): string {
    return principalOf(this._id)
  }
}

export const principalOf = (user: ObjectId) => `user:${user.toHexString()}`
