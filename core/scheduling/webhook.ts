import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { AccessEntry } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'
import type { Sealed } from '../platform/secrets.ts'

export enum WebhookMethod {
  POST = 'POST',
  PUT = 'PUT',
  PATCH = 'PATCH',
  DELETE = 'DELETE',
  GET = 'GET',
}
registerEnumType(WebhookMethod, {
  name: 'WebhookMethod',
  description: 'How an address is called.',
  valuesConfig: {
    POST: { description: 'With a body; the usual way.' },
    PUT: { description: 'With a body.' },
    PATCH: { description: 'With a body.' },
    DELETE: { description: 'Without a body.' },
    GET: { description: 'Without a body.' },
  },
})

export const hasBody = (method: WebhookMethod) => !['GET', 'DELETE'].includes(method)

/** A header of each call; of a secret one, only the sealed value is kept. */
export interface StoredHeader {
  name: string
  value: string | null
  sealed: Sealed | null
}

@ObjectType({
  implements: Node,
  description: 'An address of another program that Maestro calls, signed as Standard Webhooks says.',
})
@Entity({ collection: 'webhooks' })
@Index({ properties: ['access.principal', 'name', '_id'] as never })
export class Webhook extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'string' })
  workspace!: string

  @Field(() => String, { description: 'What people call it.' })
  @Property({ type: 'string' })
  name!: string

  /** May hold a key, as many chats want it; only those who may change the webhook read all of it. */
  @Property({ type: 'string' })
  url!: string

  @Field(() => WebhookMethod, { description: 'How it is called.' })
  @Property({ type: 'string' })
  method!: WebhookMethod

  @Property({ type: 'json' })
  headers!: StoredHeader[]

  @Field(() => String, {
    nullable: true,
    description:
      'Body as JSON, with places such as {{type}}, {{timestamp}} and {{data.name}} in its texts; null for the standard one.',
  })
  @Property({ type: 'string', nullable: true })
  body!: string | null

  /** Signs each call; never answered but once, where Maestro has made it. */
  @Property({ type: 'string' })
  secret!: Sealed

  @Field(() => Boolean, { description: 'Whether it is called.' })
  @Property({ type: 'boolean' })
  enabled!: boolean

  @Property({ type: 'json' })
  access!: AccessEntry[]

  @Field(() => String, { name: 'createdBy', description: 'Who added it.' })
  @Property({ type: 'string' })
  createdByName!: string

  @Field(() => Int, { description: 'Grows with every change; send it back when you update.' })
  @Property({ type: 'integer' })
  version!: number

  @Field(() => Date, { description: 'When it was added.' })
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => Date, { description: 'When it was last changed.' })
  @Property({ type: 'datetime' })
  updatedAt!: Date

  override globalId(): string {
    return encodeId('Webhook', this._id)
  }
}

export const webhooksOf = (core: Core): Collection<Webhook> => core.db.collection('webhooks')

export const hydrateWebhook = (record: object): Webhook =>
  Object.assign(Object.create(Webhook.prototype as object) as Webhook, record)
