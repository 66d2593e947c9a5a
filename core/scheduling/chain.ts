import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Core } from '../platform/core.ts'
import { derivedId, encodeId } from '../platform/ids.ts'
import { addOccurrence, Cause } from './occurrence.ts'

export enum After {
  SUCCESS = 'SUCCESS',
  FAILURE = 'FAILURE',
  ALWAYS = 'ALWAYS',
}
registerEnumType(After, {
  name: 'ChainAfter',
  description: 'After which outcome the next schedule is started.',
  valuesConfig: {
    SUCCESS: { description: 'When all of it was done.' },
    FAILURE: { description: 'When not all of it was done.' },
    ALWAYS: { description: 'Whatever came of it, also when a person has stopped it.' },
  },
})

@ObjectType({
  description: 'One schedule that starts another one when it has ended.',
})
@Entity({ collection: 'chains' })
@Index({ properties: ['from'] })
@Index({ properties: ['to'] })
export class Chain {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  /** A schedule of a connection or somebody's own. */
  @Property({ type: 'ObjectId' })
  from!: ObjectId

  @Property({ type: 'string' })
  fromType!: 'Schedule' | 'OwnSchedule'

  @Property({ type: 'ObjectId' })
  to!: ObjectId

  @Field(() => After, { description: 'After which outcome.' })
  @Property({ type: 'string' })
  after!: After

  @Field(() => Int, { description: 'How many seconds later.' })
  @Property({ type: 'integer' })
  delaySeconds!: number

  @Field(() => ID, { name: 'id', description: 'Opaque id.' })
  globalId(): string {
    return encodeId('Chain', this._id)
  }
}

export const chainsOf = (core: Core): Collection<Chain> => core.db.collection('chains')

export const hydrateChain = (record: object): Chain =>
  Object.assign(Object.create(Chain.prototype as object) as Chain, record)

export type Outcome = 'SUCCESS' | 'FAILURE' | 'STOPPED'

/**
 * Has the schedules that follow one started. What is noted has an id that follows from the event, so that two workers who
 * see the same end start them once; and none is started that has led here.
 */
export async function follow(
  core: Core,
  from: ObjectId,
  event: ObjectId,
  { outcome, path, now }: { outcome: Outcome; path: ObjectId[]; now: Date },
): Promise<void> {
  const after = outcome === 'STOPPED' ? [After.ALWAYS] : [After[outcome], After.ALWAYS]
  const chains = await chainsOf(core)
    .find({ from, after: { $in: after } })
    .toArray()
  for (const { _id, to, delaySeconds } of chains) {
    if (path.some((one) => one.equals(to))) continue
    await addOccurrence(core, {
      _id: derivedId('chained', _id.toHexString(), event.toHexString()),
      schedule: to,
      cause: Cause.CHAIN,
      dueAt: new Date(+now + delaySeconds * 1000),
      path: [...path, to],
    })
  }
}
