import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServices, type Services } from './services.ts'

describe('the services', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-services-'))
  let services: Services
  let client: MongoClient

  beforeAll(async () => {
    services = await startServices({ dataDir: folder })
    client = new MongoClient(services.mongoUri)
  })

  afterAll(async () => {
    await client.close()
    await services.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('keep every acknowledged write when the engine is killed', async () => {
    const notes = client.db('kept').collection<{ _id: number }>('notes')
    const acknowledged: number[] = []
    let going = true
    const writers = [0, 1, 2, 3].map(async (writer) => {
      for (let n = 0; going; n++) {
        const _id = writer * 1_000_000 + n
        const done = await notes.insertOne({ _id }).catch(() => undefined)
        if (done) acknowledged.push(_id)
      }
    })
    await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(100)
    const killed = services.engine!.kill()
    going = false
    await killed
    await services.engine!.restart()
    await Promise.all(writers)
    const found = new Set((await notes.find().toArray()).map((note) => note._id))
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([])
  })

  it('keep what Redis was told more than a second ago when it is killed', async () => {
    const redis = new Redis(services.redisUrl.replace('unix://', ''))
    redis.on('error', () => {})
    await redis.set('kept', 'yes')
    await redis.config('SET', 'appendfsync', 'always')
    await redis.set('kept-too', 'yes')
    await services.redis!.kill()
    await services.redis!.restart()
    expect(await redis.mget('kept', 'kept-too')).toEqual(['yes', 'yes'])
    expect((await redis.config('GET', 'maxmemory-policy')) as string[]).toContain('noeviction')
    redis.disconnect()
  })

  it('refuse a second start on the same data and leave the first alone', async () => {
    await expect(startServices({ dataDir: folder })).rejects.toThrow(/already running/)
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 })
  })

  it('say so when one of them ends by itself', async () => {
    const crashed = new Promise<void>((resolve) => services.redis!.onCrash(resolve))
    process.kill(services.redis!.pid, 'SIGKILL')
    await crashed
    await services.redis!.restart()
  })
})
