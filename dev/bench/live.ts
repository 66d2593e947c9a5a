import { createClient } from 'graphql-ws'
import { BSON, ObjectId } from 'mongodb'
import { WebSocket } from 'ws'
import { encodeId } from '../../core/platform/ids.ts'
import { noCounts } from '../../core/runs/run.ts'
import type { Principal } from '../../core/platform/access.ts'
import type { Bench } from './bench.ts'
import type { Order } from './floors/announcer.ts'
import { type Maestro, startMaestro } from './maestro.ts'
import { type BenchProcess, messageOf, startProcess } from './process.ts'
import { median, rounded, type Workload } from './workload.ts'

const channel = 'bench:hop'
const pauseMs = 15

const runFields = `id title state startedAt finishedAt cancelRequested requestedBy
  totals { found created changed unchanged restored missing gone quarantined }
  problem { code message remedy } log { at level text }
  scopes { region resource state calls throttles startedAt finishedAt problem { message }
    counts { found created changed unchanged restored missing gone quarantined } }`

/** How long a worker's report takes to the person who watches. */
export const live: Workload = {
  name: 'live',
  description: "from a worker's report to a subscriber, against a bare hop from Redis to a WebSocket",
  async run(bench) {
    const maestro = await startMaestro(bench)
    const run = newRun(await principalOf(maestro))
    await maestro.db.collection('runs').insertOne(run)
    const bytes = JSON.stringify(BSON.EJSON.stringify(run, { relaxed: false })).length
    const announcer = await startProcess(bench, 'dev/bench/floors/announcer.js', { env: maestro.env })
    const hop = await startProcess(bench, 'dev/bench/floors/bareHop.js', {
      env: { REDIS_URL: maestro.env.REDIS_URL, CHANNEL: channel },
    })
    const subscriber = await subscribe(bench, maestro, encodeId('Run', run._id))
    const listener = await listen(bench, hop.url)

    const order = (how: Order['how'], times: number): Order => ({
      run: run._id.toHexString(),
      how,
      times,
      pauseMs,
    })
    const send = async (how: Order['how'], times: number) => carryOut(announcer, order(how, times))
    await send('announce', 100)
    await send({ channel, bytes }, 100)
    subscriber.take()
    listener.take()

    const times = { announced: [] as number[], bare: [] as number[] }
    const medians = { announced: [] as number[], bare: [] as number[] }
    for (let round = 1; round <= (bench.long ? 8 : 4); round++) {
      await send('announce', 100)
      medians.announced.push(collect(times.announced, subscriber.take()))
      await send({ channel, bytes }, 100)
      medians.bare.push(collect(times.bare, listener.take()))
    }
    bench.report({
      measure: 'median time from report to subscriber',
      value: median(times.announced) / median(times.bare),
      unit: 'ratio',
      atMost: 3,
      floor: 'Redis publish → subscribed process → WebSocket, with a message of the same size',
      detail: {
        reports: times.announced.length,
        bytes,
        liveMs: rounded(median(times.announced)),
        floorMs: rounded(median(times.bare)),
        rounds: medians.announced.map((value, index) => rounded(value / medians.bare[index]!)),
      },
    })
  },
}

function collect(all: number[], some: number[]): number {
  if (some.length < 95) throw new Error(`Only ${some.length} of 100 messages came.`)
  all.push(...some)
  return median(some)
}

async function carryOut(announcer: BenchProcess, order: Order) {
  const done = messageOf(announcer.child, 'The announcer', 60_000)
  announcer.child.send(order)
  await done
  // The last message may still be on its way.
  await new Promise((resolve) => setTimeout(resolve, 100))
}

/** Milliseconds since the moment that a message names; the clock is the same in all processes of a machine. */
const since = (moment: string) => Number(process.hrtime.bigint() - BigInt(moment.trim())) / 1e6

async function subscribe(bench: Bench, { url, token }: Maestro, id: string) {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
  })
  const taken: number[] = []
  await new Promise<void>((resolve, reject) =>
    client.subscribe<{ run: { title: string } }>(
      { query: `subscription ($id: ID!) { run(id: $id) { ${runFields} } }`, variables: { id } },
      {
        next({ data, errors }) {
          if (!data) return reject(new Error(errors?.[0]?.message))
          if (/^\d+$/.test(data.run.title)) taken.push(since(data.run.title))
          else resolve()
        },
        error: reject,
        complete: () => undefined,
      },
    ),
  )
  bench.own({ stop: async () => void (await client.dispose()) })
  return { take: () => taken.splice(0) }
}

async function listen(bench: Bench, url: string) {
  const socket = new WebSocket(url)
  const taken: number[] = []
  socket.on('message', (data: Buffer) => taken.push(since(data.toString())))
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject))
  bench.own({ stop: async () => socket.terminate() })
  return { take: () => taken.splice(0) }
}

/** A run in its middle: four regions, some lines of log. */
function newRun(principal: Principal) {
  const now = new Date()
  return {
    _id: new ObjectId(),
    workspace: 'main',
    kind: 'crawl',
    title: 'Crawl of bench',
    state: 'RUNNING',
    subject: { type: 'Connection', id: new ObjectId() },
    actor: { type: 'USER', id: new ObjectId(), name: 'Bench' },
    access: [{ ...principal, level: 'ADMIN' }],
    createdAt: now,
    startedAt: now,
    finishedAt: null,
    heartbeatAt: now,
    attempt: 1,
    cancelRequested: false,
    problem: null,
    scopes: ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2'].map((region) => ({
      region,
      resource: 'instances',
      state: 'LISTING',
      counts: { ...noCounts(), found: 4711, created: 4711 },
      calls: 5,
      throttles: 0,
      startedAt: now,
      finishedAt: null,
      problem: null,
    })),
    log: Array.from({ length: 5 }, (_, index) => ({
      at: now,
      level: 'INFO',
      text: `Something that was worth a line of the log, number ${index}.`,
    })),
  }
}

/** The first account, as access lists name it. */
async function principalOf({ ask, db }: Maestro): Promise<Principal> {
  await ask(
    `mutation { datacenterCreate(input: { name: "Here", provider: "AWS" }) { userErrors { message } } }`,
  )
  const datacenter = await db.collection('assets').findOne({ kind: 'DATACENTER' })
  const [{ type, principal }] = datacenter!.access as [Principal]
  return { type, principal }
}
