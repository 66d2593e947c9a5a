import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { ObjectId } from 'mongodb'
import { Field, InputType, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql'
import type { AccessEntry } from '../platform/access.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'
import { Fact, Item } from './facts.ts'
import { assetTypeName } from './kinds.ts'
import type { Observed } from './observation.ts'

export enum AssetStatus {
  ACTIVE = 'ACTIVE',
  STOPPED = 'STOPPED',
  DEGRADED = 'DEGRADED',
  PLANNED = 'PLANNED',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(AssetStatus, {
  name: 'AssetStatus',
  description: 'How an asset is doing, in words that are the same for every provider.',
  valuesConfig: {
    ACTIVE: { description: 'In service, or starting.' },
    STOPPED: { description: 'Switched off, but still there.' },
    DEGRADED: { description: 'In service with a fault.' },
    PLANNED: { description: 'Not there yet.' },
    UNKNOWN: { description: 'Nobody has said.' },
  },
})

@ObjectType({ description: 'A label that people or a cloud have put on an asset.' })
@InputType('TagInput', { description: 'A label for an asset.' })
export class Tag {
  @Item({ type: 'TEXT', label: 'Key', description: 'Name of the label.', required: true })
  key!: string

  @Item({ type: 'TEXT', label: 'Value', description: 'Its value; may be empty.', required: true })
  value!: string
}

@ObjectType({ description: 'Something that a provider tells beyond the fields of the kind.' })
@InputType('ExtraInput', { description: 'Something that a provider tells beyond the fields of the kind.' })
export class Extra {
  @Item({ type: 'TEXT', label: 'Name', description: "In the provider's words.", required: true })
  key!: string

  @Item({ type: 'TEXT', label: 'Value', description: 'As the provider says it.', required: true })
  value!: string
}

/** A value that a person has set; it beats what sources report. */
export interface Declaration {
  value: unknown
  by: string
  at: Date
}

/**
 * One thing in the inventory. The top-level facts are the effective values: what a person declared, else what the newest
 * observation says.
 */
@InterfaceType({
  description: 'One thing in the inventory, of any kind.',
  implements: Node,
  resolveType: (asset: Asset) => assetTypeName(asset.kind),
})
@Entity({ collection: 'assets', discriminatorColumn: 'kind', abstract: true })
@Index({ properties: ['identifiers'] })
@Index({ properties: ['seenIn', '_id'] as never })
@Index({
  properties: ['kind', 'drift'] as never,
  options: { partialFilterExpression: { 'drift.0': { $exists: true } } },
})
@Index({ properties: ['kind', 'updatedAt'] as never })
@Index({
  properties: ['kind', 'access.principal', 'name', '_id'] as never,
  options: { collation: { locale: 'en', strength: 2, numericOrdering: true } },
})
@Index({ properties: ['access.principal', '_id'] as never })
@Index({
  properties: ['kind', 'name', '_id'] as never,
  options: { collation: { locale: 'en', strength: 2, numericOrdering: true } },
})
export abstract class Asset extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'string' })
  kind!: string

  @Property({ type: 'string' })
  workspace!: string

  @Fact({
    type: 'TEXT',
    label: 'Name',
    description: 'What people call it.',
    group: 'General',
    required: true,
    identifying: true,
  })
  name!: string

  @Fact({
    type: 'TEXT',
    label: 'Description',
    description: 'What it is for.',
    group: 'General',
    maxLength: 10_000,
    sortable: false,
  })
  description?: string

  @Fact({
    type: 'ENUM',
    values: AssetStatus,
    fallback: AssetStatus.UNKNOWN,
    label: 'Status',
    description: 'How it is doing.',
    group: 'General',
    required: true,
  })
  status!: AssetStatus

  @Fact({
    type: 'TEXT',
    suggest: 'ENVIRONMENT',
    facet: true,
    label: 'Environment',
    description: 'What it serves, such as production or staging.',
    group: 'General',
  })
  environment?: string

  @Fact({
    type: 'OBJECTS',
    items: () => Tag,
    label: 'Tags',
    description: 'Labels by people and clouds.',
    group: 'General',
  })
  tags!: Tag[]

  @Fact({
    type: 'OBJECTS',
    items: () => Extra,
    label: 'Provider extras',
    description: 'What the provider tells beyond the fields of the kind.',
    group: 'Provider',
    writable: false,
  })
  extras!: Extra[]

  /** Who may see and change it. */
  @Property({ type: 'json' })
  access!: AccessEntry[]

  @Field(() => [String], {
    description: 'Everything it can be found by: provider ids, hostnames, addresses; normalised.',
  })
  @Property({ type: 'json' })
  identifiers!: string[]

  @Field(() => Int, { description: 'Grows with every change; send it back when you update.' })
  @Property({ type: 'integer' })
  version!: number

  @Field(() => Date, { description: 'When it came into the inventory.' })
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => Date, { description: 'When it last changed in the inventory.' })
  @Property({ type: 'datetime' })
  updatedAt!: Date

  @Field(() => Date, {
    nullable: true,
    description: 'When it was retired; retired assets are kept, but hidden by default.',
  })
  @Property({ type: 'datetime', nullable: true })
  retiredAt?: Date

  /** CRAWL when every source stopped reporting it; only that may be undone by a crawl. */
  @Property({ type: 'string', nullable: true })
  retiredBy?: 'CRAWL' | 'PERSON'

  /** The asset that it turned out to be, which sources report to instead; set by a merge, which also retires it. */
  @Property({ type: 'ObjectId', nullable: true })
  mergedInto?: ObjectId

  /** What each source reports. */
  @Property({ type: 'json' })
  observations!: Observed[]

  /** What people have set, by fact. */
  @Property({ type: 'json' })
  declared!: Record<string, Declaration>

  /** Facts whose declared value differs from the observed one. */
  @Property({ type: 'json' })
  drift!: string[]

  /** Scopes that still count it among theirs. */
  @Property({ type: 'json' })
  seenIn!: string[]

  /** The moment that it was read of; absent for the present. Never stored. */
  asOf?: Date

  override globalId(): string {
    return encodeId(assetTypeName(this.kind), this._id)
  }
}
