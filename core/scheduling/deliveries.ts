import { MongoServerError, type ObjectId } from 'mongodb'
import { mayReach, visible } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { hurryDue, queueDue } from '../platform/dueJobs.ts'
import { BadInput, fault, NotFound } from '../platform/errors.ts'
import { decodeId, derivedId } from '../platform/ids.ts'
import { mapPage, type Page, type PageArgs } from '../platform/page.ts'
import { findPages } from '../platform/pages.ts'
import type { Session } from '../platform/session.ts'
import { deliveriesOf, Delivery, DeliveryState, hydrateDelivery } from './delivery.ts'
import { type Webhook, webhooksOf } from './webhook.ts'

export const deliveryQueue = 'deliveries'

export interface DeliveryWish {
  /** The same id for the same webhook is the same message, however often it is asked for. */
  id: string
  /** What it tells, in words with dots such as server.created. */
  event: string
  /** Its data, as JSON. */
  body: unknown
  requestedBy: string
  /** Is tried once and not again. */
  once?: boolean
}

const maxBytes = 256 * 1024
const dayMs = 24 * 3600_000

/**
 * Has a message delivered to a webhook, at least once, with the same webhook-id at each attempt. It is stored first, so
 * that nothing which is away (Redis, the other side) can lose it.
 *
 * @throws BadInput when the data is longer than 256 KB
 */
export async function requestDelivery(
  core: Core,
  webhook: Pick<Webhook, '_id' | 'enabled'>,
  { id, event, body, requestedBy, once = false }: DeliveryWish,
): Promise<Delivery> {
  const data = JSON.stringify(body ?? null)
  if (Buffer.byteLength(data) > maxBytes)
    throw new BadInput(`A message may have ${maxBytes / 1024} KB; this one (${event}) is longer.`)
  const now = new Date()
  const willBeSent = webhook.enabled || once
  const delivery = Object.assign(new Delivery(), {
    _id: derivedId('delivery', webhook._id.toHexString(), id),
    webhook: webhook._id,
    event,
    requestedBy,
    data: JSON.parse(data) as unknown,
    state: willBeSent ? DeliveryState.WAITING : DeliveryState.SKIPPED,
    request: null,
    answer: null,
    attempts: [],
    problem: willBeSent ? null : switchedOff,
    createdAt: now,
    deliveredAt: null,
    nextAttemptAt: willBeSent ? now : null,
    expiresAt: expiry(core, now),
    tries: 0,
    once,
    leaseUntil: null,
  })
  try {
    await deliveriesOf(core).insertOne(delivery)
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 11000) throw error
    const known = await deliveriesOf(core).findOne({ _id: delivery._id })
    return known ? hydrateDelivery(known) : delivery
  }
  // Whoever wants one try makes it at once.
  if (willBeSent && !once)
    void queueDue(core, deliveryQueue, [delivery._id]).catch((error: Error) =>
      core.log.warn({ error: error.message }, 'A delivery waits for Redis'),
    )
  return delivery
}

export const switchedOff = 'The webhook is switched off. Switch it on, then send this again.'

const expiry = (core: Core, now: Date) => new Date(+now + core.config.DELIVERY_RETENTION_DAYS * dayMs)

/**
 * Sends a message again with the same webhook-id, as the webhook is now; at once what waits for its next attempt.
 *
 * @throws UserFault when the webhook is switched off, or a worker is sending it at the moment
 */
export async function replayDelivery(session: Session, id: string): Promise<Delivery> {
  const { core, now } = session
  const { delivery, webhook } = await reach(session, id)
  if (!mayReach(session, webhook.access, 'WRITE'))
    throw fault('FORBIDDEN', null, `You may see what ${webhook.name} was sent, but not send it again.`)
  if (!webhook.enabled)
    throw fault('LOCKED', null, `${webhook.name} is switched off. Switch it on to send this again.`)
  const replayed = await deliveriesOf(core).findOneAndUpdate(
    { _id: delivery._id, $or: [{ leaseUntil: null }, { leaseUntil: { $lte: now } }] },
    {
      $set: {
        state: DeliveryState.WAITING,
        problem: null,
        nextAttemptAt: now,
        tries: 0,
        once: false,
        expiresAt: expiry(core, now),
      },
    },
    { returnDocument: 'after' },
  )
  if (!replayed) throw fault('LOCKED', null, 'This is being sent at the moment.')
  void hurryDue(core, deliveryQueue, [delivery._id]).catch((error: Error) =>
    core.log.warn({ error: error.message }, 'A delivery waits for Redis'),
  )
  return hydrateDelivery(replayed)
}

/** A delivery is as visible as its webhook. */
export const getDelivery = async (session: Session, id: string): Promise<Delivery> =>
  (await reach(session, id)).delivery

async function reach(session: Session, id: string) {
  const record = await deliveriesOf(session.core).findOne({ _id: decodeId(id, 'Delivery').id })
  const webhook =
    record && (await webhooksOf(session.core).findOne({ _id: record.webhook, ...visible(session) }))
  if (!webhook) throw new NotFound('delivery', id)
  return { delivery: hydrateDelivery(record), webhook }
}

/** Those of them whose webhook may be seen, in two commands. */
export async function findDeliveriesById(session: Session, ids: readonly ObjectId[]): Promise<Delivery[]> {
  const options = { maxTimeMS: queryTimeoutMs, batchSize: ids.length + 1 }
  const records = await deliveriesOf(session.core)
    .find({ _id: { $in: [...ids] } }, options)
    .toArray()
  const seen = await webhooksOf(session.core)
    .find(
      { _id: { $in: records.map(({ webhook }) => webhook) }, ...visible(session) },
      { ...options, projection: { _id: 1 } },
    )
    .toArray()
  return records.filter(({ webhook }) => seen.some(({ _id }) => _id.equals(webhook))).map(hydrateDelivery)
}

export interface DeliveryArgs extends PageArgs {
  state?: DeliveryState[] | null
}

/** What each of the webhooks, which the caller has found visible, was sent; newest first. */
export async function findDeliveriesOf(
  { core }: Session,
  webhooks: readonly ObjectId[],
  args: DeliveryArgs,
): Promise<Page<Delivery>[]> {
  const pages = await findPages<Delivery>(
    core,
    webhooks,
    {
      collection: 'deliveries',
      by: 'webhook',
      filter: args.state?.length ? { state: { $in: args.state } } : {},
      sort: [{ field: 'createdAt', direction: -1 }],
    },
    args,
  )
  return pages.map((page) => mapPage(page, hydrateDelivery))
}

/** A delivery that is due for this long has fallen out of its queue. */
const patienceMs = 15_000
const portion = 1000

/** Queues again what fell out of the queue, and forgets what has expired: not every engine does that by itself. */
export async function sweepDeliveries(core: Core): Promise<void> {
  const dueSince = new Date(Date.now() - patienceMs)
  const lost = await deliveriesOf(core)
    .find({
      state: DeliveryState.WAITING,
      nextAttemptAt: { $lt: dueSince },
      $or: [{ leaseUntil: null }, { leaseUntil: { $lt: dueSince } }],
    })
    .sort({ nextAttemptAt: 1 })
    .limit(portion)
    .project<{ _id: ObjectId }>({ _id: 1 })
    .toArray()
  if (lost.length)
    await hurryDue(
      core,
      deliveryQueue,
      lost.map(({ _id }) => _id),
    )
  await deliveriesOf(core).deleteMany({ expiresAt: { $lt: new Date() } })
}
