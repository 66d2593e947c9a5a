import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Collection, type Db, type Document, MongoClient, ObjectId } from 'mongodb'

interface Observed {
  connection: ObjectId
  scope: string
  changedAt: Date
  values: Record<string, unknown>
}

const { MONGODB_URI = '', MONGODB_DATABASE = '', FACTS = '', PRINCIPALS = '', FIRST = '' } = process.env
const facts = FACTS.split(',')
const principals = PRINCIPALS.split(',')
const first = Number(FIRST)
const client = await MongoClient.connect(MONGODB_URI, { ignoreUndefined: true })
const db = client.db(MONGODB_DATABASE)

/** The same answer as the API's, by the same reads, written by hand. */
const server = createServer((_request, response) => {
  page(db).then(
    (body) => response.setHeader('content-type', 'application/json').end(body),
    (error: Error) => response.writeHead(500).end(error.message),
  )
})
server.listen(0, '127.0.0.1', () =>
  process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }),
)

async function page(db: Db): Promise<string> {
  const rows = await db
    .collection('assets')
    .find(
      {
        $and: [
          { kind: 'SERVER', retiredAt: null },
          { 'access.principal': { $in: principals.map((id) => new ObjectId(id)) } },
        ],
      },
      { collation: { locale: 'en', strength: 2, numericOrdering: true } },
    )
    .sort({ name: 1, _id: 1 })
    .limit(first + 1)
    .batchSize(first + 1)
    .toArray()
  const shown = rows.slice(0, first)
  const observations = shown.flatMap((row) => row.observations as Observed[])
  const [datacenters, connections, scopes] = await Promise.all([
    byId(
      db.collection('assets'),
      shown.map((row) => row.datacenter as ObjectId),
    ),
    byId(
      db.collection('connections'),
      observations.map((one) => one.connection),
    ),
    byId(
      db.collection<{ _id: string }>('scopes') as unknown as Collection,
      observations.map((one) => one.scope),
    ),
  ])
  const nodes = shown.map((row) => ({
    id: String(row._id),
    name: row.name as string,
    datacenter: { name: datacenters.get(String(row.datacenter))?.name as string },
    provenance: provenance(row.observations as Observed[], connections, scopes),
  }))
  return JSON.stringify({ data: { servers: { nodes } } })
}

function provenance(
  [observed]: Observed[],
  connections: Map<string, Document>,
  scopes: Map<string, Document>,
): object[] {
  if (!observed) return []
  const { values, changedAt } = observed
  const complete = scopes.get(observed.scope)?.lastCompleteAt as Date | undefined
  const lastSeenAt = complete && complete > changedAt ? complete : changedAt
  const connection = { name: connections.get(String(observed.connection))?.name as string }
  return facts
    .filter((field) => values[field] !== undefined)
    .map((field) => ({ field, origin: 'OBSERVED', connection, observedAt: changedAt, lastSeenAt }))
}

async function byId(
  collection: Collection,
  ids: readonly (ObjectId | string)[],
): Promise<Map<string, Document>> {
  const wanted = [...new Map(ids.map((id) => [String(id), id])).values()]
  const rows = await collection.find({ _id: { $in: wanted as ObjectId[] } }).toArray()
  return new Map(rows.map((row) => [String(row._id), row]))
}
