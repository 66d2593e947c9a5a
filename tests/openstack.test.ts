import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OpenStackEmulator, startOpenStackEmulator } from '../dev/emulators/openstack/emulator.ts'
import { demoUser, project } from '../dev/emulators/openstack/world.ts'
import { startEstate } from './estate.ts'

const region = 'RegionOne'
let estate: Awaited<ReturnType<typeof startEstate>>
let cloud: OpenStackEmulator
let connection: string
let settings: { name: string; value: string }[]

beforeAll(async () => {
  cloud = await startOpenStackEmulator({
    maxPage: 4,
    regions: { [region]: { servers: 10, loadBalancers: 2 }, RegionTwo: { servers: 4 } },
    missing: ['RegionTwo/load-balancer'],
  })
  estate = await startEstate({ regions: { 'eu-west-1': 1 } })
  settings = [
    { name: 'url', value: cloud.url },
    { name: 'username', value: demoUser.name },
    { name: 'password', value: demoUser.password },
    { name: 'project', value: project.name },
  ]
  connection = await estate.create('connection', 'ConnectionCreateInput', {
    name: 'openstack-shop',
    provider: 'OPENSTACK',
    datacenter: estate.datacenter,
    settings,
  })
})
afterAll(async () => {
  await estate?.close()
  await cloud?.close()
})

const test = async (input: object) =>
  (
    await estate.query(
      `mutation ($input: ConnectionTestInput!) { connectionTest(input: $input) {
        result { ok identity account checks { ok region permission problem { code } } } userErrors { field message } } }`,
      { input },
    )
  ).connectionTest

it('tries the key in every region, and says what it may not do', async () => {
  const { result } = await test({ id: connection })
  expect(result).toMatchObject({ ok: true, account: project.id, identity: 'maestro in the project shop' })
  expect(new Set(result.checks.map((check: { region: string }) => check.region))).toEqual(
    new Set([region, 'RegionTwo']),
  )
  cloud.control.setFaults(region, 'network', { forbidden: true })
  const refused = await test({ provider: 'OPENSTACK', settings })
  cloud.control.clearFaults()
  expect(refused.result.ok).toBe(false)
  expect(refused.result.checks).toContainEqual({
    ok: false,
    region,
    permission: 'get_port',
    problem: { code: 'PERMISSION_MISSING' },
  })
  const wrong = settings.map((one) => (one.name === 'password' ? { ...one, value: 'wrong' } : one))
  expect((await test({ provider: 'OPENSTACK', settings: wrong })).result.checks).toMatchObject([
    { ok: false, problem: { code: 'CREDENTIALS_REFUSED' } },
  ])
})

it('brings the project into the graph, and finds it unchanged the second time', async () => {
  const first = await estate.syncToTheEnd(connection)
  expect(first.scopes.filter((scope) => scope.problem)).toEqual([])
  expect(first).toMatchObject({ state: 'SUCCEEDED', totals: { quarantined: 0 } })
  expect(first.totals.created).toBe(first.totals.found)
  expect(first.scopes).toHaveLength(11 + 10)
  const second = await estate.syncToTheEnd(connection)
  expect(second).toMatchObject({
    state: 'SUCCEEDED',
    totals: { unchanged: first.totals.found, created: 0, changed: 0, missing: 0 },
  })
})

it('relates servers, volumes, networks and load balancers', async () => {
  const [row] = cloud.control.rows(region, 'servers')
  const { nodes } = (
    await estate.query(
      `query ($id: String!) {
        servers(first: 2, filter: { instanceId: { eq: $id } }) { nodes {
          cpu memoryGiB region datacenter { name } image { name } flavor { name }
          connectedTo(first: 20) { nodes { name family parent { name } } } } } }`,
      { id: row!.id },
    )
  ).servers
  expect(nodes).toHaveLength(1)
  expect(nodes[0]).toMatchObject({
    cpu: 1,
    memoryGiB: 2,
    region,
    datacenter: { name: 'Cloud' },
    image: { name: 'debian-12' },
    flavor: { name: 'm1.small' },
  })
  const connected = nodes[0].connectedTo.nodes as { name: string; family: string; parent: { name: string } }[]
  expect(connected.map(({ family }) => family).sort()).toEqual([
    'INTERFACE',
    'SECURITY_GROUP',
    'SECURITY_GROUP',
    'SUBNET',
  ])
  expect(connected.find(({ family }) => family === 'SUBNET')).toMatchObject({
    name: 'front-v4',
    parent: { name: 'front' },
  })

  const { volumes, snapshots, apps } = await estate.query(
    `query ($connection: ID!) {
      volumes(first: 50, filter: { connection: { eq: $connection } }) { nodes { name region server { name } } }
      snapshots(first: 50, filter: { connection: { eq: $connection } }) { nodes { volume { name } } }
      apps(first: 50, filter: { connection: { eq: $connection } }) {
        nodes { name family targets { edges { relation { properties { port } } node { ... on Server { id name } } } } } }
    }`,
    { connection },
  )
  expect(volumes.nodes).toContainEqual({ name: 'data-1', region, server: { name: row!.name } })
  expect(snapshots.nodes.every((one: { volume: object | null }) => one.volume)).toBe(true)
  expect(apps.nodes).toHaveLength(2)
  for (const app of apps.nodes) {
    expect(app.family).toBe('LOAD_BALANCER')
    expect(app.targets.edges).toHaveLength(2)
    expect(app.targets.edges[0]).toMatchObject({ relation: { properties: { port: 8080 } } })
  }
})

it('follows what changes, marks what vanished, and retires nothing of a service that is away', async () => {
  const [kept, gone, ended] = cloud.control.rows(region, 'servers')
  const [volume] = cloud.control.rows(region, 'volumes')
  cloud.control.change(region, 'servers', kept!.id, { status: 'SHUTOFF' })
  cloud.control.change(region, 'servers', ended!.id, { status: 'SOFT_DELETED' })
  cloud.control.change(region, 'volumes', volume!.id, { status: 'available', attachments: [] })
  cloud.control.remove(region, 'servers', [gone!.id])
  cloud.control.setMissing(['RegionOne/load-balancer', 'RegionTwo/load-balancer'])
  cloud.control.setFaults('RegionTwo', 'compute', { truncateAfterPages: 0 })
  for (const missing of [1, 0]) {
    const run = await estate.syncToTheEnd(connection)
    expect(run.state).toBe('PARTIAL')
    expect(run.totals).toMatchObject({ missing, gone: 1 })
    const broken = run.scopes.filter((scope) => scope.problem)
    expect(new Set(broken.map((scope) => `${scope.region} ${scope.problem!.code}`))).toEqual(
      new Set(['RegionTwo ANSWER_UNREADABLE']),
    )
    expect(broken).toHaveLength(2)
  }
  cloud.control.clearFaults()
  const counts = await estate.query(
    `query ($connection: ID!) {
      servers(first: 50, filter: { connection: { eq: $connection } }) { totalCount nodes { name status } }
      apps(first: 50, filter: { connection: { eq: $connection } }) { totalCount }
      volumes(first: 50, filter: { connection: { eq: $connection }, name: { eq: "data-1" }, region: { eq: "RegionOne" } }) { nodes { server { name } } }
    }`,
    { connection },
  )
  expect(counts.servers.totalCount).toBe(12)
  expect(counts.servers.nodes).toContainEqual({ name: kept!.name, status: 'STOPPED' })
  expect(counts.apps.totalCount).toBe(2)
  expect(counts.volumes.nodes).toEqual([{ server: null }])
})
