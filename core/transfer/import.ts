import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { assetTypeName } from '../inventory/kinds.ts'
import type { AccessEntry } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import type { Fault } from '../platform/errors.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'
import { FileFormat } from './format.ts'

export enum ImportVerdict {
  CREATE = 'CREATE',
  UPDATE = 'UPDATE',
  UNCHANGED = 'UNCHANGED',
  CONFLICT = 'CONFLICT',
  ERROR = 'ERROR',
}
registerEnumType(ImportVerdict, {
  name: 'ImportVerdict',
  description: 'What an import does, or would do, with a row.',
  valuesConfig: {
    CREATE: { description: 'Adds an asset.' },
    UPDATE: { description: 'Changes an asset.' },
    UNCHANGED: { description: 'Nothing; everything is as the row says.' },
    CONFLICT: {
      description:
        'Nothing: it is not clear which asset is meant, or somebody changed it since the file was made.',
    },
    ERROR: { description: 'Nothing; the row cannot be accepted.' },
  },
})

export enum ImportMode {
  SKIP_ERRORS = 'SKIP_ERRORS',
  ALL_OR_NOTHING = 'ALL_OR_NOTHING',
}
registerEnumType(ImportMode, {
  name: 'ImportMode',
  description: 'What becomes of an import with rows that cannot be accepted.',
  valuesConfig: {
    SKIP_ERRORS: { description: 'The other rows are imported.' },
    ALL_OR_NOTHING: { description: 'Nothing is imported.' },
  },
})

@ObjectType({ description: 'A column of a file, and the field that its cells go to.' })
export class ImportColumn {
  @Field(() => String, { description: 'What the file calls it.' })
  header!: string

  @Field(() => String, {
    nullable: true,
    description: 'Name of the field, `id` or `version`; null where the column is not imported.',
  })
  field!: string | null

  @Field(() => [String], { description: 'What is in its first rows.' })
  samples!: string[]
}

@ObjectType({ description: 'How many rows of an import have each verdict.' })
export class ImportCounts {
  @Field(() => Int, { description: 'Would be or were added.' })
  create!: number

  @Field(() => Int, { description: 'Would be or were changed.' })
  update!: number

  @Field(() => Int, { description: 'Are as the file says.' })
  unchanged!: number

  @Field(() => Int, { description: 'Are left alone, because it is not clear what is right.' })
  conflict!: number

  @Field(() => Int, { description: 'Cannot be accepted.' })
  error!: number
}

export const noImportCounts = (): ImportCounts => ({
  create: 0,
  update: 0,
  unchanged: 0,
  conflict: 0,
  error: 0,
})

@ObjectType({ implements: Node, description: 'A file on its way into the inventory.' })
@Entity({ collection: 'imports' })
@Index({ properties: ['access.principal', '_id'] as never })
@Index({ properties: ['createdAt'] })
export class Import extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'string' })
  workspace!: string

  /** Kind of the assets in it. */
  @Property({ type: 'string' })
  kind!: string

  @Field(() => String, { description: "The file's name." })
  @Property({ type: 'string' })
  fileName!: string

  @Property({ type: 'ObjectId' })
  upload!: ObjectId

  @Field(() => FileFormat, { description: 'How it is written.' })
  @Property({ type: 'string' })
  format!: FileFormat

  @Field(() => [ImportColumn], { description: 'Its columns, and what they are taken for.' })
  @Property({ type: 'json' })
  columns!: ImportColumn[]

  @Property({ type: 'json' })
  access!: AccessEntry[]

  @Field(() => Date, { description: 'When it was begun.' })
  @Property({ type: 'datetime' })
  createdAt!: Date

  /** Counts the changes of its columns, so that a check notices one. */
  @Property({ type: 'integer' })
  revision!: number

  /** The run whose verdicts hold; null when the columns have changed since. */
  @Property({ type: 'ObjectId', nullable: true })
  checkedBy!: ObjectId | null

  @Field(() => ImportCounts, {
    nullable: true,
    description: 'What the rows come to; null until they have been checked with the present columns.',
  })
  @Property({ type: 'json', nullable: true })
  counts!: ImportCounts | null

  @Field(() => Date, { nullable: true, description: 'When it was applied.' })
  @Property({ type: 'datetime', nullable: true })
  appliedAt!: Date | null

  /** Null when there was nothing to change, too. */
  @Property({ type: 'ObjectId', nullable: true })
  changeSet!: ObjectId | null

  override globalId(): string {
    return encodeId('Import', this._id)
  }
}

@ObjectType({ description: 'A row of an import, and what becomes of it.' })
@Entity({ collection: 'importRows' })
@Index({ properties: ['import', 'number'] })
@Index({ properties: ['import', 'verdict', 'number'] })
@Unique({
  properties: ['import', 'target'],
  options: { partialFilterExpression: { target: { $exists: true } } },
})
export class ImportRow {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'ObjectId' })
  import!: ObjectId

  @Field(() => Int, { description: 'Place in the file; the header is row 1.' })
  @Property({ type: 'integer' })
  number!: number

  @Field(() => ImportVerdict, { description: 'What becomes of it.' })
  @Property({ type: 'string' })
  verdict!: ImportVerdict

  @Field(() => String, {
    nullable: true,
    description: 'Name of the asset, as the row or the inventory has it.',
  })
  @Property({ type: 'string', nullable: true })
  name!: string | null

  /** The asset that it is about, if there is one, and its version at that time. */
  @Property({ type: 'ObjectId', nullable: true })
  asset!: ObjectId | null

  @Property({ type: 'integer', nullable: true })
  version!: number | null

  @Field(() => [String], { description: 'Fields that it changes; all that it has for a new asset.' })
  @Property({ type: 'json' })
  fields!: string[]

  /** Why it is a CONFLICT or an ERROR. */
  @Property({ type: 'json' })
  faults!: Fault[]

  /** What it is about, so that no other row of the file is. */
  @Property({ type: 'string', nullable: true })
  target?: string

  /** Kind of the asset. */
  @Property({ type: 'string' })
  kind!: string

  @Field(() => ID, {
    nullable: true,
    description: 'Id of the asset, where there is one already.',
    name: 'assetId',
  })
  assetId(): string | null {
    return this.asset && encodeId(assetTypeName(this.kind), this.asset)
  }
}

export const importsOf = (core: Core): Collection<Import> => core.db.collection('imports')
export const importRowsOf = (core: Core): Collection<ImportRow> => core.db.collection('importRows')

export const hydrateImport = (record: object): Import =>
  Object.assign(Object.create(Import.prototype as object) as Import, record)
export const hydrateImportRow = (record: object): ImportRow =>
  Object.assign(Object.create(ImportRow.prototype as object) as ImportRow, record)
