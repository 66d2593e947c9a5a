import { ObjectId } from 'mongodb'
import { type Connection, connectionsOf } from '../../core/discovery/connection.ts'
import { commit } from '../../core/history/commit.ts'
import { ChangeOrigin, type Fields } from '../../core/history/records.ts'
import { creation } from '../../core/history/step.ts'
import type { Declaration } from '../../core/inventory/asset.ts'
import { effective } from '../../core/inventory/effective.ts'
import { kindOf } from '../../core/inventory/kinds.ts'
import { relationSteps } from '../../core/inventory/references.ts'
import type { AccessEntry } from '../../core/platform/access.ts'
import type { Core } from '../../core/platform/core.ts'
import { encodeId } from '../../core/platform/ids.ts'
import { systemSession } from '../../core/platform/session.ts'
import { Run, RunState, runsOf } from '../../core/runs/run.ts'
import { deliveriesOf, type Delivery, DeliveryState } from '../../core/scheduling/delivery.ts'
import { After, type Chain, chainsOf } from '../../core/scheduling/chain.ts'
import { ActionType, type OwnSchedule, ownSchedulesOf } from '../../core/scheduling/ownSchedule.ts'
import { type Webhook, WebhookMethod, webhooksOf } from '../../core/scheduling/webhook.ts'
import { seal } from '../../core/platform/secrets.ts'
import { FileFormat } from '../../core/transfer/format.ts'
import { type Import, importsOf, noImportCounts } from '../../core/transfer/import.ts'

export interface Thing {
  _id: ObjectId
  id: string
  name: string
}

/** Assets that come into the inventory together. @returns them, and the id of the change set */
export async function makeAssets(
  core: Core,
  title: string,
  wanted: { kind: string; facts: Fields; access: AccessEntry[]; _id?: ObjectId }[],
): Promise<{ things: Thing[]; changeSet: string }> {
  const session = systemSession(core, 'Test')
  const made = wanted.map(({ kind: name, facts, access, _id = new ObjectId() }) => {
    const kind = kindOf(name)
    const declared = Object.fromEntries(
      Object.entries(facts).map(([fact, value]): [string, Declaration] => [
        fact,
        { value, by: 'Test', at: session.now },
      ]),
    )
    const fields = effective(kind, { declared, observations: [] })
    const record = {
      kind: name,
      workspace: session.workspace,
      createdAt: session.now,
      access,
      observations: [],
      declared,
      ...fields,
    }
    return { kind, _id, fields, name: String(facts.name), record }
  })
  const edges = await relationSteps(
    session,
    made.map(({ kind, _id, fields }) => ({ kind, id: _id, current: null, fields, sources: [] })),
  )
  const set = await commit(session, { title, origin: ChangeOrigin.MANUAL }, [
    ...made.map(({ kind, _id, record }) =>
      creation(_id, { collection: 'assets', recordKind: kind.kind }, record),
    ),
    ...edges,
  ])
  return {
    things: made.map(({ kind, _id, name }) => ({ _id, id: encodeId(kind.typeName, _id), name })),
    changeSet: encodeId('ChangeSet', set!._id),
  }
}

export async function makeConnection(
  core: Core,
  name: string,
  datacenter: ObjectId,
  access: AccessEntry[],
): Promise<Thing> {
  const now = new Date()
  const _id = new ObjectId()
  await connectionsOf(core).insertOne({
    _id,
    workspace: 'main',
    name,
    provider: 'AWS',
    datacenter,
    regions: ['eu-west-1'],
    enabled: true,
    settings: {},
    secrets: {},
    uploads: [],
    account: null,
    access,
    createdByName: 'Test',
    version: 1,
    createdAt: now,
    updatedAt: now,
  } as unknown as Connection)
  return { _id, id: encodeId('Connection', _id), name }
}

export async function makeRun(core: Core, connection: Thing, access: AccessEntry[]): Promise<Thing> {
  const now = new Date()
  const run = Object.assign(new Run(), {
    _id: new ObjectId(),
    workspace: 'main',
    kind: 'crawl',
    title: `Sync ${connection.name}`,
    subject: { type: 'Connection' as const, id: connection._id },
    state: RunState.RUNNING,
    actor: { type: 'SYSTEM' as const, id: null, name: 'Test' },
    access,
    input: null,
    createdAt: now,
    startedAt: now,
    finishedAt: null,
    heartbeatAt: now,
    attempt: 1,
    cancelRequested: false,
    scopes: [],
    log: [],
    problem: null,
  })
  await runsOf(core).insertOne(run as unknown as Run)
  return { _id: run._id, id: encodeId('Run', run._id), name: run.title }
}

/** An import that has been checked. */
export async function makeImport(core: Core, access: AccessEntry[]): Promise<Thing> {
  const _id = new ObjectId()
  await importsOf(core).insertOne({
    _id,
    workspace: 'main',
    kind: 'SERVER',
    fileName: 'servers.csv',
    upload: new ObjectId(),
    format: FileFormat.CSV,
    columns: [{ header: 'name', field: 'name', samples: [] }],
    access,
    createdAt: new Date(),
    revision: 1,
    checkedBy: new ObjectId(),
    counts: { ...noImportCounts(), create: 1 },
    appliedAt: null,
    changeSet: null,
  } as unknown as Import)
  return { _id, id: encodeId('Import', _id), name: 'servers.csv' }
}

/** A webhook that leads nowhere, with a message that was not delivered. */
export async function makeWebhook(core: Core, access: AccessEntry[]): Promise<Thing & { delivery: string }> {
  const now = new Date()
  const _id = new ObjectId()
  const delivery = new ObjectId()
  await webhooksOf(core).insertOne({
    _id,
    workspace: 'main',
    name: 'nowhere',
    url: 'http://127.0.0.1:1/',
    method: WebhookMethod.POST,
    headers: [],
    body: null,
    secret: seal(core.config.SECRETS_KEY, 'x'.repeat(32)),
    enabled: true,
    access,
    createdByName: 'Test',
    version: 1,
    createdAt: now,
    updatedAt: now,
  } as unknown as Webhook)
  await deliveriesOf(core).insertOne({
    _id: delivery,
    webhook: _id,
    event: 'test',
    requestedBy: 'Test',
    data: null,
    state: DeliveryState.FAILED,
    request: null,
    answer: null,
    attempts: [],
    problem: 'Nothing listens there.',
    createdAt: now,
    deliveredAt: null,
    nextAttemptAt: null,
    expiresAt: new Date(+now + 3600_000),
    tries: 1,
    once: false,
    leaseUntil: null,
  } as unknown as Delivery)
  return {
    _id,
    id: encodeId('Webhook', _id),
    name: 'nowhere',
    delivery: encodeId('Delivery', delivery),
  }
}

/** A schedule that is never due, and a chain from it to another one with the same list. */
export async function makeOwnSchedule(core: Core, access: AccessEntry[]): Promise<Thing & { chain: string }> {
  const now = new Date()
  const [_id, next, chain] = [new ObjectId(), new ObjectId(), new ObjectId()]
  const schedule = {
    workspace: 'main',
    name: 'never',
    action: { type: ActionType.WEBHOOK, target: new ObjectId(), resources: null },
    everyMinutes: null,
    cron: null,
    timeZone: 'UTC',
    paused: false,
    nextAt: null,
    lastAt: null,
    failures: 0,
    missed: 0,
    access,
    createdByName: 'Test',
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
  await ownSchedulesOf(core).insertMany([
    { ...schedule, _id },
    { ...schedule, _id: next },
  ] as unknown as OwnSchedule[])
  await chainsOf(core).insertOne({
    _id: chain,
    from: _id,
    fromType: 'OwnSchedule',
    to: next,
    after: After.SUCCESS,
    delaySeconds: 0,
  } as unknown as Chain)
  return { _id, id: encodeId('OwnSchedule', _id), name: schedule.name, chain: encodeId('Chain', chain) }
}
