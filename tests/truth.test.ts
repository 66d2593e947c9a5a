import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomFrom } from '../dev/emulators/aws/random.ts'
import { type Account, anyEvent, type Event, patiently } from './truth/account.ts'
import { startChaos } from './truth/chaos.ts'
import { startWhole } from './truth/maestro.ts'

/** More of them, and from another seed: TRUTH_SEQUENCES=300 TRUTH_SEED=7 npx vitest run tests/truth.test.ts */
const sequences = Number(process.env.TRUTH_SEQUENCES ?? 30)
const seed = Number(process.env.TRUTH_SEED ?? Date.now() % 1_000_000)
const atOnce = 6

const random = randomFrom('chaos', seed)

describe(`whatever happens to clouds and to Maestro (seed ${seed})`, () => {
  let maestro: Awaited<ReturnType<typeof startWhole>>
  beforeAll(async () => void (maestro = await startWhole()), 90_000)
  afterAll(() => maestro?.close())

  it(
    'the inventory is what the clouds have after one complete run, and nothing else after two',
    { timeout: 120_000 + sequences * 20_000 },
    async () => {
      const histories = fc.sample(fc.array(anyEvent, { minLength: 3, maxLength: 10 }), {
        numRuns: sequences,
        seed,
      })
      const begun: { account: Account; history: Event[] }[] = []
      // What dies again and again is started ever later, so after the first round each part is left alone for a minute.
      const chaos = startChaos(maestro.dataDir, ['worker', 'api', 'redis', 'worker', 'engine'], (turn) =>
        turn < 5 ? 1_500 + 1_500 * random() : 15_000 + 8_000 * random(),
      )
      try {
        await each(histories, async (history) => {
          const account = await maestro.account()
          begun.push({ account, history })
          for (const event of history) await account.happen(event)
        })
      } finally {
        await chaos.stop()
      }
      expect(chaos.killed.length).toBeGreaterThan(2)

      await each(begun, async ({ account, history }) => {
        account.calm()
        const told = `seed ${seed}: ${JSON.stringify(history)}`
        await account.crawlCleanly().catch(naming(told))
        await account.assertTrue('what is present').catch(naming(told))
        await account.crawlCleanly().catch(naming(told))
        await account.assertTrue('all that lives').catch(naming(told))
      })
      // Every run has ended, also those whose worker was killed.
      const { runs } = await patiently(() =>
        maestro.ask<{ runs: { nodes: { title: string; finishedAt: string | null }[] } }>(
          '{ runs(first: 200) { nodes { title finishedAt } } }',
        ),
      )
      expect(runs.nodes.length).toBeGreaterThan(Math.min(100, sequences))
      expect(runs.nodes.filter(({ finishedAt }) => !finishedAt)).toEqual([])
    },
  )
})

async function each<T>(all: T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all]
  const worker = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) await work(one)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

const naming = (told: string) => (error: Error) => {
  error.message = `${told}\n${error.message}`
  throw error
}
