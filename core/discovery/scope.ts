import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, ID, ObjectType } from 'type-graphql'
import type { Core } from '../platform/core.ts'

/** Only a scope whose listing completed may mark things missing; how fresh they are follows from it, too. */
@ObjectType({ description: 'Connection × region × resource: what is listed, and swept, as one.' })
@Entity({ collection: 'scopes' })
@Index({ properties: ['connection'] })
export class Scope {
  @Field(() => ID, { description: 'Id of the scope.', name: 'id' })
  @PrimaryKey({ type: 'string' })
  _id!: string

  @Property({ type: 'ObjectId' })
  connection!: ObjectId

  @Field(() => String, { nullable: true, description: 'Region; null where the source has none.' })
  @Property({ type: 'string', nullable: true })
  region!: string | null

  @Field(() => String, { description: 'What is listed, such as instances.' })
  @Property({ type: 'string' })
  resource!: string

  @Field(() => Date, { nullable: true, description: 'When its listing last began that came to its end.' })
  @Property({ type: 'datetime', nullable: true })
  lastCompleteAt?: Date

  @Property({ type: 'ObjectId', nullable: true })
  lastRun?: ObjectId
}

export const scopesOf = (core: Core): Collection<Scope> => core.db.collection('scopes')

export const scopeId = (connection: ObjectId, region: string | null, resource: string) =>
  `${connection.toHexString()}/${region ?? '*'}/${resource}`

/** Scopes of these connections, in one command. */
export const findScopes = async (core: Core, connections: readonly ObjectId[]): Promise<Scope[]> =>
  (
    await scopesOf(core)
      .find({ connection: { $in: connections } })
      .sort({ _id: 1 })
      .toArray()
  ).map((scope) => Object.assign(new Scope(), scope))
