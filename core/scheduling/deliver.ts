import { ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { type Call, type DeliveryFault, sendMessage } from './sendMessage.ts'
import { deliveriesOf, type Delivery, type DeliveryAttempt, DeliveryState } from './delivery.ts'
import { switchedOff } from './deliveries.ts'
import { webhooksOf } from './webhook.ts'

/** Longest time of one call. */
const callMs = 30_000
/** A worker that has a delivery for longer than this was lost; another one may take it. */
const leaseMs = callMs + 15_000
const minute = 60_000
/** How long to wait after each attempt; together more than half a day. */
const pausesMs = [10_000, minute, 5 * minute, 30 * minute, 120 * minute, 600 * minute]
const maxPauseMs = 1440 * minute
const attemptsKept = 50

/**
 * Makes one attempt, unless another worker has the delivery or it is not due. What became of it is in its record.
 *
 * @returns when to come back for it; null when there is nothing left to do
 */
export async function deliver(core: Core, id: ObjectId, timeoutMs = callMs): Promise<Date | null> {
  const delivery = await claim(core, id)
  if (!delivery) return whenDue(core, id)
  const webhook = await webhooksOf(core).findOne({ _id: delivery.webhook })
  if (!webhook) return giveUp(core, delivery, DeliveryState.FAILED, 'The webhook no longer exists.')
  if (!webhook.enabled && !delivery.once) return giveUp(core, delivery, DeliveryState.SKIPPED, switchedOff)
  if (delivery.tries > pausesMs.length + 1)
    return giveUp(
      core,
      delivery,
      DeliveryState.FAILED,
      'The workers that had this were lost. Look into their log, then send it again.',
    )
  const at = new Date()
  const call = await sendMessage(core, webhook, delivery, at, timeoutMs)
  return note(core, delivery, at, call)
}

async function claim(core: Core, id: ObjectId): Promise<Delivery | null> {
  const now = new Date()
  return deliveriesOf(core).findOneAndUpdate(
    {
      _id: id,
      state: DeliveryState.WAITING,
      nextAttemptAt: { $lte: now },
      $or: [{ leaseUntil: null }, { leaseUntil: { $lte: now } }],
    },
    { $set: { lease: new ObjectId(), leaseUntil: new Date(+now + leaseMs) }, $inc: { tries: 1 } },
    { returnDocument: 'after' },
  )
}

async function whenDue(core: Core, id: ObjectId): Promise<Date | null> {
  const waiting = await deliveriesOf(core).findOne({ _id: id, state: DeliveryState.WAITING })
  return waiting && new Date(Math.max(+waiting.nextAttemptAt!, +(waiting.leaseUntil ?? 0)))
}

/** Only a status from 200 to 299 is a success; whatever else came back, and whether anything did. */
async function note(core: Core, delivery: Delivery, at: Date, call: Call): Promise<Date | null> {
  const { request, answer, problem } = call
  const attempt: DeliveryAttempt = {
    at,
    durationMs: Date.now() - +at,
    status: answer?.status ?? null,
    problem: problem?.message ?? null,
  }
  const next = problem ? nextAttempt(delivery, problem) : null
  await settle(
    core,
    delivery,
    {
      state: !problem ? DeliveryState.DELIVERED : next ? DeliveryState.WAITING : DeliveryState.FAILED,
      request,
      answer,
      problem: problem?.message ?? null,
      deliveredAt: problem ? delivery.deliveredAt : new Date(),
      nextAttemptAt: next,
    },
    attempt,
  )
  return next
}

function nextAttempt({ tries, once }: Delivery, { permanent, waitMs }: DeliveryFault): Date | null {
  const pause = pausesMs[tries - 1]
  if (once || permanent || pause === undefined) return null
  return new Date(Date.now() + Math.min(Math.max(pause, waitMs), maxPauseMs))
}

async function giveUp(core: Core, delivery: Delivery, state: DeliveryState, problem: string): Promise<null> {
  await settle(core, delivery, { state, problem, nextAttemptAt: null })
  return null
}

const settle = (
  core: Core,
  { _id, lease }: Delivery,
  outcome: Partial<Delivery>,
  attempt?: DeliveryAttempt,
) =>
  deliveriesOf(core).updateOne(
    { _id, lease },
    {
      $set: { ...outcome, leaseUntil: null },
      $unset: { lease: '' },
      ...(attempt && { $push: { attempts: { $each: [attempt], $slice: -attemptsKept } } }),
    },
  )
