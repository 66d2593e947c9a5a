import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import type { Document, ObjectId } from 'mongodb'
import { Field, Int, ObjectType } from 'type-graphql'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'
import { RelationProperties } from './relationKinds.ts'

/** A directed edge between two assets. It is closed, never deleted, so that any past graph can be read by a filter. */
@ObjectType({ implements: Node, description: 'A directed relation between two assets.' })
@Entity({ collection: 'relations' })
@Index({ properties: ['from', 'kind', 'validTo'] })
@Index({ properties: ['to', 'kind', 'validTo'] })
export class Relation extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'string' })
  workspace!: string

  /** Such as LOCATED_IN. */
  @Property({ type: 'string' })
  kind!: string

  @Property({ type: 'ObjectId' })
  from!: ObjectId

  @Property({ type: 'string' })
  fromKind!: string

  @Property({ type: 'ObjectId' })
  to!: ObjectId

  @Property({ type: 'string' })
  toKind!: string

  @Field(() => RelationProperties, { description: 'What is known of the relation itself.' })
  @Property({ type: 'json' })
  properties!: RelationProperties

  @Field(() => Date, { description: 'Since when it holds.' })
  @Property({ type: 'datetime' })
  validFrom!: Date

  @Field(() => Date, { nullable: true, description: 'Since when it no longer holds; null while it does.' })
  @Property({ type: 'datetime', nullable: true })
  validTo?: Date

  /** Scopes that report it; empty when only people say so. */
  @Property({ type: 'json' })
  sources!: string[]

  @Field(() => Int, { description: 'Grows with every change; send it back when you change or remove it.' })
  @Property({ type: 'integer' })
  version!: number

  @Property({ type: 'datetime' })
  updatedAt!: Date

  /** The moment that it was read of; absent for the present. Never stored. */
  asOf?: Date

  override globalId(): string {
    return encodeId('Relation', this._id)
  }
}

export const hydrateRelation = (record: Document): Relation =>
  Object.assign(Object.create(Relation.prototype) as Relation, record)
