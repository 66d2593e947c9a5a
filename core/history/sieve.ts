import type { Document, ObjectId } from 'mongodb'
import { visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import type { Session } from '../platform/session.ts'
import { type Change, changesOf, recordsOf } from './records.ts'

/** What deciding about a change needs of it. */
export type Sieved = Pick<
  Change,
  '_id' | 'set' | 'collection' | 'record' | 'subject' | 'object' | 'version' | 'action'
>

export const sievedFields = {
  set: 1,
  collection: 1,
  record: 1,
  subject: 1,
  object: 1,
  version: 1,
  action: 1,
} as const

/**
 * The changes that have happened and that the session may see: their record has reached the change's version, and it is
 * visible, an edge with both its ends. Two commands, whatever their number.
 */
export async function sieve<T extends Sieved>(session: Session, changes: T[]): Promise<T[]> {
  const edges = await edgesOf(
    session,
    changes.filter((change) => change.collection === 'relations').map((change) => change.record),
  )
  const ends = new Map(
    [...changes.map((change) => change.subject), ...[...edges.values()].map((edge) => edge.to)].map((id) => [
      id.toHexString(),
      id,
    ]),
  )
  const assets = await versionsOfVisible(session, [...ends.values()])
  return changes.filter((change) => {
    const near = assets.get(change.subject.toHexString())
    if (near === undefined) return false
    if (change.collection === 'assets') return change.version <= near
    const edge = edges.get(change.record.toHexString())
    return edge !== undefined && change.version <= edge.version && assets.has(edge.to.toHexString())
  })
}

interface Edge {
  version: number
  to: ObjectId
}

async function edgesOf(session: Session, ids: ObjectId[]): Promise<Map<string, Edge>> {
  if (!ids.length) return new Map()
  const rows = await recordsOf(session.core, 'relations')
    .find({ _id: { $in: ids } }, { projection: { version: 1, to: 1 }, maxTimeMS: queryTimeoutMs })
    .batchSize(ids.length + 1)
    .toArray()
  return new Map(
    rows.map((row) => [String(row._id), { version: row.version as number, to: row.to as ObjectId }]),
  )
}

async function versionsOfVisible(session: Session, ids: ObjectId[]): Promise<Map<string, number>> {
  if (!ids.length) return new Map()
  const rows = await recordsOf(session.core, 'assets')
    .find(
      { _id: { $in: ids }, ...visible(session) },
      { projection: { version: 1 }, maxTimeMS: queryTimeoutMs },
    )
    .batchSize(ids.length + 1)
    .toArray()
  return new Map(rows.map((row) => [String(row._id), row.version as number]))
}

const chunk = 5_000

/** What is left of all changes with one of these values, read in chunks, so that memory stays flat. */
export async function* sieveAll(
  session: Session,
  by: 'subject' | 'object' | 'set',
  parents: readonly ObjectId[],
  filter: Document = {},
): AsyncGenerator<Sieved[]> {
  const rows = changesOf(session.core)
    .find({ [by]: { $in: [...parents] }, ...filter }, { projection: sievedFields, maxTimeMS: queryTimeoutMs })
    .batchSize(chunk)
  let waiting: Sieved[] = []
  for await (const row of rows) {
    if (waiting.push(row) < chunk) continue
    yield sieve(session, waiting)
    waiting = []
  }
  if (waiting.length) yield sieve(session, waiting)
}
