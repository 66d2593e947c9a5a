import type { Bench } from './bench.ts'
import { type Cloud, drainPages, startCloud } from './cloud.ts'
import { type Crawl, startMaestro } from './maestro.ts'
import { runFloor } from './process.ts'
import { median, rounded, type Workload } from './workload.ts'

const target = 1.5

/** A first crawl against what no crawl can do without: reading the pages, and writing what comes out. */
export const ingest: Workload = {
  name: 'ingest',
  description: 'a first crawl, against draining the same pages and inserting the same documents; memory',
  async run(bench) {
    const size = bench.long ? 20_000 : 10_000
    const rounds = bench.long ? 3 : 2
    await compare(bench, 'time of a first crawl, one region', { 'eu-west-1': size }, rounds)
    const quarter = size / 4
    await compare(
      bench,
      'time of a first crawl, four regions',
      { 'eu-west-1': quarter, 'eu-central-1': quarter, 'us-east-1': quarter, 'us-west-2': quarter },
      bench.long ? 2 : 1,
    )
    await memory(bench, 5_000, bench.long ? 50_000 : 20_000, bench.long ? 2 : 1)
  },
}

async function compare(bench: Bench, measure: string, regions: Record<string, number>, rounds: number) {
  const cloud = await startCloud(bench, regions)
  const crawls: number[] = []
  const drains: number[] = []
  const inserts: number[] = []
  for (let round = 1; round <= rounds; round++) {
    drains.push((await drainPages(bench, cloud)).ms)
    await firstCrawl(bench, cloud, async ({ ms, totals }, database) => {
      crawls.push(ms)
      const input = { uri: bench.services.mongoUri, from: database, into: bench.newDatabase() }
      inserts.push((await runFloor<{ ms: number }>(bench, 'insertFinal', input)).ms)
      bench.say(
        `${totals.created} created in ${ms} ms; drained in ${Math.round(drains.at(-1)!)} ms, inserted in ${Math.round(inserts.at(-1)!)} ms`,
      )
    })
  }
  await cloud.stop()
  const [crawl, drain, insert] = [crawls, drains, inserts].map(median) as [number, number, number]
  bench.report({
    measure,
    value: crawl / Math.max(drain, insert),
    unit: 'ratio',
    atMost: target,
    floor:
      drain > insert ? 'draining the pages through the SDK' : 'inserting the documents by the raw driver',
    detail: {
      regions,
      rounds,
      crawlMs: crawl,
      drainMs: rounded(drain),
      insertMs: rounded(insert),
      // With both floors after one another, as on a single core.
      toBothFloors: rounded(crawl / (drain + insert)),
    },
  })
}

async function memory(bench: Bench, small: number, large: number, rounds: number) {
  const peaks: Record<number, number[]> = { [small]: [], [large]: [] }
  for (let round = 1; round <= rounds; round++)
    for (const size of [small, large]) {
      const cloud = await startCloud(bench, { 'eu-west-1': size })
      await firstCrawl(bench, cloud, async (_crawl, _database, peak) => void peaks[size]!.push(peak))
      bench.say(`${size} instances: the worker's peak is ${Math.round(peaks[size]!.at(-1)!)} MiB`)
      await cloud.stop()
    }
  const [few, many] = [median(peaks[small]!), median(peaks[large]!)]
  bench.report({
    measure: "growth of the worker's peak memory",
    value: (many / few - 1) * 100,
    unit: '%',
    atMost: 10,
    floor: `a crawl of ${small} instances by a fresh worker`,
    detail: { instances: [small, large], peakMiB: [rounded(few), rounded(many)], rounds },
  })
}

/** A crawl of everything by a new worker into an empty inventory, and a look at what it left. */
async function firstCrawl(
  bench: Bench,
  cloud: Cloud,
  look: (crawl: Crawl, database: string, peakMemory: number) => Promise<void>,
) {
  const maestro = await startMaestro(bench)
  const worker = await maestro.startWorker()
  const crawl = await maestro.sync(await maestro.connect(cloud))
  const peak = worker.peakMemory()
  await worker.stop()
  await look(crawl, maestro.db.databaseName, peak)
  await maestro.stop()
}
