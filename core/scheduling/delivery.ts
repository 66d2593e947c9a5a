import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'
import { WebhookMethod } from './webhook.ts'

export enum DeliveryState {
  WAITING = 'WAITING',
  DELIVERED = 'DELIVERED',
  FAILED = 'FAILED',
  SKIPPED = 'SKIPPED',
}
registerEnumType(DeliveryState, {
  name: 'DeliveryState',
  description: 'How far a message to a webhook has come.',
  valuesConfig: {
    WAITING: { description: 'Waits for a worker, or for the next attempt.' },
    DELIVERED: { description: 'The other side has answered with a status from 200 to 299.' },
    FAILED: { description: 'Given up; the problem says why. It can be sent again.' },
    SKIPPED: { description: 'Not sent, as the webhook was switched off. It can be sent later.' },
  },
})

@ObjectType({ description: 'A header as it was sent or answered.' })
export class HeaderLine {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => String, { nullable: true, description: 'Its value; null for a secret one.' })
  value!: string | null
}

@ObjectType({ description: 'What was sent, without secrets.' })
export class DeliveryRequest {
  @Field(() => WebhookMethod, { description: 'How it was called.' })
  method!: WebhookMethod

  @Field(() => String, {
    description: 'Where to; only its host for those who may not change the webhook.',
  })
  url!: string

  @Field(() => [HeaderLine], { description: 'With these headers.' })
  headers!: HeaderLine[]

  @Field(() => String, { nullable: true, description: 'With this body; null where there was none.' })
  body!: string | null
}

@ObjectType({ description: 'What the other side has answered.' })
export class DeliveryAnswer {
  @Field(() => Int, { description: 'HTTP status.' })
  status!: number

  @Field(() => [HeaderLine], { description: 'Its headers.' })
  headers!: HeaderLine[]

  @Field(() => String, { description: 'The first 16 KB of its body.' })
  body!: string

  @Field(() => Boolean, { description: 'Whether there was more of the body.' })
  bodyCut!: boolean

  @Field(() => Int, { description: 'Milliseconds until all of it was there.' })
  durationMs!: number
}

@ObjectType({ description: 'One try to deliver a message.' })
export class DeliveryAttempt {
  @Field(() => Date, { description: 'When it began.' })
  at!: Date

  @Field(() => Int, { description: 'Milliseconds that it took.' })
  durationMs!: number

  @Field(() => Int, { nullable: true, description: 'HTTP status; null where there was no answer.' })
  status!: number | null

  @Field(() => String, { nullable: true, description: 'Why it did not succeed.' })
  problem!: string | null
}

@ObjectType({
  implements: Node,
  description:
    'One message to a webhook. Its id goes along in webhook-id with every attempt, so that the other side notices what it has already.',
})
@Entity({ collection: 'deliveries' })
@Index({ properties: ['webhook', 'createdAt', '_id'] })
@Index({ properties: ['state', 'nextAttemptAt'] })
@Index({ properties: ['expiresAt'] })
export class Delivery extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'ObjectId' })
  webhook!: ObjectId

  @Field(() => String, { description: 'What it tells, such as schedule.due.' })
  @Property({ type: 'string' })
  event!: string

  @Field(() => String, { description: 'Who or what asked for it.' })
  @Property({ type: 'string' })
  requestedBy!: string

  @Property({ type: 'json' })
  data!: unknown

  @Field(() => DeliveryState, { description: 'How far it has come.' })
  @Property({ type: 'string' })
  state!: DeliveryState

  @Field(() => DeliveryRequest, { nullable: true, description: 'What was last sent; null until then.' })
  @Property({ type: 'json', nullable: true })
  request!: DeliveryRequest | null

  @Field(() => DeliveryAnswer, { nullable: true, description: 'What was last answered.' })
  @Property({ type: 'json', nullable: true })
  answer!: DeliveryAnswer | null

  @Field(() => [DeliveryAttempt], { description: 'The tries, oldest first; at most the last 50.' })
  @Property({ type: 'json' })
  attempts!: DeliveryAttempt[]

  @Field(() => String, {
    nullable: true,
    description: 'Why it is not delivered so far, and what to do about it.',
  })
  @Property({ type: 'string', nullable: true })
  problem!: string | null

  @Field(() => Date, { description: 'When it was asked for.' })
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When it was delivered.' })
  @Property({ type: 'datetime', nullable: true })
  deliveredAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it is tried next; null when it is not.' })
  @Property({ type: 'datetime', nullable: true })
  nextAttemptAt!: Date | null

  @Field(() => Date, { description: 'When it is forgotten.' })
  @Property({ type: 'datetime' })
  expiresAt!: Date

  /** How often a worker has begun it since a person last asked for it. */
  @Property({ type: 'integer' })
  tries!: number

  /** Tried once and not again. */
  @Property({ type: 'boolean' })
  once!: boolean

  /** Until then it is in the hands of the worker that has this lease. */
  @Property({ type: 'datetime', nullable: true })
  leaseUntil!: Date | null

  @Property({ type: 'ObjectId', nullable: true })
  lease?: ObjectId

  override globalId(): string {
    return encodeId('Delivery', this._id)
  }

  @Field(() => String, { name: 'messageId', description: 'What is sent as webhook-id.' })
  messageId(): string {
    return messageIdOf(this)
  }
}

export const messageIdOf = ({ _id }: Pick<Delivery, '_id'>) => `msg_${_id.toHexString()}`

export const deliveriesOf = (core: Core): Collection<Delivery> => core.db.collection('deliveries')

export const hydrateDelivery = (record: object): Delivery =>
  Object.assign(Object.create(Delivery.prototype as object) as Delivery, record)
