import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import type { Db } from 'mongodb'
import { WebSocket } from 'ws'
import type { RunCounts } from '../../core/runs/run.ts'
import { askGraphql, type Ask } from '../askGraphql.ts'
import { demoAccount } from '../emulators/aws/accounts.ts'
import type { Bench } from './bench.ts'
import type { Cloud } from './cloud.ts'
import { type BenchProcess, startProcess } from './process.ts'

/** The real API as a process, on a database of its own, with its first account signed in. */
export interface Maestro {
  url: string
  env: Record<string, string>
  db: Db
  token: string
  ask: Ask
  startWorker(): Promise<BenchProcess>
  /** Connects a cloud as a person would. @returns id of the connection */
  connect(cloud: Cloud): Promise<string>
  /** Crawls, watching it, until the run has ended. */
  sync(connection: string): Promise<Crawl>
  /** Stops it and drops its database. */
  stop(): Promise<void>
}

export interface Crawl {
  id: string
  /** From the moment a worker took the run to its end. */
  ms: number
  totals: RunCounts
}

export async function startMaestro(bench: Bench): Promise<Maestro> {
  const database = bench.newDatabase()
  const env = {
    // As `npm start` and the image set it; GraphQL checks less then.
    NODE_ENV: 'production',
    MONGODB_URI: bench.services.mongoUri,
    MONGODB_DATABASE: database,
    REDIS_URL: bench.services.redisUrl,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    SECRETS_KEY: randomBytes(32).toString('base64'),
    FILES_URL: join(bench.folder, 'files'),
    PORT: '0',
    ALLOW_LOOPBACK_ENDPOINTS: 'true',
    LOG_LEVEL: 'error',
  }
  const db = bench.mongo.db(database)
  const api = await startProcess(bench, 'api/main.js', { env })
  const token = await signUp(askGraphql(`${api.url}/graphql`))
  const ask = askGraphql(`${api.url}/graphql`, token)
  let dropped = false
  return bench.own({
    url: api.url,
    env,
    db,
    token,
    ask,
    startWorker: () => startProcess(bench, 'workers/main.js', { env }),
    connect: (cloud) => connect(ask, cloud),
    async sync(connection) {
      const { connectionSync } = await ask<{ connectionSync: { run: { id: string } } }>(
        // The floors read instances and nothing else.
        `mutation ($id: ID!) { connectionSync(input: { id: $id, resources: ["instances"] }) { run { id } userErrors { message } } }`,
        { id: connection },
      )
      return watch(api.url, token, connectionSync.run.id)
    },
    async stop() {
      await api.stop()
      if (!dropped) await db.dropDatabase()
      dropped = true
    },
  })
}

async function signUp(ask: Ask): Promise<string> {
  const { userSignUp } = await ask<{ userSignUp: { signedIn: { accessToken: string } } }>(
    `mutation ($input: UserSignUpInput!) { userSignUp(input: $input) { signedIn { accessToken } userErrors { message } } }`,
    { input: { name: 'Bench', email: 'bench@example.org', password: 'correct horse battery' } },
  )
  return userSignUp.signedIn.accessToken
}

async function connect(ask: Ask, { url, regions }: Cloud): Promise<string> {
  const { datacenterCreate } = await ask<{ datacenterCreate: { datacenter: { id: string } } }>(
    `mutation ($input: DatacenterCreateInput!) { datacenterCreate(input: $input) { datacenter { id } userErrors { message } } }`,
    { input: { name: 'Cloud', provider: 'AWS', regions } },
  )
  const { connectionCreate } = await ask<{ connectionCreate: { connection: { id: string } } }>(
    `mutation ($input: ConnectionCreateInput!) { connectionCreate(input: $input) { connection { id } userErrors { message } } }`,
    {
      input: {
        name: 'bench',
        provider: 'AWS',
        datacenter: datacenterCreate.datacenter.id,
        regions,
        settings: [
          { name: 'accessKeyId', value: demoAccount.accessKeyId },
          { name: 'secretAccessKey', value: demoAccount.secretAccessKey },
          { name: 'endpoint', value: url },
        ],
      },
    },
  )
  return connectionCreate.connection.id
}

interface WatchedRun {
  id: string
  state: string
  startedAt: string
  finishedAt: string
  totals: RunCounts
  problem: { message: string } | null
}

/** Follows a run to its end. @throws when it does not succeed */
export async function watch(url: string, token: string, id: string): Promise<Crawl> {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
  })
  try {
    let run: WatchedRun | undefined
    const events = client.iterate<{ run: WatchedRun }>({
      query: `subscription ($id: ID!) { run(id: $id) { id state startedAt finishedAt problem { message }
        totals { found created changed unchanged restored missing gone quarantined } } }`,
      variables: { id },
    })
    for await (const { data } of events) run = data?.run ?? run
    if (run?.state !== 'SUCCEEDED')
      throw new Error(`The run ended as ${run?.state ?? 'nothing'}: ${run?.problem?.message ?? ''}`)
    return { id, ms: Date.parse(run.finishedAt) - Date.parse(run.startedAt), totals: run.totals }
  } finally {
    await client.dispose()
  }
}
