import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { type Collection, type Document, ObjectId } from 'mongodb'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'
import type { Actor } from '../platform/session.ts'

/** The collections that only the write path changes. */
export type RecordCollection = 'assets' | 'relations'

export enum ChangeAction {
  CREATED = 'CREATED',
  CHANGED = 'CHANGED',
  RETIRED = 'RETIRED',
  RESTORED = 'RESTORED',
}
registerEnumType(ChangeAction, {
  name: 'ChangeAction',
  description: 'What a change did to its record.',
  valuesConfig: {
    CREATED: { description: 'It was added to the inventory.' },
    CHANGED: { description: 'Some of its fields got other values.' },
    RETIRED: { description: 'It was taken out of the living inventory; its history stays.' },
    RESTORED: { description: 'It was brought back after it had been retired.' },
  },
})

export enum ChangeOrigin {
  MANUAL = 'MANUAL',
  CRAWL = 'CRAWL',
  IMPORT = 'IMPORT',
  UNDO = 'UNDO',
}
registerEnumType(ChangeOrigin, {
  name: 'ChangeOrigin',
  description: 'Where a change set came from.',
  valuesConfig: {
    MANUAL: { description: 'A person, or a script in their name.' },
    CRAWL: { description: 'A crawl of a connection.' },
    IMPORT: { description: 'An import of a file.' },
    UNDO: { description: 'The taking back of an earlier change set.' },
  },
})

export type Fields = Record<string, unknown>

@ObjectType({
  description:
    'How many assets a change set touched, by what it did to them; relations, when it touched nothing else.',
})
export class ChangeCounts {
  @Field(() => Int, { description: 'How many were added.' })
  created!: number

  @Field(() => Int, { description: 'Of how many the fields changed.' })
  changed!: number

  @Field(() => Int, { description: 'How many were retired.' })
  retired!: number

  @Field(() => Int, { description: 'How many were brought back.' })
  restored!: number
}

/** Something that an undo has left as it is, because it was changed again since. */
export interface Kept {
  /** The asset, or the one from which the relation starts. */
  asset: ObjectId
  /** Kind of the relation, if it is one. */
  relation: string | null
  fields: string[]
  reason: string
}

@ObjectType({
  implements: Node,
  description: 'One intention — an edit, a page of a crawl, an undo — whose changes happened together.',
})
@Entity({ collection: 'changeSets' })
@Index({ properties: ['workspace', '_id'] })
@Index({ properties: ['run', '_id'] })
@Index({ properties: ['undoes'] })
@Index({ properties: ['applied'], options: { partialFilterExpression: { applied: false } } })
@Unique({ properties: ['place'], options: { partialFilterExpression: { place: { $exists: true } } } })
export class ChangeSet extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'string' })
  workspace!: string

  @Property({ type: 'string' })
  title!: string

  @Field(() => ChangeOrigin, { description: 'Where it came from.' })
  @Property({ type: 'string' })
  origin!: ChangeOrigin

  @Property({ type: 'json' })
  actor!: Actor

  @Field(() => Date, { description: 'When it was committed.' })
  @Property({ type: 'datetime' })
  at!: Date

  /** Its changes count from the moment this is COMMITTED. */
  @Property({ type: 'string' })
  state!: 'PENDING' | 'COMMITTED' | 'ROLLED_BACK'

  /** False until the records have been moved to their new versions, or the roll-back is complete. */
  @Property({ type: 'boolean' })
  applied!: boolean

  /**
   * Its number in the order in which sets could first be seen as a whole; given when it is applied. One appears only
   * after the one before, so whoever has read up to a number has missed nothing below it.
   */
  @Property({ type: 'integer', nullable: true })
  place?: number

  /** After this moment a PENDING set may be rolled back by anybody. */
  @Property({ type: 'datetime' })
  leaseUntil!: Date

  @Property({ type: 'json' })
  counts!: ChangeCounts

  /** Kinds of the records that it touches. */
  @Property({ type: 'json' })
  kinds!: string[]

  @Property({ type: 'ObjectId', nullable: true })
  run!: ObjectId | null

  @Property({ type: 'ObjectId', nullable: true })
  undoes!: ObjectId | null

  /** The connection that the title names, if any: the title is for those alone who may see it. */
  @Property({ type: 'ObjectId', nullable: true })
  about!: ObjectId | null

  /** Set when it lies beyond the horizon of what is kept; it can no longer be taken back. */
  @Property({ type: 'boolean', nullable: true })
  compacted?: boolean

  /** What an undo has left alone. */
  @Property({ type: 'json', nullable: true })
  kept?: Kept[]

  override globalId(): string {
    return encodeId('ChangeSet', this._id)
  }

  @Field(() => String, { description: 'Who did it: a person, or Maestro on behalf of a run.', name: 'actor' })
  actorName(): string {
    return this.actor.name
  }
}

@ObjectType({ description: "One record's step from one version to the next." })
@Entity({ collection: 'changes' })
@Unique({ properties: ['record', 'version'] })
@Index({ properties: ['set', '_id'] })
@Index({ properties: ['subject', '_id'] })
@Index({
  properties: ['object', '_id'] as never,
  options: { partialFilterExpression: { object: { $exists: true } } },
})
export class Change {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'ObjectId' })
  set!: ObjectId

  @Property({ type: 'datetime' })
  at!: Date

  @Property({ type: 'string' })
  collection!: RecordCollection

  @Property({ type: 'ObjectId' })
  record!: ObjectId

  /** Kind of the asset or of the relation. */
  @Property({ type: 'string' })
  recordKind!: string

  /** The asset whose history shows this: the record itself, or the asset that a relation starts from. */
  @Property({ type: 'ObjectId' })
  subject!: ObjectId

  /** The asset that a relation leads to, whose history shows this, too. */
  @Property({ type: 'ObjectId', nullable: true })
  object?: ObjectId

  @Field(() => Int, { description: 'Version that the record had afterwards.' })
  @Property({ type: 'integer' })
  version!: number

  @Field(() => ChangeAction, { description: 'What it did to the record.' })
  @Property({ type: 'string' })
  action!: ChangeAction

  /** Set when it stands for all that happened until the horizon; `after` is then the whole record. */
  @Property({ type: 'boolean', nullable: true })
  snapshot?: boolean

  /** The touched fields as they were; a field that is absent did not exist. Null when the record was created. */
  @Property({ type: 'json', nullable: true })
  before!: Fields | null

  /** The touched fields as they became; a field that is absent was cleared. */
  @Property({ type: 'json' })
  after!: Fields

  @Field(() => ID, { description: 'Opaque id.', name: 'id' })
  globalId(): string {
    return encodeId('Change', this._id)
  }
}

export const changesOf = (core: Core): Collection<Change> => core.db.collection('changes')
export const changeSetsOf = (core: Core): Collection<ChangeSet> => core.db.collection('changeSets')
export const recordsOf = (core: Core, collection: RecordCollection): Collection<Document> =>
  core.db.collection(collection)

/** Fields that every record has and that the write path itself keeps. */
export const keptFields = ['_id', 'version', 'updatedAt'] as const
