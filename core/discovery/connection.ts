import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, Int, ObjectType } from 'type-graphql'
import type { AccessEntry } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'
import type { Sealed } from '../platform/secrets.ts'

@ObjectType({
  implements: Node,
  description: 'A place to read an estate from: an account of a cloud, or files.',
})
@Entity({ collection: 'connections' })
@Index({ properties: ['datacenter'] })
@Index({ properties: ['access.principal', 'name', '_id'] as never })
export class Connection extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'string' })
  workspace!: string

  @Field(() => String, { description: 'What people call it.' })
  @Property({ type: 'string' })
  name!: string

  @Field(() => String, { description: 'Which crawler reads it, such as AWS.' })
  @Property({ type: 'string' })
  provider!: string

  /** Datacenter that its servers are located in. */
  @Property({ type: 'ObjectId' })
  datacenter!: ObjectId

  @Field(() => [String], { description: 'Regions that are read; empty where the source has none.' })
  @Property({ type: 'json' })
  regions!: string[]

  @Field(() => Boolean, { description: 'Whether it may be synced.' })
  @Property({ type: 'boolean' })
  enabled!: boolean

  /** Settings that are not secret, by field name. */
  @Property({ type: 'json' })
  settings!: Record<string, string>

  /** Secret settings, encrypted; never answered, never logged. */
  @Property({ type: 'json' })
  secrets!: Record<string, Sealed>

  @Property({ type: 'json' })
  uploads!: ObjectId[]

  @Field(() => String, {
    nullable: true,
    description: 'Account that the key belongs to, known after the first test or sync.',
  })
  @Property({ type: 'string', nullable: true })
  account!: string | null

  /** Who may see and change it; also the template for what it discovers. */
  @Property({ type: 'json' })
  access!: AccessEntry[]

  @Property({ type: 'string' })
  createdByName!: string

  @Field(() => Int, { description: 'Grows with every change; send it back when you update.' })
  @Property({ type: 'integer' })
  version!: number

  @Field(() => Date, { description: 'When it was added.' })
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => Date, { description: 'When it was last changed.' })
  @Property({ type: 'datetime' })
  updatedAt!: Date

  override globalId(): string {
    return encodeId('Connection', this._id)
  }

  @Field(() => String, { nullable: true, description: 'Who added it.', name: 'createdBy' })
  createdBy(): string {
    return this.createdByName
  }

  @Field(() => [String], {
    description: 'Names of the secrets that are stored; their values never leave the server.',
    name: 'secretsSet',
  })
  secretsSet(): string[] {
    return Object.keys(this.secrets)
  }
}

export const connectionsOf = (core: Core): Collection<Connection> => core.db.collection('connections')

export const hydrateConnection = (record: object): Connection =>
  Object.assign(Object.create(Connection.prototype as object) as Connection, record)
