import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, Int, ObjectType } from 'type-graphql'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'

/** When a resource of a connection is read without anybody asking. It belongs to its connection, also in access. */
@ObjectType({
  implements: Node,
  description: 'When something of a connection is read without anybody asking.',
})
@Entity({ collection: 'schedules' })
@Unique({ properties: ['connection', 'resource'] })
@Index({ properties: ['paused', 'nextAt'] })
@Index({ properties: ['awaits'], options: { sparse: true } })
export class Schedule extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'string' })
  workspace!: string

  @Property({ type: 'ObjectId' })
  connection!: ObjectId

  @Field(() => String, { description: 'What is read, such as instances.' })
  @Property({ type: 'string' })
  resource!: string

  @Field(() => Int, { nullable: true, description: 'Every how many minutes; null where cron says when.' })
  @Property({ type: 'integer', nullable: true })
  everyMinutes!: number | null

  @Field(() => String, {
    nullable: true,
    description: 'Cron expression of five fields, or six with seconds.',
  })
  @Property({ type: 'string', nullable: true })
  cron!: string | null

  @Field(() => String, { description: 'Time zone of the cron expression, such as Europe/Berlin.' })
  @Property({ type: 'string' })
  timeZone!: string

  @Field(() => Boolean, { description: 'Whether a person has paused it.' })
  @Property({ type: 'boolean' })
  paused!: boolean

  @Field(() => Date, { nullable: true, description: 'When it is due; null while nothing would happen.' })
  @Property({ type: 'datetime', nullable: true })
  nextAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it last went off.' })
  @Property({ type: 'datetime', nullable: true })
  lastAt!: Date | null

  @Property({ type: 'ObjectId', nullable: true })
  lastRun!: ObjectId | null

  /** The run whose outcome is not known yet. */
  @Property({ type: 'ObjectId', nullable: true })
  awaits?: ObjectId

  @Field(() => Int, { description: 'How often in a row it has failed.' })
  @Property({ type: 'integer' })
  failures!: number

  @Field(() => Int, { description: 'How often it should have gone off while nothing was running.' })
  @Property({ type: 'integer' })
  missed!: number

  @Field(() => Int, { description: 'Grows with every change by a person; send it back when you update.' })
  @Property({ type: 'integer' })
  version!: number

  @Property({ type: 'datetime' })
  createdAt!: Date

  @Property({ type: 'datetime' })
  updatedAt!: Date

  override globalId(): string {
    return encodeId('Schedule', this._id)
  }

  @Field(() => Int, {
    name: 'slowedBy',
    description: 'After repeated failures it goes off only every so many periods; 1 as long as all is well.',
  })
  slowedBy(): number {
    return slowness(this.failures)
  }
}

/** After the third failure in a row every second period, then every fourth, and so on up to the 32nd. */
export const slowness = (failures: number) => (failures < 3 ? 1 : 2 ** Math.min(failures - 2, 5))

export const schedulesOf = (core: Core): Collection<Schedule> => core.db.collection('schedules')

export const hydrateSchedule = (record: object): Schedule =>
  Object.assign(Object.create(Schedule.prototype as object) as Schedule, record)
