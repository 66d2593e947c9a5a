import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, ID, ObjectType } from 'type-graphql'
import { GraphQLJSON } from 'graphql-scalars'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import type { Unreadable } from './crawler.ts'

@ObjectType({
  description: 'A record of a source that could not be read, set aside so that the rest could go on.',
})
@Entity({ collection: 'quarantine' })
@Index({ properties: ['connection', '_id'] })
@Index({ properties: ['run', '_id'] })
@Index({ properties: ['scope'] })
export class QuarantinedRecord {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'ObjectId' })
  connection!: ObjectId

  @Property({ type: 'ObjectId' })
  run!: ObjectId

  @Property({ type: 'string' })
  scope!: string

  @Field(() => String, { nullable: true, description: 'Region; null where the source has none.' })
  @Property({ type: 'string', nullable: true })
  region!: string | null

  @Field(() => String, { description: 'What was listed.' })
  @Property({ type: 'string' })
  resource!: string

  @Field(() => String, {
    nullable: true,
    description: "The source's own id of it, where that could be read.",
  })
  @Property({ type: 'string', nullable: true })
  externalId!: string | null

  @Field(() => String, { description: 'Why it could not be read.' })
  @Property({ type: 'string' })
  reason!: string

  @Field(() => GraphQLJSON, { description: 'The record as the source sent it; long ones as text, cut.' })
  @Property({ type: 'json' })
  raw!: unknown

  @Field(() => Date, { description: 'When it was met.' })
  @Property({ type: 'datetime' })
  at!: Date

  @Field(() => ID, { description: 'Opaque id.', name: 'id' })
  globalId(): string {
    return encodeId('QuarantinedRecord', this._id)
  }
}

export const quarantineOf = (core: Core): Collection<QuarantinedRecord> => core.db.collection('quarantine')

const maxRawLength = 100_000

/** Keeps a record that could not be read, whole unless it is huge. */
export function quarantined(
  base: Pick<QuarantinedRecord, 'connection' | 'run' | 'scope' | 'region' | 'resource'>,
  { externalId, reason, raw }: Unreadable,
): QuarantinedRecord {
  const text = JSON.stringify(raw) ?? 'null'
  return Object.assign(new QuarantinedRecord(), {
    _id: new ObjectId(),
    ...base,
    externalId,
    reason,
    raw: text.length > maxRawLength ? `${text.slice(0, maxRawLength)}…` : (JSON.parse(text) as unknown),
    at: new Date(),
  })
}

/** Records that were set aside, newest first. Whoever may see the connection or run may see them. */
export const findQuarantine = (
  core: Core,
  by: { connection: ObjectId } | { run: ObjectId },
  args: PageArgs,
): Promise<Page<QuarantinedRecord>> =>
  findPage(quarantineOf(core), by, [{ field: '_id', direction: -1 }], args).then((page) =>
    mapPage(page, (record) => Object.assign(new QuarantinedRecord(), record)),
  )
