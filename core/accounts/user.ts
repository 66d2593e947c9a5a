import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { OptionalProps } from '@mikro-orm/mongodb'
import { type Collection, ObjectId } from 'mongodb'
import { Field, GraphQLISODateTime, ObjectType } from 'type-graphql'
import type { Principal } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'
import type { Sealed } from '../platform/secrets.ts'

/** What a person has told about themselves; all of it optional. */
export const profileFields = ['fullName', 'phone', 'company', 'job', 'country', 'city', 'address'] as const
export type ProfileField = (typeof profileFields)[number]

/** A time-based one-time password (RFC 6238), in use once it was confirmed with a first code. */
export interface SecondFactor {
  secret: Sealed
  confirmedAt: Date | null
  /** Time step of the last code that was accepted; it and older ones are not accepted again. */
  lastStep: number
  /** Hashes of the recovery codes that are left. */
  recovery: string[]
}

@Entity({ collection: 'users' })
@Unique({ properties: ['founder'], options: { partialFilterExpression: { founder: true } } })
@Unique({ properties: ['subject'], options: { partialFilterExpression: { subject: { $type: 'string' } } } })
@Index({
  properties: ['name', '_id'] as never,
  options: { collation: { locale: 'en', strength: 2, numericOrdering: true } },
})
@ObjectType({ implements: Node, description: 'A person with an account.' })
export class User extends Node {
  [OptionalProps]?: '_id' | 'administrator' | 'founder' | 'createdAt'

  @PrimaryKey({ type: 'ObjectId' })
  _id: ObjectId = new ObjectId()

  @Field(() => String, { description: 'Name as the person wrote it; 3 to 100 characters.' })
  @Property({ type: 'string' })
  name!: string

  @Field(() => String, { description: 'Address to sign in with, in lower case.' })
  @Property({ type: 'string' })
  @Unique()
  email!: string

  /** Absent where the person signs in by single sign-on alone. */
  @Property({ type: 'string', hidden: true, nullable: true })
  passwordHash?: string | null

  @Field(() => Boolean, { description: 'May manage the installation itself. The first account is one.' })
  @Property({ type: 'boolean' })
  administrator: boolean = false

  /** Set on the very first account only; unique, so that two first sign-ups at once make one administrator. */
  @Property({ type: 'boolean', nullable: true, hidden: true })
  founder?: boolean

  @Field(() => String, { nullable: true, description: 'Full name; at most 200 characters.' })
  @Property({ type: 'string', nullable: true })
  fullName?: string | null

  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  @Property({ type: 'string', nullable: true })
  phone?: string | null

  @Field(() => String, { nullable: true, description: 'Company.' })
  @Property({ type: 'string', nullable: true })
  company?: string | null

  @Field(() => String, { nullable: true, description: 'What the person does.' })
  @Property({ type: 'string', nullable: true })
  job?: string | null

  @Field(() => String, { nullable: true, description: 'Country.' })
  @Property({ type: 'string', nullable: true })
  country?: string | null

  @Field(() => String, { nullable: true, description: 'City.' })
  @Property({ type: 'string', nullable: true })
  city?: string | null

  @Field(() => String, { nullable: true, description: 'Street and number, room, desk.' })
  @Property({ type: 'string', nullable: true })
  address?: string | null

  /** Key of the picture in the file store. */
  @Property({ type: 'string', nullable: true })
  avatar?: string | null

  /** Own choice of colours; absent: as the installation has it. */
  @Property({ type: 'string', nullable: true })
  theme?: string | null

  /** light, dark, or absent: as the system has it. */
  @Property({ type: 'string', nullable: true })
  mode?: string | null

  @Property({ type: 'json', nullable: true, hidden: true })
  secondFactor?: SecondFactor | null

  /** Who the person is for the single sign-on: issuer and subject. */
  @Property({ type: 'string', nullable: true, hidden: true })
  subject?: string | null

  /** Became an administrator by a group of the single sign-on, and is one no longer without it. */
  @Property({ type: 'boolean', nullable: true, hidden: true })
  administratorBySingleSignOn?: boolean | null

  /** Signs in no more, and nobody may name the account in an access list. */
  @Property({ type: 'Date', nullable: true })
  disabledAt?: Date | null

  @Property({ type: 'Date', nullable: true })
  lastSignInAt?: Date | null

  @Field(() => GraphQLISODateTime, { description: 'When the account was made.' })
  @Property({ type: 'Date' })
  @Index()
  createdAt: Date = new Date()

  override globalId() {
    return encodeId('User', this._id)
  }
}

export const usersOf = (core: Core): Collection<User> => core.db.collection('users')

/** A stored person as an instance of the class. */
export const hydrateUser = (record: object): User => Object.assign(new User(), record)

/** How access lists name a person. */
export const principalOf = (user: ObjectId): Principal => ({ type: 'USER', principal: user })
