import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { CallerSession } from '../../core/accounts/caller.ts'
import type { Session } from '../../core/platform/session.ts'
import {
  findDeliveriesById,
  findDeliveriesOf,
  getDelivery,
  replayDelivery,
} from '../../core/scheduling/deliveries.ts'
import { Delivery, DeliveryRequest } from '../../core/scheduling/delivery.ts'
import { Webhook } from '../../core/scheduling/webhook.ts'
import {
  createWebhook,
  deleteWebhook,
  findWebhooks,
  findWebhooksById,
  getWebhook,
  tryWebhook,
  updateWebhook,
  urlFor,
} from '../../core/scheduling/webhooks.ts'
import { accessGrants } from '../accounts/accessGrants.ts'
import { AccessGrant } from '../accounts/accessTypes.ts'
import { byId } from '../byId.ts'
import { ForwardArgs } from '../connection.ts'
import { registerNodes } from '../node.ts'
import { pageOf } from '../pagesBy.ts'
import { payload } from '../userErrors.ts'
import { viewerCan, ViewerPermissions } from '../viewerCan.ts'
import {
  DeliveryArgs,
  DeliveryConnection,
  DeliveryPayload,
  DeliveryReplayInput,
  WebhookConnection,
  WebhookCreateInput,
  WebhookDeleteInput,
  WebhookDeletePayload,
  WebhookHeader,
  WebhookPayload,
  WebhookTryInput,
  WebhookUpdateInput,
} from './webhookTypes.ts'

registerNodes(['Webhook'], findWebhooksById)
registerNodes(['Delivery'], findDeliveriesById)

export const webhooksById = byId('webhooks by id', findWebhooksById)

@Resolver(() => Webhook)
export class WebhooksResolver {
  @Query(() => WebhookConnection, { description: 'Webhooks, by name.' })
  async webhooks(@Args(() => ForwardArgs) args: ForwardArgs, @Ctx() session: Session) {
    return WebhookConnection.from(await findWebhooks(session, args))
  }

  @Query(() => Webhook, { nullable: true, description: 'One webhook.' })
  webhook(@Arg('id', () => ID, { description: 'Id of the webhook.' }) id: string, @Ctx() session: Session) {
    return getWebhook(session, id)
  }

  @Mutation(() => WebhookPayload, { description: 'Adds a webhook. Try it before something relies on it.' })
  webhookCreate(
    @Arg('input', () => WebhookCreateInput, { description: 'The webhook.' }) input: WebhookCreateInput,
    @Ctx() session: Session,
  ) {
    return payload(() => createWebhook(session, input))
  }

  @Mutation(() => WebhookPayload, {
    description: 'Changes a webhook. What waits to be delivered goes to where it leads then.',
  })
  webhookUpdate(
    @Arg('input', () => WebhookUpdateInput, { description: 'The changes.' }) input: WebhookUpdateInput,
    @Ctx() session: Session,
  ) {
    return payload(() => updateWebhook(session, input, input))
  }

  @Mutation(() => WebhookDeletePayload, {
    description: 'Deletes a webhook and all that is known of its deliveries.',
  })
  webhookDelete(
    @Arg('input', () => WebhookDeleteInput, { description: 'Which.' }) input: WebhookDeleteInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ deletedId: (await deleteWebhook(session, input)).globalId() }))
  }

  @Mutation(() => DeliveryPayload, {
    description:
      'Calls a webhook at once and once, also one that is switched off, and answers what came back.',
  })
  webhookTry(
    @Arg('input', () => WebhookTryInput, { description: 'Which.' }) { id }: WebhookTryInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ delivery: await tryWebhook(session, id) }))
  }

  @FieldResolver(() => String, {
    description:
      'Address that is called; only its host for those who may not change it, as the rest may be a key.',
  })
  url(@Root() webhook: Webhook, @Ctx() session: Session) {
    return urlFor(session, webhook, webhook.url)
  }

  @FieldResolver(() => [WebhookHeader], { description: 'Headers that go along with each call.' })
  headers(@Root() { headers }: Webhook): WebhookHeader[] {
    return headers.map(({ name, value, sealed }) => ({ name, value, secret: sealed !== null }))
  }

  @FieldResolver(() => DeliveryConnection, { description: 'What it was sent, newest first.' })
  async deliveries(
    @Root() { _id }: Webhook,
    @Args(() => DeliveryArgs) args: DeliveryArgs,
    @Ctx() session: Session,
  ) {
    return DeliveryConnection.from(
      await pageOf(session, 'Webhook.deliveries', _id, args, (ids, page) =>
        findDeliveriesOf(session, ids, page),
      ),
    )
  }

  @FieldResolver(() => [AccessGrant], { description: 'Who may see and change it.' })
  access(@Root() { access }: Webhook, @Ctx() session: CallerSession) {
    return accessGrants(session, access)
  }

  @FieldResolver(() => ViewerPermissions, { description: 'What you may do with it.' })
  viewerCan(@Root() { access }: Webhook, @Ctx() session: Session) {
    return viewerCan(session, access)
  }
}

@Resolver(() => Delivery)
export class DeliveriesResolver {
  @Query(() => Delivery, { nullable: true, description: 'One delivery to a webhook.' })
  delivery(@Arg('id', () => ID, { description: 'Id of the delivery.' }) id: string, @Ctx() session: Session) {
    return getDelivery(session, id)
  }

  @Mutation(() => DeliveryPayload, {
    description: 'Sends a message again, with the same webhook-id, to the webhook as it is now.',
  })
  deliveryReplay(
    @Arg('input', () => DeliveryReplayInput, { description: 'Which.' }) { id }: DeliveryReplayInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ delivery: await replayDelivery(session, id) }))
  }

  @FieldResolver(() => Webhook, { nullable: true, description: 'Where it goes.' })
  webhook(@Root() { webhook }: Delivery, @Ctx() session: Session) {
    return webhooksById(session).load(webhook)
  }

  @FieldResolver(() => DeliveryRequest, {
    nullable: true,
    description: 'What was last sent, without secrets; null until then.',
  })
  async request(@Root() { request, webhook: id }: Delivery, @Ctx() session: Session) {
    const webhook = request && (await webhooksById(session).load(id))
    return webhook && { ...request, url: urlFor(session, webhook, request.url) }
  }
}
