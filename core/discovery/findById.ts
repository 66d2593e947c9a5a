import type { ObjectId } from 'mongodb'
import { visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import type { Session } from '../platform/session.ts'
import { type Connection, connectionsOf, hydrateConnection } from './connection.ts'
import { type Scope, scopesOf } from './scope.ts'

/** The visible ones among these, in one command. */
export const findConnectionsById = (session: Session, ids: readonly ObjectId[]) =>
  readConnections(session, { _id: { $in: [...ids] } })

/** The visible connections of these datacenters, by name. */
export const findConnectionsOf = (session: Session, datacenters: readonly ObjectId[]) =>
  readConnections(session, { datacenter: { $in: [...datacenters] } })

async function readConnections(session: Session, filter: object): Promise<Connection[]> {
  const records = await connectionsOf(session.core)
    .find({ ...filter, ...visible(session) }, { maxTimeMS: queryTimeoutMs, batchSize: 10_000 })
    .sort({ name: 1, _id: 1 })
    .toArray()
  return records.map(hydrateConnection)
}

/** Scopes tell how fresh an observation is; whoever sees the observation may know that. */
export const findScopesById = (session: Session, ids: readonly string[]): Promise<Scope[]> =>
  scopesOf(session.core)
    .find({ _id: { $in: [...ids] } }, { maxTimeMS: queryTimeoutMs, batchSize: ids.length + 1 })
    .toArray()
