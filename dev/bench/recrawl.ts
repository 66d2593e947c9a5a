import type { Db } from 'mongodb'
import { entities } from '../../core/entities.ts'
import { parseConfig } from '../../core/platform/config.ts'
import { openCore } from '../../core/platform/core.ts'
import { startWorkers } from '../../workers/workers.ts'
import type { Bench } from './bench.ts'
import { drainPages, startCloud } from './cloud.ts'
import { type Maestro, startMaestro } from './maestro.ts'
import { medians, type Took } from './took.ts'
import { rounded, type Workload } from './workload.ts'

const graph = ['assets', 'relations', 'changes', 'changeSets']
const writes = ['insert', 'update', 'delete', 'findAndModify', 'bulkWrite']

/** The same crawl again, when nothing has changed. */
export const recrawl: Workload = {
  name: 'recrawl',
  description: 'a crawl of an unchanged estate: what it writes, and its time against draining the same pages',
  async run(bench) {
    const size = bench.long ? 20_000 : 10_000
    const rounds = 3
    const cloud = await startCloud(bench, { 'eu-west-1': size })
    const maestro = await startMaestro(bench)
    const connection = await maestro.connect(cloud)
    await crawlAnew(maestro, connection)

    const crawls: Took[] = []
    const drains: Took[] = []
    for (let round = 1; round <= rounds; round++) {
      drains.push(await drainPages(bench, cloud))
      const { ms, cpuMs, totals } = await crawlAnew(maestro, connection)
      if (totals.unchanged !== size)
        throw new Error(`${totals.unchanged} of ${size} instances were found unchanged.`)
      crawls.push({ ms, cpuMs })
      bench.say(`unchanged in ${ms} ms; drained in ${Math.round(drains.at(-1)!.ms)} ms`)
    }
    const [crawl, drain] = [crawls, drains].map(medians) as [Took, Took]
    bench.report({
      measure: 'time',
      value: crawl.ms / drain.ms,
      unit: 'ratio',
      atMost: 1.2,
      floor: 'draining the pages through the SDK',
      detail: { instances: size, rounds, crawl, drain, cpuToFloor: rounded(crawl.cpuMs / drain.cpuMs) },
    })
    await countWrites(bench, maestro, connection)
  },
}

async function crawlAnew(maestro: Maestro, connection: string) {
  const worker = await maestro.startWorker()
  const before = worker.cpuTime()
  const crawl = await maestro.sync(connection)
  const cpuMs = worker.cpuTime() - before
  await worker.stop()
  return { ...crawl, cpuMs }
}

/** Here the worker is part of this process, so that the driver tells each command that it sends. */
async function countWrites(bench: Bench, maestro: Maestro, connection: string) {
  const core = await openCore('workers', parseConfig(maestro.env), entities)
  const workers = await startWorkers(core)
  bench.own({
    async stop() {
      await workers.close()
      await core.close()
    },
  })
  const commands: string[] = []
  const before = await digest(maestro.db)
  core.orm.em
    .getConnection()
    .getClient()
    .on('commandStarted', ({ commandName, command }) => {
      if (writes.includes(commandName)) commands.push(String(command[commandName]))
    })
  await maestro.sync(connection)
  const after = await digest(maestro.db)
  const written = commands.filter((collection) => graph.includes(collection)).length
  const moved = graph.filter((name) => before[name] !== after[name])
  bench.report({
    measure: 'writes to the graph and its history',
    value: written + moved.length,
    unit: 'commands and collections',
    atMost: 0,
    floor: 'none',
    detail: { commands: written, otherWrites: commands.length - written, collectionsThatMoved: moved },
  })
}

/** Number of documents, sum of versions and latest update: any write moves one of them. */
async function digest(db: Db): Promise<Record<string, string>> {
  const found = await Promise.all(
    graph.map(async (name) => {
      const [row] = await db
        .collection(name)
        .aggregate([
          {
            $group: {
              _id: null,
              count: { $sum: 1 },
              versions: { $sum: '$version' },
              latest: { $max: '$updatedAt' },
            },
          },
        ])
        .toArray()
      return [name, JSON.stringify(row ?? null)] as const
    }),
  )
  return Object.fromEntries(found)
}
