import type { Bench } from './bench.ts'
import { type CountedApi, openCountedApi } from './countedApi.ts'
import { pageAs, startEstate } from './estate.ts'
import { explain } from './explain.ts'
import { fillServers } from './fill.ts'
import { type Guest, inviteGuest } from './guest.ts'
import { load } from './load.ts'
import type { Maestro } from './maestro.ts'
import { median, rounded, type Workload } from './workload.ts'

const visiblePart = 0.02
const connections = 4
const firsts = [5, 25, 200]
const first = 100

/** What it costs that most of the inventory is somebody else's. */
export const access: Workload = {
  name: 'access',
  description: 'the list as somebody who sees 2 % of the servers, against the same as an administrator',
  async run(bench) {
    const total = bench.long ? 50_000 : 10_000
    const maestro = await startEstate(bench)
    await fillServers(maestro.db, total)
    const api = await openCountedApi(bench, maestro)
    const guest = await inviteGuest(api.core, visiblePart)
    await compareCommands(bench, api, maestro, guest)
    await compareThroughput(bench, maestro, guest, total)
    await countScans(bench, api, guest, total)
  },
}

async function compareCommands(bench: Bench, api: CountedApi, { token }: Maestro, guest: Guest) {
  const counts: { first: number; administrator: number; user: number }[] = []
  for (const first of firsts)
    counts.push({
      first,
      administrator: (await api.commandsOf(token, first)).length,
      user: (await api.commandsOf(guest.token, first)).length,
    })
  bench.report({
    measure: 'MongoDB commands of a page more than the administrator needs',
    value: Math.max(...counts.map(({ user, administrator }) => user - administrator)),
    unit: 'commands',
    atMost: 0,
    floor: 'the same page as the administrator',
    detail: { counts },
  })
}

async function compareThroughput(bench: Bench, maestro: Maestro, guest: Guest, total: number) {
  const administrator = pageAs(maestro.token, maestro, first)
  const user = pageAs(guest.token, maestro, first)
  await load(administrator, connections, 4_000)
  await load(user, connections, 4_000)
  const rates = { administrator: [] as number[], user: [] as number[] }
  for (let round = 1; round <= (bench.long ? 7 : 5); round++) {
    rates.administrator.push(await load(administrator, connections, 3_000))
    rates.user.push(await load(user, connections, 3_000))
    bench.say(
      `${rounded(rates.user.at(-1)!)} pages/s as the user, ${rounded(rates.administrator.at(-1)!)} as the administrator`,
    )
  }
  bench.report({
    measure: `throughput of servers(first: ${first})`,
    value: median(rates.user) / median(rates.administrator),
    unit: 'ratio',
    atLeast: 0.7,
    floor: 'the same page as the administrator',
    detail: {
      servers: total,
      visible: guest.visible,
      principals: guest.principals,
      connections,
      userPerSecond: rounded(median(rates.user)),
      administratorPerSecond: rounded(median(rates.administrator)),
      rounds: rates.user.map((rate, round) => rounded(rate / rates.administrator[round]!)),
    },
  })
}

/** The commands that the API sends for a page are carried out again by the database, which tells how. */
async function countScans(bench: Bench, api: CountedApi, guest: Guest, total: number) {
  const commands = await api.commandsOf(guest.token, first)
  const explained = await Promise.all(commands.map((one) => explain(api.core.db, one)))
  const page = commands.find(({ command }) => command.find === 'assets' && command.limit)!
  const scanned = await explain(api.core.db, {
    ...page,
    command: { ...page.command, hint: { $natural: 1 } },
  })
  if (!scanned.collectionScans) throw new Error('A page that is read by a collection scan is not told apart.')
  bench.report({
    measure: 'collection scans of a page',
    value: explained.reduce((sum, { collectionScans }) => sum + collectionScans, 0),
    unit: 'scans',
    atMost: 0,
    floor: 'the same page, read by a collection scan',
    detail: { servers: total, visible: guest.visible, commands: explained, floor: scanned },
  })
}
