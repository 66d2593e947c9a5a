import { rmSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { startEngine } from './engine.ts'
import { startRedis } from './redis.ts'
import type { Service } from './service.ts'
import { socketFolder } from './socketFolder.ts'
import { openDataFolder } from './dataFolder.ts'

export interface ServicesOptions {
  dataDir: string
  /** Used instead of the embedded engine. */
  mongoUri?: string
  /** Used instead of a private Redis. */
  redisUrl?: string
  say?: (line: string) => void
  /** Called when the folder is ours alone, before anything is started in it; what it throws ends the start. */
  opened?: () => void | Promise<void>
}

export interface Services {
  mongoUri: string
  redisUrl: string
  /** Undefined where `mongoUri` was given. */
  engine?: Service
  /** Undefined where `redisUrl` was given. */
  redis?: Service
  stop(): Promise<void>
}

/** Everything that Maestro needs beneath it, on data that no other Maestro uses meanwhile. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const dataDir = resolve(options.dataDir)
  const lock = openDataFolder(dataDir)
  let socketDir = ''
  const started: Service[] = []
  const stop = async () => {
    for (const service of started.reverse()) await service.stop()
    if (socketDir && !socketDir.startsWith(dataDir + sep)) rmSync(socketDir, { recursive: true, force: true })
    lock.release()
  }
  try {
    socketDir = socketFolder(dataDir)
    await options.opened?.()
    const engine = options.mongoUri ? undefined : await startEngine({ ...options, dataDir, socketDir })
    if (engine) started.push(engine.service)
    const redis = options.redisUrl ? undefined : await startRedis({ ...options, dataDir, socketDir })
    if (redis) started.push(redis.service)
    return {
      mongoUri: engine?.uri ?? options.mongoUri!,
      redisUrl: redis?.url ?? options.redisUrl!,
      engine: engine?.service,
      redis: redis?.service,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
