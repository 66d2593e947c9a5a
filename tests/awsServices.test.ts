import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEstate } from './estate.ts'

const region = 'eu-west-1'
let estate: Awaited<ReturnType<typeof startEstate>>

const start = () => startEstate({ regions: { [region]: 8 }, surroundings: true, largestPage: 3 })
beforeAll(async () => {
  estate = await start()
})
afterAll(() => estate?.close())

/** A run of some of the resources alone, watched to its end. */
async function read(...resources: string[]) {
  const { connectionSync } = await estate.query(
    `mutation ($input: ConnectionSyncInput!) {
      connectionSync(input: $input) { run { id } userErrors { message } } }`,
    { input: { id: estate.connection, ...(resources.length && { resources }) } },
  )
  expect(connectionSync.userErrors).toEqual([])
  return estate.watch(connectionSync.run.id)
}

const app = async (filter: object) =>
  (
    await estate.query(
      `query ($filter: AppFilter) { apps(first: 2, filter: $filter) { nodes {
        name retiredAt family status observations { state }
        targets { edges { node { __typename name } relation { properties { port protocol } } } }
        servers { edges { node { name } } }
        dependencies { edges { node { name } } }
        connectedTo { totalCount } } } }`,
      { filter },
    )
  ).apps.nodes as {
    name: string
    retiredAt: string | null
    family: string
    observations: { state: string }[]
    targets: { edges: { node: { __typename: string; name: string }; relation: { properties: object } }[] }
    servers: { edges: { node: { name: string } }[] }
    dependencies: { edges: { node: { name: string } }[] }
    connectedTo: { totalCount: number }
  }[]

const named = async (name: string) => {
  const found = await app({ name: { eq: name } })
  expect(found).toHaveLength(1)
  return found[0]!
}
const ends = (relations: { edges: { node: { name: string } }[] }) =>
  relations.edges.map(({ node }) => node.name).sort()

const balancer = () =>
  estate.control.things(region, 'load-balancers').find(([, thing]) => thing.Type === 'application')!
const group = (word: string) =>
  estate.control.things(region, 'target-groups').find(([id]) => id.includes(`-${word}/`))!
const behind = (word: string) =>
  ((group(word)[1].Targets ?? []) as { Target: { Id: string } }[]).map(({ Target }) => Target.Id)
const machines = async (ids: string[]) =>
  (await estate.servers({ instanceId: { in: ids } })).nodes
    .map(({ name }: { name: string }) => name)
    .sort() as string[]

it('brings all services into the graph, page by page, and writes nothing the second time', async () => {
  const first = await read()
  expect(first.scopes.filter(({ problem }) => problem)).toEqual([])
  expect(first).toMatchObject({ state: 'SUCCEEDED', totals: { quarantined: 0, missing: 0 } })
  const second = await read()
  expect(second).toMatchObject({
    state: 'SUCCEEDED',
    totals: { found: first.totals.found, unchanged: first.totals.found, created: 0, changed: 0, missing: 0 },
  })
  const families = await estate.query(
    `{ apps(first: 1) { facets(by: [FAMILY]) { values { value count } } } }`,
  )
  const counts = Object.fromEntries(
    families.apps.facets[0].values.map(({ value, count }: { value: string; count: number }) => [
      value,
      count,
    ]),
  )
  expect(counts).toEqual({
    LOAD_BALANCER: estate.control.things(region, 'load-balancers').length + 1,
    AUTO_SCALING: 2,
    DATABASE: 4 + 2 + 1,
    CACHE: 2,
    BROKER: 3,
    SMTP: 1,
    SERVERLESS: 3,
    SERVERLESS_LAYER: 1,
    API_GATEWAY: 2,
    OBJECT_STORAGE: 3,
    CDN: 1,
  })
})

it('relates what hangs together', async () => {
  expect((await named('web')).servers.edges).toHaveLength(2)
  expect(ends((await named('checkout')).dependencies)).toEqual(['common'])
  expect(ends((await named('example.com')).dependencies)).toEqual(['assets-123456789012'])
  const [queue] = await app({ name: { eq: 'orders' }, family: { eq: 'BROKER' } })
  expect(ends(queue!.targets)).toEqual(['orders-failed'])
  expect((await named(`legacy-${region}`)).targets.edges).toHaveLength(3)
  expect((await named('checkout')).connectedTo.totalCount).toBeGreaterThan(1)
  expect((await named('ledger-1')).connectedTo.totalCount).toBeGreaterThan(1)
})

it('ends the relations to targets that are deregistered', async () => {
  const name = String(balancer()[1].LoadBalancerName)
  const [id, thing] = group('web')
  const [gone, ...rest] = thing.Targets as { Target: { Id: string } }[]
  expect(behind('admin')).toEqual([gone!.Target.Id])
  const [adminId, admin] = group('admin')
  estate.control.put(region, 'target-groups', id, { ...thing, Targets: rest })
  estate.control.put(region, 'target-groups', adminId, { ...admin, Targets: [] })
  expect(await read('load-balancers')).toMatchObject({ state: 'SUCCEEDED', totals: { changed: 1 } })
  const found = ends((await named(name)).targets)
  expect(found).toEqual(await machines(rest.map(({ Target }) => Target.Id)))
  expect(found).toHaveLength(3)
})

it('keeps what is missing once, and retires what is missing twice', async () => {
  const resources = ['databases', 'queues', 'functions', 'buckets', 'tables'] as const
  const where = (type: string) => (type === 'buckets' ? 'us-east-1' : region)
  for (const type of resources)
    estate.control.take(where(type), type, estate.control.things(where(type), type)[0]![0])
  expect(await read(...resources)).toMatchObject({ state: 'SUCCEEDED', totals: { missing: 5, gone: 0 } })
  expect(await read(...resources)).toMatchObject({ state: 'SUCCEEDED', totals: { gone: 5 } })
  expect(await app({ name: { eq: 'checkout' } })).toEqual([])
})

it('sets aside what cannot be read, and goes on with the rest', async () => {
  estate.control.put(region, 'rest-apis', 'zzz', { name: 'without an id', id: null })
  const { totals, id, scopes } = await read('rest-apis')
  expect(totals).toMatchObject({ unchanged: 2, quarantined: 1, missing: 0 })
  // What cannot be told from others might be anything, so nothing can be missing.
  expect(scopes).toMatchObject([{ state: 'INCOMPLETE', problem: { code: 'UNIDENTIFIED_RECORDS' } }])
  const { node } = await estate.query(
    `query ($id: ID!) { node(id: $id) { ... on Run { quarantine { nodes { resource externalId reason } } } } }`,
    { id },
  )
  expect(node.quarantine.nodes).toMatchObject([{ resource: 'rest-apis', externalId: null }])
})

it('reads everything that the key may read, when it may not read one thing', async () => {
  const { value } = estate.settings.find(({ name }) => name === 'accessKeyId')!
  const allowed = [
    'ec2:*',
    'sts:*',
    'rds:*',
    'sqs:ListQueues',
    'sqs:GetQueueAttributes',
    's3:*',
    'elasticloadbalancing:*',
  ]
  estate.control.updateAccount(value, { permissions: allowed })
  const resources = ['databases', 'queues', 'buckets', 'load-balancers', 'instances']
  const run = await read(...resources)
  expect(run.state).toBe('PARTIAL')
  const failed = run.scopes.filter(({ problem }) => problem)
  expect(failed).toMatchObject([{ state: 'INCOMPLETE', problem: { code: 'PERMISSION_MISSING' } }])
  expect(failed[0]!.problem!.message).toContain('sqs:ListQueueTags')
  expect(run.totals).toMatchObject({ missing: 0, gone: 0 })
  estate.control.updateAccount(value, { permissions: ['*'] })
})

it('leads load balancers to servers that are read after them, as soon as both are known', async () => {
  await estate.close()
  estate = await start()
  const first = await read('load-balancers')
  expect(first).toMatchObject({ state: 'SUCCEEDED', totals: { quarantined: 0 } })
  const name = String(balancer()[1].LoadBalancerName)
  expect((await named(name)).targets.edges).toEqual([])
  expect((await read('instances')).state).toBe('SUCCEEDED')
  expect((await read('load-balancers')).state).toBe('SUCCEEDED')
  const { targets } = await named(name)
  expect(behind('web')).toHaveLength(4)
  expect(ends(targets)).toEqual(await machines(behind('web')))
  expect(targets.edges[0]).toMatchObject({
    node: { __typename: 'Server' },
    relation: { properties: { port: 80, protocol: 'http' } },
  })
})
