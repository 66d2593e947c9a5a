import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import type { ObjectId } from 'mongodb'

/** A directed edge between two assets. It is closed, never deleted, so that any past graph can be read by a filter. */
@Entity({ collection: 'relations' })
@Index({ properties: ['from', 'kind', 'validTo'] })
@Index({ properties: ['to', 'kind', 'validTo'] })
export class Relation {
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

  @Property({ type: 'json' })
  properties!: Record<string, unknown>

  @Property({ type: 'datetime' })
  validFrom!: Date

  /** Absent while it holds. */
  @Property({ type: 'datetime', nullable: true })
  validTo?: Date

  /** Scopes that report it; empty when only people say so. */
  @Property({ type: 'json' })
  sources!: string[]

  @Property({ type: 'integer' })
  version!: number

  @Property({ type: 'datetime' })
  updatedAt!: Date
}
