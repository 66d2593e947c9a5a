import { afterEach, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../api/testing.ts'
import { changeSetsOf } from '../core/history/records.ts'
import { principalOf } from '../core/accounts/user.ts'
import { makePerson, type Person } from './access/people.ts'
import { makeAssets } from './access/things.ts'
import { killed, spawnWorkers } from './estate.ts'

let api: TestApi | undefined
afterEach(() => api?.close())

/** Servers that are all alike. */
async function make(own: TestApi, owner: Person, count: number) {
  const access = [{ ...principalOf(owner._id), level: 'ADMIN' as const }]
  for (let start = 0; start < count; start += 1000)
    await makeAssets(
      own.core,
      'Add servers',
      Array.from({ length: 1000 }, (_, n) => ({
        kind: 'SERVER',
        facts: { name: `s-${start + n}`, environment: 'before' },
        access,
      })),
    )
}

describe('a bulk edit whose worker is killed', () => {
  it('has changed nothing then, and everything when another worker has ended it', async () => {
    const own = (api = await startTestApi())
    const ada = await makePerson(own.core, 'Ada')
    const total = 8000
    await make(own, ada, total)
    const count = async (environment: string) => {
      const { data, errors } = await own.query(
        'query ($filter: ServerFilter) { servers(filter: $filter) { totalCount } }',
        { filter: { environment: { eq: environment } } },
        ada.token,
      )
      expect(errors).toBeUndefined()
      expect(errors).toBeUndefined()
      return data.servers.totalCount as number
    }
    const watch = async (
      id: string,
      enough: (run: { state: string; totals: { found: number } }) => boolean,
    ) => {
      const events = own.subscribe(
        'subscription ($id: ID!) { run(id: $id) { state attempt totals { found changed } } }',
        { id },
        ada.token,
      )
      let last
      for await (const { data } of events) if (enough((last = data.run))) break
      return last
    }
    const first = await spawnWorkers(own)
    const { data } = await own.query(
      `mutation ($input: AssetsUpdateInput!) { assetsUpdate(input: $input) { run { id } userErrors { message } } }`,
      {
        input: {
          filter: { servers: { environment: { eq: 'before' } } },
          set: { server: { environment: 'after' } },
        },
      },
      ada.token,
    )
    const { run } = data.assetsUpdate
    const met = await watch(run.id, ({ totals }) => totals.found >= 500)
    expect(met.totals.found).toBeLessThan(total)
    await killed(first, 'SIGKILL')
    expect([await count('before'), await count('after')]).toEqual([total, 0])

    const second = await spawnWorkers(own)
    try {
      const end = await watch(run.id, ({ state }) => state === 'SUCCEEDED' || state === 'FAILED')
      expect(end).toMatchObject({ state: 'SUCCEEDED', attempt: 2, totals: { found: total, changed: total } })
      expect([await count('before'), await count('after')]).toEqual([0, total])
      const assets = own.core.db.collection('assets')
      expect(await assets.countDocuments({ kind: 'SERVER', version: 2 })).toBe(total)
      const left = () => changeSetsOf(own.core).countDocuments({ applied: false })
      await expect.poll(left, { timeout: 60_000, interval: 500 }).toBe(0)
      expect(await changeSetsOf(own.core).countDocuments({ 'counts.changed': total })).toBe(1)
    } finally {
      await killed(second, 'SIGTERM')
    }
  }, 150_000)
})
