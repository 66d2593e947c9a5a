import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { AccessEntry } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'

export enum ActionType {
  CRAWL = 'CRAWL',
  WEBHOOK = 'WEBHOOK',
}
registerEnumType(ActionType, {
  name: 'ScheduleActionType',
  description: 'What a schedule does.',
  valuesConfig: {
    CRAWL: { description: 'Reads a connection, all of it or some resources.' },
    WEBHOOK: { description: 'Sends a message to a webhook.' },
  },
})

/** What is done; `actions.ts` knows how. */
export interface StoredAction {
  type: ActionType
  target: ObjectId
  /** Of a crawl: what is read; null for all. */
  resources: string[] | null
}

@ObjectType({ implements: Node, description: 'A schedule that somebody has made, and what it does.' })
@Entity({ collection: 'ownSchedules' })
@Index({ properties: ['access.principal', 'name', '_id'] as never })
@Index({ properties: ['paused', 'nextAt'] })
@Index({ properties: ['action.target'] as never })
export class OwnSchedule extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'string' })
  workspace!: string

  @Field(() => String, { description: 'What people call it.' })
  @Property({ type: 'string' })
  name!: string

  @Property({ type: 'json' })
  action!: StoredAction

  @Field(() => Int, { nullable: true, description: 'Every how many minutes.' })
  @Property({ type: 'integer', nullable: true })
  everyMinutes!: number | null

  @Field(() => String, {
    nullable: true,
    description: 'Cron expression; null like the minutes where it only follows others or is run by hand.',
  })
  @Property({ type: 'string', nullable: true })
  cron!: string | null

  @Field(() => String, { description: 'Time zone of the cron expression.' })
  @Property({ type: 'string' })
  timeZone!: string

  @Field(() => Boolean, { description: 'Whether a person has paused it; it can still be run by hand.' })
  @Property({ type: 'boolean' })
  paused!: boolean

  @Field(() => Date, { nullable: true, description: 'When it is due; null where no time is set.' })
  @Property({ type: 'datetime', nullable: true })
  nextAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it last went off.' })
  @Property({ type: 'datetime', nullable: true })
  lastAt!: Date | null

  @Field(() => Int, { description: 'How often in a row it has failed; it goes on all the same.' })
  @Property({ type: 'integer' })
  failures!: number

  @Field(() => Int, { description: 'How often it should have gone off while nothing was running.' })
  @Property({ type: 'integer' })
  missed!: number

  @Property({ type: 'json' })
  access!: AccessEntry[]

  @Field(() => String, { name: 'createdBy', description: 'Who made it.' })
  @Property({ type: 'string' })
  createdByName!: string

  @Field(() => Int, { description: 'Grows with every change by a person; send it back when you update.' })
  @Property({ type: 'integer' })
  version!: number

  @Property({ type: 'datetime' })
  createdAt!: Date

  @Property({ type: 'datetime' })
  updatedAt!: Date

  override globalId(): string {
    return encodeId('OwnSchedule', this._id)
  }
}

export const ownSchedulesOf = (core: Core): Collection<OwnSchedule> => core.db.collection('ownSchedules')

export const hydrateOwnSchedule = (record: object): OwnSchedule =>
  Object.assign(Object.create(OwnSchedule.prototype as object) as OwnSchedule, record)
