import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Core } from '../core.ts'
import { encodeId } from '../ids.ts'
import { Node } from '../node.ts'
import type { Sealed } from '../secrets.ts'

export enum MailState {
  QUEUED = 'QUEUED',
  SENT = 'SENT',
  KEPT = 'KEPT',
  FAILED = 'FAILED',
}
registerEnumType(MailState, {
  name: 'MailState',
  description: 'How far a mail has come.',
  valuesConfig: {
    QUEUED: { description: 'Waits for a worker, or for the next attempt.' },
    SENT: { description: 'The mail server has taken it.' },
    KEPT: { description: 'There is no mail server, so it was put into a folder and can be read here.' },
    FAILED: { description: 'It could not be sent; the problem says why.' },
  },
})

@ObjectType({
  implements: Node,
  description: 'A mail that Maestro has sent or is about to send; kept for 30 days.',
})
@Entity({ collection: 'mails' })
@Index({ properties: ['state', 'nextAttemptAt'] })
export class Mail extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Field(() => String, { description: 'What it is about, such as INVITATION.' })
  @Property({ type: 'string' })
  what!: string

  @Field(() => String, { description: 'Address that it goes to.' })
  @Property({ type: 'string' })
  to!: string

  @Field(() => String, { description: 'Its subject.' })
  @Property({ type: 'string' })
  subject!: string

  /** Text and HTML; sealed because of the links in it, and gone once the mail was sent. */
  @Property({ type: 'string', nullable: true, hidden: true })
  body?: Sealed

  @Field(() => MailState, { description: 'How far it has come.' })
  @Property({ type: 'string' })
  state!: MailState

  @Field(() => Date, { description: 'When it was written.' })
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When the mail server took it.' })
  @Property({ type: 'datetime', nullable: true })
  sentAt!: Date | null

  @Field(() => Int, { description: 'How often it was tried.' })
  @Property({ type: 'integer' })
  attempts!: number

  @Field(() => Date, { nullable: true, description: 'When it is tried next; null when it is not.' })
  @Property({ type: 'datetime', nullable: true })
  nextAttemptAt!: Date | null

  /** Until then it is in the hands of the worker that has this lease. */
  @Property({ type: 'datetime', nullable: true })
  leaseUntil!: Date | null

  @Property({ type: 'ObjectId', nullable: true })
  lease?: ObjectId

  @Field(() => String, {
    nullable: true,
    description: 'Why it was not sent so far, and what to do about it.',
  })
  @Property({ type: 'string', nullable: true })
  problem!: string | null

  override globalId(): string {
    return encodeId('Mail', this._id)
  }
}

export const mailsOf = (core: Core): Collection<Mail> => core.db.collection('mails')

/** A stored mail as an instance of its class. */
export const hydrateMail = (record: object): Mail => Object.assign(new Mail(), record)
