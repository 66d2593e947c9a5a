import { ObjectId } from 'mongodb'
import { accessOfNew, mayReach, visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { Conflict, fault, NotFound, UserFault } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import { seal } from '../platform/secrets.ts'
import type { Session } from '../platform/session.ts'
import { deliver } from './deliver.ts'
import { requestDelivery } from './deliveries.ts'
import { deliveriesOf, type Delivery, hydrateDelivery } from './delivery.ts'
import { ownSchedulesOf } from './ownSchedule.ts'
import { newSecret } from './signature.ts'
import { hydrateWebhook, Webhook, WebhookMethod, webhooksOf } from './webhook.ts'
import { faultsIn, headersIn, type WebhookInput } from './webhookInput.ts'

/** A webhook that was saved, and its secret where Maestro has just made it: nobody can read it later. */
export interface SavedWebhook {
  webhook: Webhook
  secret: string | null
}

/** @throws UserFault naming every field that is at fault */
export async function createWebhook(session: Session, input: WebhookInput): Promise<SavedWebhook> {
  assertRight(session, input)
  const made = input.secret ? null : newSecret()
  const webhook = Object.assign(new Webhook(), {
    _id: new ObjectId(),
    workspace: session.workspace,
    name: input.name!.trim(),
    url: input.url!.trim(),
    method: input.method ?? WebhookMethod.POST,
    headers: headersIn(session, input.headers ?? [], []),
    body: input.body || null,
    secret: seal(session.core.config.SECRETS_KEY, made ?? input.secret!),
    enabled: input.enabled ?? true,
    access: accessOfNew(session),
    createdByName: session.actor.name,
    version: 1,
    createdAt: session.now,
    updatedAt: session.now,
  })
  await webhooksOf(session.core).insertOne(webhook)
  return { webhook, secret: made }
}

/** Only what the input names changes; a secret header without a value keeps the one that is stored. */
export async function updateWebhook(
  session: Session,
  { id, version, renewSecret }: { id: string; version: number; renewSecret?: boolean | null },
  input: WebhookInput,
): Promise<SavedWebhook> {
  const current = await getWebhook(session, id)
  assertWritable(session, current)
  assertRight(session, { ...input, name: input.name ?? current.name, url: input.url ?? current.url }, current)
  const made = renewSecret && !input.secret ? newSecret() : null
  const secret = input.secret || made
  const saved = await webhooksOf(session.core).findOneAndUpdate(
    { _id: current._id, version },
    {
      $set: {
        name: input.name?.trim() ?? current.name,
        url: input.url?.trim() ?? current.url,
        method: input.method ?? current.method,
        headers: input.headers ? headersIn(session, input.headers, current.headers) : current.headers,
        body: input.body === undefined ? current.body : input.body || null,
        enabled: input.enabled ?? current.enabled,
        updatedAt: session.now,
        ...(secret && { secret: seal(session.core.config.SECRETS_KEY, secret) }),
      },
      $inc: { version: 1 },
    },
    { returnDocument: 'after' },
  )
  if (!saved) throw new Conflict([id], [])
  return { webhook: hydrateWebhook(saved), secret: made }
}

/** What was sent to it goes with it. */
export async function deleteWebhook(
  session: Session,
  { id, version }: { id: string; version: number },
): Promise<Webhook> {
  const webhook = await getWebhook(session, id)
  if (!mayReach(session, webhook.access, 'ADMIN'))
    throw fault('FORBIDDEN', null, `Only those with the level ADMIN may delete ${webhook.name}.`)
  const uses = await ownSchedulesOf(session.core).find({ 'action.target': webhook._id }).limit(20).toArray()
  if (uses.length) {
    const names = uses.map((one) => (mayReach(session, one.access) ? one.name : 'one that you may not see'))
    throw fault(
      'IN_USE',
      null,
      `Schedules call ${webhook.name}: ${names.join(', ')}. Delete or change them first.`,
    )
  }
  const { deletedCount } = await webhooksOf(session.core).deleteOne({ _id: webhook._id, version })
  if (!deletedCount) throw new Conflict([id], [])
  await deliveriesOf(session.core).deleteMany({ webhook: webhook._id })
  return webhook
}

/** Below the time limit of a request. */
const tryMs = 12_000

/** Sends a message at once and only once, also while the webhook is switched off; the answer is in the delivery. */
export async function tryWebhook(session: Session, id: string): Promise<Delivery> {
  const webhook = await getWebhook(session, id)
  assertWritable(session, webhook)
  const { core, actor } = session
  const { _id } = await requestDelivery(core, webhook, {
    id: new ObjectId().toHexString(),
    event: 'webhook.try',
    body: { name: webhook.name, by: actor.name },
    requestedBy: actor.name,
    once: true,
  })
  await deliver(core, _id, tryMs)
  return hydrateDelivery((await deliveriesOf(core).findOne({ _id }))!)
}

export async function getWebhook(session: Session, id: string): Promise<Webhook> {
  const [found] = await findWebhooksById(session, [decodeId(id, 'Webhook').id])
  if (!found) throw new NotFound('webhook', id)
  return found
}

/** A webhook that the session may send messages to. @throws UserFault at the field */
export async function getOwnWebhook(session: Session, id: string, field: string): Promise<Webhook> {
  const webhook = await getWebhook(session, id)
  if (!mayReach(session, webhook.access, 'WRITE'))
    throw fault('FORBIDDEN', field, `You may see ${webhook.name}, but not have it called.`)
  return webhook
}

/** The visible ones among these, in one command. */
export async function findWebhooksById(session: Session, ids: readonly ObjectId[]): Promise<Webhook[]> {
  const records = await webhooksOf(session.core)
    .find(
      { _id: { $in: [...ids] }, ...visible(session) },
      { maxTimeMS: queryTimeoutMs, batchSize: ids.length + 1 },
    )
    .toArray()
  return records.map(hydrateWebhook)
}

/** Webhooks by name. */
export async function findWebhooks(session: Session, args: PageArgs): Promise<Page<Webhook>> {
  const page = await findPage(
    webhooksOf(session.core),
    visible(session),
    [{ field: 'name', direction: 1 }],
    args,
  )
  return mapPage(page, hydrateWebhook)
}

/** All of its address for those who may change it; for others its host, since the rest may hold a key. */
export const urlFor = (session: Session, { access }: Webhook, url: string) =>
  mayReach(session, access, 'WRITE') ? url : `${new URL(url).origin}/…`

const assertWritable = (session: Session, webhook: Webhook) => {
  if (!mayReach(session, webhook.access, 'WRITE'))
    throw fault('FORBIDDEN', null, `You may see ${webhook.name}, but not change or try it.`)
}

function assertRight(session: Session, input: WebhookInput, current: Webhook | null = null) {
  const faults = faultsIn(session, input, current)
  if (faults.length) throw new UserFault(faults)
}
