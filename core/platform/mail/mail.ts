import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, ObjectType, registerEnumType } from 'type-graphql'
import type { Core } from '../core.ts'
import { encodeId } from '../ids.ts'
import { Node } from '../node.ts'

export enum MailState {
  QUEUED = 'QUEUED',
  SENT = 'SENT',
  KEPT = 'KEPT',
  FAILED = 'FAILED',
}
registerEnumType(MailState, {
  name: 'MailState',
  description: 'How far a mail is.',
  valuesConfig: {
    QUEUED: { description: 'Waits for the mail server, perhaps after a failed attempt.' },
    SENT: { description: 'The mail server has taken it. Its text is no longer kept.' },
    KEPT: { description: 'No mail server is configured, so it is kept here to be read.' },
    FAILED: { description: 'The mail server has refused it for good.' },
  },
})

@ObjectType({ implements: Node, description: 'A mail that Maestro has written.' })
@Entity({ collection: 'mails' })
@Index({ properties: ['state', 'nextAttemptAt'] })
@Index({ properties: ['createdAt'] })
export class Mail extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Field(() => String, { description: 'Kind of mail, such as INVITATION.' })
  @Property({ type: 'string' })
  what!: string

  @Field(() => String, { description: 'Address that it goes to.' })
  @Property({ type: 'string' })
  to!: string

  @Field(() => String, { description: 'Its subject.' })
  @Property({ type: 'string' })
  subject!: string

  @Field(() => String, {
    nullable: true,
    description: 'Its text; null once it was sent, for it holds links that let in.',
  })
  @Property({ type: 'string', nullable: true })
  text!: string | null

  @Field(() => String, { nullable: true, description: 'The same as HTML; null once it was sent.' })
  @Property({ type: 'string', nullable: true })
  html!: string | null

  @Field(() => MailState, { description: 'How far it is.' })
  @Property({ type: 'string' })
  state!: MailState

  @Field(() => Date, { description: 'When it was written.' })
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When the mail server took it.' })
  @Property({ type: 'datetime', nullable: true })
  sentAt!: Date | null

  @Property({ type: 'integer' })
  attempts!: number

  /** Not before this moment; also the lease of the worker that is at it. */
  @Property({ type: 'datetime' })
  nextAttemptAt!: Date

  @Field(() => String, { nullable: true, description: 'Why the last attempt failed.' })
  @Property({ type: 'string', nullable: true })
  problem!: string | null

  override globalId(): string {
    return encodeId('Mail', this._id)
  }
}

export const mailsOf = (core: Core): Collection<Mail> => core.db.collection('mails')

export const hydrateMail = (record: object): Mail => Object.assign(new Mail(), record)
