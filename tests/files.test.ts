import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEstate } from './estate.ts'

let estate: Awaited<ReturnType<typeof startEstate>>
beforeAll(async () => {
  estate = await startEstate({ regions: { 'eu-west-1': 1 } }, { settings: { IMPORT_DIR: 'dev/samples' } })
})
afterAll(() => estate?.close())

const connect = (provider: string, folder: string) =>
  estate.create('connection', 'ConnectionCreateInput', {
    name: folder,
    provider,
    datacenter: estate.datacenter,
    settings: [{ name: 'folder', value: folder }],
  })

it('turns a file of our own into a graph, in one run, and again without a change', async () => {
  const connection = await connect('JSON', 'json')
  expect(await estate.syncToTheEnd(connection)).toMatchObject({
    state: 'SUCCEEDED',
    totals: { found: 9, created: 9, quarantined: 0 },
  })
  const { systems } = await estate.query(`{
    systems(first: 5) { nodes { name clients(first: 5) { nodes { name } } entryApps(first: 5) { nodes { name } } } } }`)
  expect(systems.nodes).toEqual([
    {
      name: 'Office',
      clients: { nodes: [{ name: 'Staff' }] },
      entryApps: { nodes: [{ name: 'File shares' }] },
    },
  ])
  const { apps } = await estate.query(`{ apps(first: 5, filter: { name: { eq: "File shares" } }) { nodes {
    servers(first: 5) { edges { relation { properties { role } } node { name volumes(first: 5) { nodes { name } }
      connectedTo(first: 5) { nodes { name parent { name } } } } } }
    dependents(first: 5) { edges { relation { properties { port } } node { name } } } } } }`)
  const [{ node: nas, relation }] = apps.nodes[0].servers.edges
  expect(relation.properties).toEqual({ role: 'primary' })
  expect(nas).toEqual({
    name: 'nas-1',
    volumes: { nodes: [{ name: 'nas-1/disk-0' }] },
    connectedTo: { nodes: [{ name: 'Server room', parent: { name: 'Office' } }] },
  })
  expect(apps.nodes[0].dependents.edges).toEqual([
    { node: { name: 'Door access' }, relation: { properties: { port: 445 } } },
  ])
  expect(await estate.syncToTheEnd(connection)).toMatchObject({
    totals: { found: 9, unchanged: 9, created: 0, changed: 0 },
  })
})

it('reads a state of Terraform, sets aside what it cannot, and marks nothing missing because of it', async () => {
  const connection = await connect('TERRAFORM', 'terraform')
  const run = await estate.syncToTheEnd(connection)
  expect(run).toMatchObject({ state: 'PARTIAL', totals: { created: 9, quarantined: 2 } })
  const servers = run.scopes.find(({ counts }) => counts.quarantined)!
  expect(servers).toMatchObject({ state: 'INCOMPLETE', problem: { code: 'UNIDENTIFIED_RECORDS' } })
  const { servers: read } = await estate.query(
    `query ($connection: ID!) { servers(first: 5, filter: { connection: { eq: $connection } }) { nodes { name
      volumes(first: 5) { nodes { name } } connectedTo(first: 5) { nodes { name } }
      targetedBy(first: 5) { nodes { name } } } } }`,
    { connection },
  )
  expect(read.nodes).toMatchObject([
    {
      name: 'front-0',
      volumes: { nodes: [{ name: 'vol-0data' }, { name: 'vol-0root' }] },
      connectedTo: { nodes: [{ name: 'subnet-01aa' }, { name: 'web' }] },
      targetedBy: { nodes: [{ name: 'classic' }] },
    },
  ])
})
