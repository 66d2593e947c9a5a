import type { ObjectId } from 'mongodb'
import { visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import type { Session } from '../platform/session.ts'
import { hydrateRun, type Run, runsOf } from './run.ts'

/** The visible ones among these, in one command. */
export async function findRunsById(session: Session, ids: readonly ObjectId[]): Promise<Run[]> {
  const records = await runsOf(session.core)
    .find(
      { _id: { $in: [...ids] }, ...visible(session) },
      { maxTimeMS: queryTimeoutMs, batchSize: ids.length + 1 },
    )
    .toArray()
  return records.map(hydrateRun)
}
