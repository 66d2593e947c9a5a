import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'vitest'
import { startTestApi, type TestApi, type TestApiOptions } from '../api/testing.ts'
import { demoAccount } from '../dev/emulators/aws/accounts.ts'
import { startAwsEmulator } from '../dev/emulators/aws/emulator.ts'
import type { EmulatorOptions } from '../dev/emulators/aws/world.ts'
import { startWorkers } from '../workers/workers.ts'

export interface Outcome {
  id: string
  state: string
  attempt: number
  problem: { code: string; message: string; remedy: string | null } | null
  log: { text: string }[]
  totals: Record<string, number>
  scopes: {
    region: string
    state: string
    calls: number
    throttles: number
    counts: Record<string, number>
    problem: { code: string; message: string } | null
  }[]
}

const runFields = `id state attempt problem { code message remedy } log { text }
  totals { found created changed unchanged restored missing gone quarantined }
  scopes { region state calls throttles problem { code message }
    counts { found created changed unchanged restored missing gone quarantined } }`

/** An emulated account, the real API, and an account's connection; workers in this process unless told otherwise. */
export async function startEstate(
  cloud: EmulatorOptions,
  options: { settings?: TestApiOptions['settings']; workers?: 'here' | 'none' } = {},
) {
  const regions = Object.keys(cloud.regions!)
  const emulator = await startAwsEmulator({ quirks: { '*': {} }, ...cloud })
  const api = await startTestApi(options.settings ? { settings: options.settings } : {})
  const workers = options.workers === 'none' ? null : await startWorkers(api.core)
  const { token } = await api.signUp('Ada')

  const query = async (document: string, variables: object = {}) => {
    const answer = await api.query(document, variables as Record<string, unknown>, token)
    expect(answer.errors).toBeUndefined()
    return answer.data
  }
  const create = async (field: string, type: string, input: object): Promise<string> => {
    const data = await query(
      `mutation ($input: ${type}!) { done: ${field}Create(input: $input) { ${field} { id } userErrors { field message } } }`,
      { input },
    )
    expect(data.done.userErrors).toEqual([])
    return data.done[field].id
  }
  const settings = [
    { name: 'accessKeyId', value: demoAccount.accessKeyId },
    { name: 'secretAccessKey', value: demoAccount.secretAccessKey },
    { name: 'endpoint', value: emulator.url },
  ]
  const datacenter = await create('datacenter', 'DatacenterCreateInput', {
    name: 'Cloud',
    provider: 'AWS',
    regions,
  })
  const connection = await create('connection', 'ConnectionCreateInput', {
    name: 'aws-prod',
    provider: 'AWS',
    datacenter,
    regions,
    settings,
  })

  /** Of the cloud account the instances alone, of other connections all, unless told otherwise. */
  const sync = async (
    id = connection,
    resources: string[] | null = id === connection ? ['instances'] : null,
  ): Promise<{ alreadyRunning: boolean; run: { id: string } }> => {
    const { connectionSync } = await query(
      `mutation ($id: ID!, $resources: [String!]) { connectionSync(input: { id: $id, resources: $resources }) {
        alreadyRunning run { id state } userErrors { message } } }`,
      { id, resources },
    )
    expect(connectionSync.userErrors).toEqual([])
    return connectionSync
  }
  /** Watches a run until `enough` says so, or it has ended. */
  const watch = async (id: string, enough: (run: Outcome) => boolean = () => false): Promise<Outcome> => {
    let last: Outcome | undefined
    const events = api.subscribe(`subscription ($id: ID!) { run(id: $id) { ${runFields} } }`, { id }, token)
    for await (const { data, errors } of events) {
      expect(errors).toBeUndefined()
      last = data.run as Outcome
      if (enough(last)) break
    }
    return last!
  }
  const servers = async (filter: object = {}, fields = '') =>
    (
      await query(
        `query ($filter: ServerFilter) { servers(first: 200, filter: $filter) { totalCount nodes { id name version ${fields} } } }`,
        { filter },
      )
    ).servers

  return {
    api: api as TestApi,
    emulator,
    control: emulator.control,
    token,
    connection,
    datacenter,
    settings,
    query,
    create,
    sync,
    watch,
    servers,
    syncToTheEnd: async (id = connection, resources?: string[] | null) =>
      watch((await sync(id, resources)).run.id),
    async close() {
      await workers?.close()
      await api.close()
      await emulator.close()
    },
  }
}

/** A worker process as it is in production, on the API's database and queues. */
export async function spawnWorkers(api: TestApi): Promise<ChildProcess> {
  const environment = Object.fromEntries(
    Object.entries(api.core.config)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  )
  const child = fork('dist/workers/main.js', {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('no worker'))),
  ])
  return child
}

export const killed = async (child: ChildProcess, signal: NodeJS.Signals) => {
  child.kill(signal)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
