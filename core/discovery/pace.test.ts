import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../../api/testing.ts'
import type { Core } from '../platform/core.ts'
import { slowDown, takeTurn } from './pace.ts'

describe('how often a source is asked', () => {
  let api: TestApi
  let other: TestApi
  const { signal } = new AbortController()
  beforeAll(async () => {
    api = await startTestApi()
    const { MONGODB_DATABASE, SESSION_SECRET } = api.core.config
    other = await startTestApi({ settings: { MONGODB_DATABASE, SESSION_SECRET } })
  })
  afterAll(() => Promise.all([other.close(), api.close()]))

  let accounts = 0
  const freshLimit = () => ({
    provider: 'AWS',
    account: String(++accounts),
    region: 'eu-west-1',
    service: 'ec2',
  })
  /** How long so many calls take, which two processes make at once. */
  async function msFor(calls: number, limit: ReturnType<typeof freshLimit>, cores: Core[]) {
    const began = performance.now()
    await Promise.all(
      Array.from({ length: calls }, (_, n) => takeTurn(cores[n % cores.length]!, limit, signal)),
    )
    return performance.now() - began
  }
  const both = () => [api.core, other.core]

  it('is not held up as long as nobody complains', async () => {
    expect(await msFor(100, freshLimit(), both())).toBeLessThan(500)
  })

  it('is one rate for all workers, halved by each complaint', async () => {
    const limit = freshLimit()
    // Those that were under way together count once: 25 in a second are left.
    await Promise.all(both().flatMap((core) => [slowDown(core, limit), slowDown(core, limit)]))
    const slow = await msFor(26, limit, both())
    expect(slow).toBeGreaterThan(900)
    expect(slow).toBeLessThan(2_000)
  })

  it('is a rate of its own for each account, region and service', async () => {
    const limit = freshLimit()
    await slowDown(api.core, limit)
    for (const differs of [{ account: 'x' }, { region: 'us-east-1' }, { service: 'rds' }, { provider: 'X' }])
      expect(await msFor(50, { ...limit, ...differs }, both())).toBeLessThan(500)
  })

  it('ends its wait when the run is cancelled', async () => {
    const limit = freshLimit()
    await slowDown(api.core, limit)
    const cancelling = new AbortController()
    const waits = Promise.all(Array.from({ length: 60 }, () => takeTurn(api.core, limit, cancelling.signal)))
    cancelling.abort()
    await expect(waits).rejects.toThrow(/abort/i)
  })

  it('holds nobody up while Redis is away', async () => {
    const limit = freshLimit()
    await slowDown(api.core, limit)
    const away = api.core.redis.duplicate({ enableOfflineQueue: false, lazyConnect: true })
    expect(await msFor(50, limit, [{ ...api.core, redis: away }])).toBeLessThan(200)
    away.disconnect()
  })
})
