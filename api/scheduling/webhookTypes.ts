import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { Delivery, DeliveryState } from '../../core/scheduling/delivery.ts'
import { Webhook, WebhookMethod } from '../../core/scheduling/webhook.ts'
import { connectionType, ForwardArgs } from '../connection.ts'
import { Payload } from '../userErrors.ts'

export const WebhookConnection = connectionType(Webhook)
export const DeliveryConnection = connectionType(Delivery)

@ObjectType({ description: 'A header that goes along with each call.' })
export class WebhookHeader {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => String, { nullable: true, description: 'Its value; null for a secret one.' })
  value!: string | null

  @Field(() => Boolean, { description: 'Whether its value is stored encrypted and never answered.' })
  secret!: boolean
}

@InputType({ description: 'A header that goes along with each call.' })
export class WebhookHeaderInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => String, {
    nullable: true,
    description: 'Its value; left out of a secret header, the stored one stays.',
  })
  value?: string | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether its value is never answered; always so for Authorization and the like.',
  })
  secret?: boolean | null
}

@InputType({ description: 'A new webhook.' })
export class WebhookCreateInput {
  @Field(() => String, { description: 'What people call it; at most 255 characters.' })
  name!: string

  @Field(() => String, { description: 'Address to call: http or https.' })
  url!: string

  @Field(() => WebhookMethod, { nullable: true, description: 'How to call it; POST unless said otherwise.' })
  method?: WebhookMethod | null

  @Field(() => [WebhookHeaderInput], { nullable: true, description: 'Headers that go along; at most 20.' })
  headers?: WebhookHeaderInput[] | null

  @Field(() => String, {
    nullable: true,
    description: 'Body as JSON with places such as {{data.name}}; without it, {type, timestamp, data}.',
  })
  body?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Secret to sign with: 24 to 64 bytes, whsec_ and base64 or as it is. Made if left out.',
  })
  secret?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Whether it is called; true unless said otherwise.' })
  enabled?: boolean | null
}

@InputType({ description: 'Changes of a webhook; what is left out stays.' })
export class WebhookUpdateInput {
  @Field(() => ID, { description: 'Which.' })
  id!: string

  @Field(() => Int, { description: 'Version that the change is based on.' })
  version!: number

  @Field(() => String, { nullable: true, description: 'What people call it.' })
  name?: string | null

  @Field(() => String, { nullable: true, description: 'Address to call.' })
  url?: string | null

  @Field(() => WebhookMethod, { nullable: true, description: 'How to call it.' })
  method?: WebhookMethod | null

  @Field(() => [WebhookHeaderInput], { nullable: true, description: 'Headers, instead of the present ones.' })
  headers?: WebhookHeaderInput[] | null

  @Field(() => String, { nullable: true, description: 'Body as JSON; empty for the standard one.' })
  body?: string | null

  @Field(() => String, { nullable: true, description: 'Another secret to sign with.' })
  secret?: string | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'true makes a new secret, which is answered this once.',
  })
  renewSecret?: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Whether it is called.' })
  enabled?: boolean | null
}

@ObjectType({ description: 'The outcome of a change of a webhook.' })
export class WebhookPayload extends Payload {
  @Field(() => Webhook, { nullable: true, description: 'The webhook as it is now.' })
  webhook?: Webhook | null

  @Field(() => String, {
    nullable: true,
    description:
      'The secret that was made; keep it, nobody can read it later. null where there is no new one.',
  })
  secret?: string | null
}

@InputType({ description: 'A webhook to delete.' })
export class WebhookDeleteInput {
  @Field(() => ID, { description: 'Which.' })
  id!: string

  @Field(() => Int, { description: 'Version that you have read.' })
  version!: number
}

@ObjectType({ description: 'The outcome of deleting a webhook.' })
export class WebhookDeletePayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'Id of what is gone.' })
  deletedId?: string | null
}

@InputType({ description: 'A webhook to try.' })
export class WebhookTryInput {
  @Field(() => ID, { description: 'Which.' })
  id!: string
}

@InputType({ description: 'A message to send again.' })
export class DeliveryReplayInput {
  @Field(() => ID, { description: 'Which delivery.' })
  id!: string
}

@ObjectType({ description: 'How a delivery stands.' })
export class DeliveryPayload extends Payload {
  @Field(() => Delivery, { nullable: true, description: 'The delivery as it is now.' })
  delivery?: Delivery | null
}

@ArgsType()
export class DeliveryArgs extends ForwardArgs {
  @Field(() => [DeliveryState], { nullable: true, description: 'Only those in one of these states.' })
  state?: DeliveryState[] | null
}
