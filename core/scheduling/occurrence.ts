import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, MongoServerError, ObjectId } from 'mongodb'
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Core } from '../platform/core.ts'

export enum Cause {
  TIME = 'TIME',
  PERSON = 'PERSON',
  CHAIN = 'CHAIN',
}
registerEnumType(Cause, {
  name: 'OccurrenceCause',
  description: 'Why a schedule went off.',
  valuesConfig: {
    TIME: { description: 'Its time had come.' },
    PERSON: { description: 'Somebody has run it by hand.' },
    CHAIN: { description: 'It follows another schedule.' },
  },
})

export enum OccurrenceState {
  WAITING = 'WAITING',
  STARTED = 'STARTED',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
  SKIPPED = 'SKIPPED',
}
registerEnumType(OccurrenceState, {
  name: 'OccurrenceState',
  description: 'How far it has come.',
  valuesConfig: {
    WAITING: { description: 'Has not begun yet.' },
    STARTED: { description: 'What it started has not ended yet.' },
    SUCCEEDED: { description: 'All of it was done.' },
    FAILED: { description: 'Not all of it was done; the problem says why.' },
    SKIPPED: { description: 'Nothing was done, or a person has stopped it; the problem says which.' },
  },
})

@ObjectType({ description: 'One time that a schedule went off.' })
@Entity({ collection: 'occurrences' })
@Index({ properties: ['schedule', 'createdAt', '_id'] })
@Index({ properties: ['state', 'dueAt'] })
@Index({ properties: ['expiresAt'] })
export class Occurrence {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'ObjectId' })
  schedule!: ObjectId

  @Field(() => Cause, { description: 'Why.' })
  @Property({ type: 'string' })
  cause!: Cause

  @Field(() => String, { nullable: true, description: 'Who has run it by hand.' })
  @Property({ type: 'string', nullable: true })
  by!: string | null

  @Field(() => Date, { description: 'When it was due.' })
  @Property({ type: 'datetime' })
  dueAt!: Date

  @Field(() => OccurrenceState, { description: 'How far it has come.' })
  @Property({ type: 'string' })
  state!: OccurrenceState

  @Property({ type: 'ObjectId', nullable: true })
  run!: ObjectId | null

  @Property({ type: 'ObjectId', nullable: true })
  delivery!: ObjectId | null

  @Field(() => String, { nullable: true, description: 'Why it failed or was skipped.' })
  @Property({ type: 'string', nullable: true })
  problem!: string | null

  @Field(() => Int, { description: 'How many times before it were missed, as nothing was running.' })
  @Property({ type: 'integer' })
  missed!: number

  /** Schedules that led here, itself last; none of them is started once more by this. */
  @Property({ type: 'json' })
  path!: ObjectId[]

  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When it began.' })
  @Property({ type: 'datetime', nullable: true })
  startedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it ended.' })
  @Property({ type: 'datetime', nullable: true })
  endedAt!: Date | null

  @Property({ type: 'datetime' })
  expiresAt!: Date
}

export const occurrencesOf = (core: Core): Collection<Occurrence> => core.db.collection('occurrences')

export const hydrateOccurrence = (record: object): Occurrence => Object.assign(new Occurrence(), record)

const dayMs = 24 * 3600_000

/** Notes that a schedule is to go off; whoever notes the same once more, changes nothing. */
export async function addOccurrence(
  core: Core,
  given: Pick<Occurrence, '_id' | 'schedule' | 'cause' | 'dueAt' | 'path'> & Partial<Occurrence>,
): Promise<Occurrence> {
  const now = new Date()
  const occurrence = Object.assign(new Occurrence(), {
    by: null,
    state: OccurrenceState.WAITING,
    run: null,
    delivery: null,
    problem: null,
    missed: 0,
    createdAt: now,
    startedAt: null,
    endedAt: null,
    expiresAt: new Date(+now + core.config.DELIVERY_RETENTION_DAYS * dayMs),
    ...given,
  })
  try {
    await occurrencesOf(core).insertOne(occurrence)
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 11000) throw error
  }
  return occurrence
}

/** Not every engine forgets by itself. */
export const sweepOccurrences = (core: Core) =>
  occurrencesOf(core).deleteMany({ expiresAt: { $lt: new Date() } })
