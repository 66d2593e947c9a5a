import type { AnyEntity, Constructor, MikroORM } from '@mikro-orm/mongodb'
import { Queue, type QueueOptions } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Db } from 'mongodb'
import type { Config } from './config.ts'
import { openDatabase } from './database.ts'
import { openFiles } from './files/open.ts'
import type { FileStore } from './files/store.ts'
import { Live } from './live.ts'
import { createLog, type Log } from './log.ts'
import { openPatientRedis, openPromptRedis, untilReady } from './redis.ts'

/** What one process holds open: settings, database, Redis, queues. Nothing in it belongs to a person. */
export interface Core {
  config: Config
  log: Log
  orm: MikroORM
  db: Db
  redis: Redis
  live: Live
  files: FileStore
  /** Where people reach the web app: `BASE_URL`, else where the API of this process listens. For links in mails. */
  baseUrl: string
  /** The queue of one kind of run. */
  queue(kind: string): Queue
  close(): Promise<void>
}

/** Opens everything a process needs; on failure nothing stays open. */
export async function openCore(
  process: string,
  config: Config,
  entities: Constructor<AnyEntity>[],
): Promise<Core> {
  const log = createLog(process, config.LOG_LEVEL)
  const files = await openFiles(config)
  const orm = await openDatabase(config, entities)
  const redis = openPromptRedis(config.REDIS_URL)
  const subscriber = openPatientRedis(config.REDIS_URL)
  for (const connection of [redis, subscriber])
    connection.on('error', (error) => log.warn({ error: error.message }, 'Redis is away; trying again'))
  try {
    await Promise.all([untilReady(redis), untilReady(subscriber)])
  } catch (error) {
    redis.disconnect()
    subscriber.disconnect()
    await orm.close(true)
    throw error
  }

  const queues = new Map<string, Queue>()
  return {
    config,
    log,
    orm,
    db: orm.em.getConnection().getDb(),
    redis,
    live: new Live(redis, subscriber),
    files,
    baseUrl: config.BASE_URL ?? `http://localhost:${config.PORT}`,
    queue(kind) {
      let queue = queues.get(kind)
      if (!queue) {
        queue = new Queue(kind, queueOptions(config, redis))
        queue.on('error', () => undefined)
        queues.set(kind, queue)
      }
      return queue
    },
    async close() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()))
      redis.disconnect()
      subscriber.disconnect()
      await orm.close(true)
    },
  }
}

/** Queues of one installation do not meet those of another in the same Redis. */
export const queuePrefix = (config: Config) => `maestro-${config.MONGODB_DATABASE}`

const queueOptions = (config: Config, connection: Redis): QueueOptions => ({
  connection,
  prefix: queuePrefix(config),
  defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
})
