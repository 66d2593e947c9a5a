import type { Bench } from './bench.ts'
import { type Cloud, drainPages, startCloud } from './cloud.ts'
import { startMaestro } from './maestro.ts'
import { runFloor } from './process.ts'
import { medians, type Took } from './took.ts'
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
  const crawls: Took[] = []
  const drains: Took[] = []
  const inserts: Took[] = []
  for (let round = 1; round <= rounds; round++) {
    drains.push(await drainPages(bench, cloud))
    await firstCrawl(bench, cloud, async (crawl, database) => {
      crawls.push(crawl)
      const input = { uri: bench.services.mongoUri, from: database, into: bench.newDatabase() }
      inserts.push(await runFloor<Took>(bench, 'insertFinal', input))
    })
    const [crawl, drain, insert] = [crawls, drains, inserts].map((all) => Math.round(all.at(-1)!.ms))
    bench.say(`crawled in ${crawl} ms, drained in ${drain} ms, inserted in ${insert} ms`)
  }
  await cloud.stop()
  const [crawl, drain, insert] = [crawls, drains, inserts].map(medians) as [Took, Took, Took]
  bench.report({
    measure,
    value: crawl.ms / Math.max(drain.ms, insert.ms),
    unit: 'ratio',
    atMost: target,
    floor:
      drain.ms > insert.ms
        ? 'draining the pages through the SDK'
        : 'inserting the documents by the raw driver',
    detail: {
      regions,
      rounds,
      crawl,
      drain,
      insert,
      // Where no core is idle nothing can overlap, and a crawl takes as long as both floors together.
      toBothFloors: rounded(crawl.ms / (drain.ms + insert.ms)),
      cpuToBothFloors: rounded(crawl.cpuMs / (drain.cpuMs + insert.cpuMs)),
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
  look: (crawl: Took, database: string, peakMemory: number) => Promise<void>,
) {
  const maestro = await startMaestro(bench)
  const worker = await maestro.startWorker()
  const connection = await maestro.connect(cloud)
  const cpuBefore = worker.cpuTime()
  const { ms } = await maestro.sync(connection)
  const cpuMs = worker.cpuTime() - cpuBefore
  const peak = worker.peakMemory()
  await worker.stop()
  await look({ ms, cpuMs }, maestro.db.databaseName, peak)
  await maestro.stop()
}
