import type { ObjectId } from 'mongodb'
import { type Connection, connectionsOf, hydrateConnection } from '../discovery/connection.ts'
import { getConnection } from '../discovery/connections.ts'
import type { CrawlInput } from '../discovery/crawl.ts'
import { findCrawler } from '../discovery/crawlers.ts'
import { requestCrawl } from '../discovery/requestCrawl.ts'
import { mayReach } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { fault } from '../platform/errors.ts'
import { type Session, systemSession } from '../platform/session.ts'
import { hasEnded, RunState, runsOf } from '../runs/run.ts'
import type { Outcome } from './chain.ts'
import { requestDelivery } from './deliveries.ts'
import { deliveriesOf, DeliveryState } from './delivery.ts'
import type { Occurrence } from './occurrence.ts'
import { ActionType, type OwnSchedule, type StoredAction } from './ownSchedule.ts'
import { webhooksOf } from './webhook.ts'
import { getOwnWebhook } from './webhooks.ts'

export interface ActionInput {
  type: ActionType
  /** Id of the connection or webhook. */
  target: string
  resources?: string[] | null
}

/** What became of a start: something to wait for, not yet, or nothing. */
export type Start =
  { run: ObjectId } | { delivery: ObjectId } | { later: true } | { skipped: string } | { failed: string }

export interface End {
  outcome: Outcome
  problem: string | null
}

/** One kind of thing that a schedule does. A further kind is one more entry in {@link actions}. */
interface Action {
  /** @throws UserFault or NotFound when the session may not have it done */
  read(session: Session, input: ActionInput): Promise<StoredAction>
  /** May be called twice for the same occurrence, so it starts things whose id follows from it. */
  start(core: Core, schedule: OwnSchedule, occurrence: Occurrence): Promise<Start>
  /** Null while it goes on. */
  end(core: Core, occurrence: Occurrence): Promise<End | null>
}

const gone: End = { outcome: 'FAILURE', problem: 'What it started is no longer known.' }

const crawl: Action = {
  async read(session, { target, resources }) {
    const connection = await getConnection(session, target)
    if (!mayReach(session, connection.access, 'WRITE'))
      throw fault('FORBIDDEN', 'action', `You may see ${connection.name}, but not have it read.`)
    const known = findCrawler(connection.provider)?.resources.map(({ name }) => name) ?? []
    const unknown = resources?.find((name) => !known.includes(name))
    if (unknown !== undefined)
      throw fault(
        'INVALID',
        'action',
        `${connection.provider} has no "${unknown.slice(0, 60)}"; there are ${known.join(', ')}.`,
      )
    return {
      type: ActionType.CRAWL,
      target: connection._id,
      resources: resources?.length ? [...new Set(resources)] : null,
    }
  },
  async start(core, { action, workspace }, { _id: id }) {
    const record = await connectionsOf(core).findOne({ _id: action.target })
    if (!record) return { failed: 'The connection no longer exists.' }
    const connection: Connection = hydrateConnection(record)
    if (!connection.enabled) return { skipped: `${connection.name} is switched off.` }
    const session = { ...systemSession(core, 'Schedule'), workspace }
    const { run } = await requestCrawl(session, connection, { resources: action.resources, id })
    const { resources, dryRun } = (run.input ?? {}) as CrawlInput
    const reads = action.resources
    const covered = !resources || (reads && reads.every((one) => resources.includes(one)))
    return !dryRun && covered ? { run: run._id } : { later: true }
  },
  async end(core, { run: _id }) {
    const run = await runsOf(core).findOne({ _id: _id! })
    if (!run) return gone
    if (!hasEnded(run)) return null
    if (run.state === RunState.SUCCEEDED) return { outcome: 'SUCCESS', problem: null }
    if (run.state === RunState.CANCELLED) return { outcome: 'STOPPED', problem: 'A person has stopped it.' }
    return { outcome: 'FAILURE', problem: run.problem?.message ?? 'Not all of it could be read.' }
  },
}

const webhook: Action = {
  async read(session, { target }) {
    const { _id } = await getOwnWebhook(session, target, 'action')
    return { type: ActionType.WEBHOOK, target: _id, resources: null }
  },
  async start(core, { action, name }, { _id, dueAt, cause }) {
    const record = await webhooksOf(core).findOne({ _id: action.target })
    if (!record) return { failed: 'The webhook no longer exists.' }
    if (!record.enabled) return { skipped: `${record.name} is switched off.` }
    const delivery = await requestDelivery(core, record, {
      id: _id.toHexString(),
      event: 'schedule.due',
      body: { schedule: name, dueAt, cause },
      requestedBy: name,
    })
    return { delivery: delivery._id }
  },
  async end(core, { delivery: _id }) {
    const delivery = await deliveriesOf(core).findOne({ _id: _id! })
    if (!delivery) return gone
    if (delivery.state === DeliveryState.WAITING) return null
    return delivery.state === DeliveryState.DELIVERED
      ? { outcome: 'SUCCESS', problem: null }
      : { outcome: 'FAILURE', problem: delivery.problem }
  },
}

export const actions: Record<ActionType, Action> = {
  [ActionType.CRAWL]: crawl,
  [ActionType.WEBHOOK]: webhook,
}
