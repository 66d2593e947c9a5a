import { ObjectId } from 'mongodb'
import type { Connection } from '../../core/discovery/connection.ts'
import { connectionsOf } from '../../core/discovery/connection.ts'
import { scopeId, scopesOf } from '../../core/discovery/scope.ts'
import { principalOf } from '../../core/accounts/user.ts'
import { commit } from '../../core/history/commit.ts'
import { ChangeOrigin, type Fields } from '../../core/history/records.ts'
import { creation } from '../../core/history/step.ts'
import type { Asset } from '../../core/inventory/asset.ts'
import { effective } from '../../core/inventory/effective.ts'
import { kindOf } from '../../core/inventory/kinds.ts'
import { type Observed, ObservationState } from '../../core/inventory/observation.ts'
import { relationSteps } from '../../core/inventory/references.ts'
import type { Core } from '../../core/platform/core.ts'
import { decodeId, encodeId } from '../../core/platform/ids.ts'
import { systemSession } from '../../core/platform/session.ts'

/** A connection of somebody, with one scope that was once read to its end. */
export async function storeConnection(core: Core, owner: string, datacenter: string, name: string) {
  const now = new Date()
  const connection = {
    _id: new ObjectId(),
    workspace: 'main',
    name,
    provider: 'AWS',
    datacenter: decodeId(datacenter).id,
    regions: ['eu-west-1'],
    enabled: true,
    settings: {},
    secrets: {},
    uploads: [],
    account: '123456789012',
    access: accessOf(owner),
    createdByName: 'Ada Lovelace',
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
  await connectionsOf(core).insertOne(connection as unknown as Connection)
  return connection
}

export const accessOf = (owner: string): Asset['access'] => [
  { ...principalOf(decodeId(owner, 'User').id), level: 'ADMIN' },
]

/** What a crawl leaves of servers that it has met for the first time; answers their ids. */
export async function observeServers(
  core: Core,
  owner: string,
  connection: { _id: ObjectId; datacenter: ObjectId },
  all: Fields[],
): Promise<string[]> {
  const kind = kindOf('SERVER')
  const session = systemSession(core, 'Crawl')
  const scope = scopeId(connection._id, 'eu-west-1', 'instances')
  await scopesOf(core).updateOne(
    { _id: scope },
    { $set: { connection: connection._id, region: 'eu-west-1', resource: 'instances' } },
    { upsert: true },
  )
  const steps = all.map((values) => {
    const id = new ObjectId()
    const observation: Observed = {
      scope,
      connection: connection._id,
      region: 'eu-west-1',
      resource: 'instances',
      externalId: `i-${id.toHexString()}`,
      state: ObservationState.PRESENT,
      changedAt: session.now,
      run: new ObjectId(),
      checksum: '',
      values: { datacenter: connection.datacenter, ...values },
    }
    const claims = { declared: {}, observations: [observation] }
    const fields = effective(kind, claims)
    const record = {
      kind: kind.kind,
      workspace: session.workspace,
      createdAt: session.now,
      access: accessOf(owner),
      ...claims,
      ...fields,
    }
    return { id, fields, step: creation(id, { collection: 'assets', recordKind: kind.kind }, record) }
  })
  const edges = await relationSteps(
    session,
    steps.map(({ id, fields }) => ({ kind, id, current: null, fields, sources: [scope] })),
  )
  await commit(session, { title: 'Read eu-west-1', origin: ChangeOrigin.CRAWL }, [
    ...steps.map(({ step }) => step),
    ...edges,
  ])
  return steps.map(({ id }) => encodeId('Server', id))
}
