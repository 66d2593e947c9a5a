import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../api/testing.ts'
import { demoAccount } from '../dev/emulators/ec2/accounts.ts'
import { startEc2Emulator } from '../dev/emulators/ec2/emulator.ts'
import { startWorkers } from './workers.ts'

type Emulator = Awaited<ReturnType<typeof startEc2Emulator>>

const regions = { 'eu-west-1': 1200, 'us-east-1': 40 }

describe('a crawl of an AWS account', () => {
  let api: TestApi
  let emulator: Emulator
  let workers: Awaited<ReturnType<typeof startWorkers>>
  let token: string
  let connection: string

  beforeAll(async () => {
    emulator = await startEc2Emulator({ regions, quirks: { '*': {} } })
    api = await startTestApi({ settings: { ALLOW_LOOPBACK_ENDPOINTS: 'true' } })
    workers = await startWorkers(api.core)
    token = (await api.signUp('Ada')).token
    const datacenter = await create('datacenterCreate', 'DatacenterCreateInput', 'datacenter', {
      name: 'Cloud',
      provider: 'AWS',
      regions: Object.keys(regions),
    })
    connection = await create('connectionCreate', 'ConnectionCreateInput', 'connection', {
      name: 'aws-prod',
      provider: 'AWS',
      datacenter,
      regions: Object.keys(regions),
      settings: settings(),
    })
  })

  afterAll(async () => {
    await workers?.close()
    await api?.close()
    await emulator?.close()
  })

  const settings = (secret = demoAccount.secretAccessKey) => [
    { name: 'accessKeyId', value: demoAccount.accessKeyId },
    { name: 'secretAccessKey', value: secret },
    { name: 'endpoint', value: emulator.url },
  ]

  async function create(mutation: string, type: string, field: string, input: object): Promise<string> {
    const { data, errors } = await api.query(
      `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${field} { id } userErrors { field message } } }`,
      { input },
      token,
    )
    expect(errors).toBeUndefined()
    expect(data[mutation].userErrors).toEqual([])
    return data[mutation][field].id
  }

  const runFields = `id state problem { code message remedy } log { text }
    totals { found created changed unchanged restored missing gone quarantined }
    scopes { region state counts { found created } calls throttles problem { code } }`

  async function sync() {
    const { data } = await api.query(
      `mutation ($id: ID!) { connectionSync(input: { id: $id }) { alreadyRunning run { id state } userErrors { message } } }`,
      { id: connection },
      token,
    )
    expect(data.connectionSync.userErrors).toEqual([])
    return data.connectionSync as { alreadyRunning: boolean; run: { id: string } }
  }

  async function ended(id: string) {
    let last
    for await (const { data, errors } of api.subscribe(
      `subscription ($id: ID!) { run(id: $id) { ${runFields} } }`,
      { id },
      token,
    )) {
      expect(errors).toBeUndefined()
      last = data.run
    }
    return last
  }

  const syncToTheEnd = async () => ended((await sync()).run.id)
  const servers = async (filter: object = {}) =>
    (
      await api.query(
        `query ($filter: ServerFilter) { servers(first: 5, filter: $filter) { totalCount nodes { id version name role status datacenter { name } drift { field declared observed } } } }`,
        { filter },
        token,
      )
    ).data.servers

  it('brings every instance into the inventory, and nothing twice', async () => {
    const first = await syncToTheEnd()
    expect(first).toMatchObject({ state: 'SUCCEEDED', problem: null })
    expect(first.totals).toMatchObject({ found: 1240, created: 1240, quarantined: 0 })
    expect((await servers()).totalCount).toBe(1240)
    expect((await servers()).nodes[0].datacenter.name).toBe('Cloud')

    const again = await syncToTheEnd()
    expect(again.totals).toMatchObject({ found: 1240, created: 0, changed: 0, unchanged: 1240, missing: 0 })
  })

  it('keeps what a person has set, and shows what the cloud says', async () => {
    const [server] = (await servers()).nodes
    await api.query(
      `mutation ($id: ID!, $version: Int!) { serverUpdate(input: { id: $id, version: $version, role: "gatekeeper" }) { userErrors { message } } }`,
      { id: server.id, version: server.version },
      token,
    )
    emulator.control.changeInstances('eu-west-1', { count: 1200, tags: { Role: 'other' } } as never)
    await syncToTheEnd()
    const found = await servers({ id: { eq: server.id } })
    expect(found.nodes[0]).toMatchObject({ role: 'gatekeeper' })
    expect(found.nodes[0].drift).toMatchObject([{ field: 'role', declared: 'gatekeeper' }])
  })

  it('marks the unseen missing, then gone, and restores what comes back', async () => {
    emulator.control.removeInstances('us-east-1', { count: 3 })
    expect((await syncToTheEnd()).totals).toMatchObject({ missing: 3, gone: 0 })
    expect((await servers({ region: { eq: 'us-east-1' } })).totalCount).toBe(40)
    expect((await syncToTheEnd()).totals).toMatchObject({ missing: 0, gone: 3 })
    expect((await servers({ region: { eq: 'us-east-1' } })).totalCount).toBe(37)
    emulator.control.restoreInstances('us-east-1')
    expect((await syncToTheEnd()).totals).toMatchObject({ restored: 3 })
    expect((await servers({ region: { eq: 'us-east-1' } })).totalCount).toBe(40)
  })
})
