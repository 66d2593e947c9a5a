import { release } from 'node:os'
import type { Session } from '../platform/session.ts'
import { version } from '../platform/version.ts'
import { assertAdministrator } from './caller.ts'

export interface CollectionSize {
  name: string
  count: number
  sizeBytes: number
  indexBytes: number
}

/** Sizes of the collections, largest first; one command each. */
export async function findCollectionSizes(session: Session): Promise<CollectionSize[]> {
  assertAdministrator(session)
  const { db } = session.core
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name)
  const sizes = await Promise.all(
    names
      .filter((name) => !name.startsWith('system.'))
      .map(async (name) => {
        const stats = await db
          .collection(name)
          .aggregate<{ storageStats: { count: number; size: number; totalIndexSize: number } }>([
            { $collStats: { storageStats: {} } },
            {
              $project: { 'storageStats.count': 1, 'storageStats.size': 1, 'storageStats.totalIndexSize': 1 },
            },
          ])
          .next()
        const { count = 0, size = 0, totalIndexSize = 0 } = stats?.storageStats ?? {}
        return { name, count, sizeBytes: size, indexBytes: totalIndexSize }
      }),
  )
  return sizes.toSorted((a, b) => b.sizeBytes - a.sizeBytes)
}

/** Versions of what the installation runs on. */
export async function findVersions(session: Session): Promise<{ name: string; version: string }[]> {
  assertAdministrator(session)
  const { db, redis } = session.core
  const [mongo, info] = await Promise.all([db.command({ buildInfo: 1 }), redis.info('server')])
  return [
    { name: 'Maestro', version },
    { name: 'Node.js', version: process.versions.node },
    { name: 'MongoDB', version: String(mongo.version) },
    { name: 'Redis', version: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown' },
    { name: 'Operating system', version: `${process.platform} ${release()}` },
  ]
}

/** How much waits in the queues of these kinds. */
export async function findQueues(session: Session, kinds: string[]) {
  assertAdministrator(session)
  return Promise.all(
    kinds.map(async (name) => {
      const queue = session.core.queue(name)
      const [counts, workers] = await Promise.all([
        queue.getJobCounts('waiting', 'active', 'delayed'),
        queue.getWorkersCount(),
      ])
      const { waiting = 0, active = 0, delayed = 0 } = counts
      return { name, waiting, active, delayed, workers }
    }),
  )
}
