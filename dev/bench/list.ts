import type { ObjectId } from 'mongodb'
import { kindOf } from '../../core/inventory/kinds.ts'
import type { Bench } from './bench.ts'
import { openCountedApi } from './countedApi.ts'
import { pageAs, startEstate } from './estate.ts'
import { fillServers } from './fill.ts'
import { load, once, type Target } from './load.ts'
import type { Maestro } from './maestro.ts'
import { startProcess } from './process.ts'
import { median, rounded, type Workload } from './workload.ts'

const connections = 4
const firsts = [5, 100, 200]

/** The list that people look at most, with everything beside it. */
export const list: Workload = {
  name: 'list',
  description: 'servers with datacenter and provenance: commands, and throughput against a bare endpoint',
  async run(bench) {
    const totals = bench.long ? [5_000, 50_000] : [2_000, 10_000]
    const maestro = await startEstate(bench)
    await countCommands(bench, maestro, totals)
    await throughput(bench, maestro, totals.at(-1)!)
  },
}

async function countCommands(bench: Bench, maestro: Maestro, totals: number[]) {
  const api = await openCountedApi(bench, maestro)
  let names: string[] = []
  const counts: { total: number; first: number; commands: number }[] = []
  for (const total of totals) {
    await fillServers(maestro.db, total)
    for (const first of firsts) {
      names = (await api.commandsOf(maestro.token, first)).map(({ name }) => name)
      counts.push({ total, first, commands: names.length })
    }
  }
  const commands = counts.map((one) => one.commands)
  bench.report({
    measure: 'MongoDB commands that depend on the page or the total',
    value: Math.max(...commands) - Math.min(...commands),
    unit: 'commands',
    atMost: 0,
    floor: `the page of ${firsts[0]} of ${totals[0]} servers`,
    detail: { counts, commands: names },
  })
}

async function throughput(bench: Bench, maestro: Maestro, total: number) {
  const first = 100
  const bare = await startProcess(bench, 'dev/bench/floors/barePage.js', {
    env: {
      MONGODB_URI: maestro.env.MONGODB_URI,
      MONGODB_DATABASE: maestro.env.MONGODB_DATABASE,
      FACTS: kindOf('SERVER')
        .facts.map((fact) => fact.name)
        .join(','),
      PRINCIPALS: (await principalsIn(maestro)).join(','),
      FIRST: String(first),
    },
  })
  const floor: Target = { url: bare.url, method: 'GET', headers: {}, body: '' }
  const api = pageAs(maestro.token, maestro, first)
  const bytes = { api: await sameAnswer(api, floor), floor: (await once(floor)).bytes }
  await load(api, connections, 4_000)
  await load(floor, connections, 2_000)
  const rates = { api: [] as number[], floor: [] as number[] }
  for (let round = 1; round <= (bench.long ? 7 : 5); round++) {
    rates.api.push(await load(api, connections, 3_000))
    rates.floor.push(await load(floor, connections, 3_000))
    bench.say(
      `${rounded(rates.api.at(-1)!)} pages/s by the API, ${rounded(rates.floor.at(-1)!)} by the bare endpoint`,
    )
  }
  bench.report({
    measure: 'throughput of servers(first: 100)',
    value: median(rates.api) / median(rates.floor),
    unit: 'ratio',
    atLeast: 0.3,
    floor: 'a bare endpoint that gives the same answer by the raw driver',
    detail: {
      servers: total,
      connections,
      apiPerSecond: rounded(median(rates.api)),
      floorPerSecond: rounded(median(rates.floor)),
      apiBytes: bytes.api,
      floorBytes: bytes.floor,
    },
  })
}

async function principalsIn({ db }: Maestro): Promise<string[]> {
  const server = await db.collection('assets').findOne({ kind: 'SERVER' })
  return (server!.access as { principal: ObjectId }[]).map(({ principal }) => principal.toHexString())
}

/** A floor that does less would be none. @returns bytes of the API's answer */
async function sameAnswer(api: Target, floor: Target): Promise<number> {
  const [ours, theirs] = await Promise.all([once(api), once(floor)])
  const rowsOf = (text: string) =>
    (
      JSON.parse(text) as { data: { servers: { nodes: { name: string; provenance: object[] }[] } } }
    ).data.servers.nodes.map(({ name, provenance }) => ({ name, provenance }))
  const [a, b] = [rowsOf(ours.text()), rowsOf(theirs.text())].map((rows) => JSON.stringify(rows))
  if (a !== b) throw new Error('The bare endpoint does not give the same answer as the API.')
  return ours.bytes
}
