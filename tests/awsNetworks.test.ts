import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoAccount } from '../dev/emulators/aws/accounts.ts'
import type { Thing } from '../dev/emulators/aws/shelves.ts'
import { startEstate } from './estate.ts'

const region = 'eu-west-1'
let estate: Awaited<ReturnType<typeof startEstate>>

beforeAll(async () => {
  estate = await startEstate({ regions: { [region]: 12 }, surroundings: true, largestPage: 5 })
})
afterAll(() => estate?.close())

/** What EC2 lists besides instances, and the field of the API under which it is found. */
const kinds = {
  volumes: 'volumes',
  snapshots: 'snapshots',
  images: 'images',
  vpcs: 'networks',
  subnets: 'networks',
  'security-groups': 'networks',
  'network-interfaces': 'networks',
  'route-tables': 'networks',
  'network-acls': 'networks',
  'nat-gateways': 'networks',
  'vpn-gateways': 'networks',
  peerings: 'networks',
  'vpc-endpoints': 'networks',
} as const
const all = ['instances', 'instance-types', ...Object.keys(kinds)]
const own = (type: string) =>
  estate.control
    .things(region, type)
    .filter(([, thing]) =>
      [undefined, demoAccount.account].includes((thing.ownerId ?? thing.imageOwnerId) as string),
    )
const parts = (thing: Thing, name: string) => (thing[name] ?? []) as Record<string, string>[]
const read = (...resources: string[]) => estate.syncToTheEnd(estate.connection, resources)

/** What the inventory knows of something, by the provider's id. */
async function known(field: string, providerId: string, fields: string, retired = false) {
  const filter = { providerId: { eq: providerId }, retired: { eq: retired } }
  const type = {
    servers: 'Server',
    volumes: 'Volume',
    snapshots: 'Snapshot',
    images: 'Image',
    networks: 'Network',
  }[field]
  const answer = await estate.query(
    `query ($filter: ${type}Filter) { ${field}(first: 2, filter: $filter) { nodes { name ${fields} } } }`,
    { filter },
  )
  expect(answer[field].nodes).toHaveLength(1)
  return answer[field].nodes[0]
}
async function server(instanceId: string) {
  const { nodes } = await estate.servers(
    { instanceId: { eq: instanceId } },
    'cpu memoryGiB instanceType region flavor { name vcpus memoryGiB } image { providerId } connectedTo { nodes { providerId family } }',
  )
  return nodes[0]
}
const connected = ({ connectedTo }: { connectedTo: { nodes: { providerId: string }[] } }) =>
  connectedTo.nodes.map(({ providerId }) => providerId).sort()

it('finds what hangs together, although the instances are read before what they are connected to', async () => {
  await read('instances')
  expect((await estate.servers()).totalCount).toBe(12)
  const run = await read(...all)
  expect(run.scopes.filter(({ problem }) => problem)).toEqual([])
  for (const type of Object.keys(kinds)) expect(own(type).length, type).toBeGreaterThan(0)

  const machine = estate.control.instances(region).find(({ state }) => state === 'running')!
  const found = await server(machine.instanceId)
  expect(found).toMatchObject({
    region,
    instanceType: machine.type,
    flavor: { name: machine.type, vcpus: found.cpu, memoryGiB: found.memoryGiB },
  })
  expect(found.memoryGiB).toBeGreaterThan(0)
  expect(connected(found)).toEqual(
    [
      machine.subnetId!,
      ...machine.groups.map(({ id }) => id),
      ...machine.interfaces.map(({ id }) => id),
    ].sort(),
  )
})

it('reads every listing to its last page, and of what others share nothing', async () => {
  for (const field of new Set(Object.values(kinds))) {
    const types = Object.entries(kinds).filter(([, one]) => one === field)
    const expected = types.flatMap(([type]) => own(type).map(([id]) => id))
    const answer = await estate.query(`{ ${field}(first: 200) { totalCount nodes { providerId } } }`)
    const ids = answer[field].nodes.map(({ providerId }: { providerId: string }) => providerId)
    expect(answer[field].totalCount, field).toBe(expected.length)
    for (const id of expected.slice(0, 200 - 1))
      if (answer[field].totalCount <= 200) expect(ids).toContain(id)
  }
  const foreign = estate.control.things(region, 'images').length - own('images').length
  expect(foreign).toBeGreaterThan(0)
})

it('knows of each piece of a network what it is a part of, and what it lets through', async () => {
  const [subnetId, subnet] = own('subnets')[0]!
  expect(await known('networks', subnetId, 'family cidrs zone parent { providerId }')).toMatchObject({
    family: 'SUBNET',
    cidrs: [subnet.cidrBlock],
    zone: subnet.availabilityZone,
    parent: { providerId: subnet.vpcId },
  })
  const [groupId, group] = own('security-groups').find(([, one]) => parts(one, 'ipPermissions').length)!
  const rules = (
    await known('networks', groupId, 'family rules { direction action protocol fromPort toPort peer }')
  ).rules
  const [permission] = parts(group, 'ipPermissions')
  expect(rules.length).toBeGreaterThan(0)
  expect(rules.every(({ action }: { action: string }) => action === 'allow')).toBe(true)
  if (permission!.fromPort !== undefined)
    expect(rules.map(({ fromPort }: { fromPort: number }) => fromPort)).toContain(
      Number(permission!.fromPort),
    )

  const [tableId, table] = own('route-tables').find(([, one]) =>
    parts(one, 'associationSet').some(({ subnetId: id }) => id),
  )!
  const routes = await known(
    'networks',
    tableId,
    'family routes { destination target } connectedTo { nodes { providerId } }',
  )
  expect(routes.routes).toHaveLength(parts(table, 'routeSet').length)
  expect(connected(routes)).toEqual(
    parts(table, 'associationSet')
      .flatMap(({ subnetId: id }) => id ?? [])
      .sort(),
  )
  const [listId] = own('network-acls')[0]!
  const entries = (await known('networks', listId, 'rules { direction action protocol description }')).rules
  expect(entries.slice(0, 2)).toMatchObject([
    { direction: 'in', action: 'allow', protocol: 'tcp', description: 'rule 100' },
    { direction: 'in', action: 'deny', protocol: 'any', description: 'default' },
  ])
  for (const [type, family] of [
    ['nat-gateways', 'NAT_GATEWAY'],
    ['vpn-gateways', 'VPN_GATEWAY'],
    ['peerings', 'PEERING'],
    ['vpc-endpoints', 'ENDPOINT'],
    ['network-interfaces', 'INTERFACE'],
  ] as const)
    expect(await known('networks', own(type)[0]![0], 'family')).toMatchObject({ family })
})

it('follows a disk from one server to the next, and ends what is deleted', async () => {
  const [volumeId, volume] = own('volumes').find(([, one]) => parts(one, 'attachmentSet').length)!
  const [attachment] = parts(volume, 'attachmentSet')
  const attachedTo = async () =>
    (await known('volumes', volumeId, 'server { instanceId } sizeGiB encrypted')).server
  expect(await attachedTo()).toEqual({ instanceId: attachment!.instanceId })
  const [, next] = estate.control
    .instances(region)
    .filter(({ instanceId }) => instanceId !== attachment!.instanceId)
  estate.control.put(region, 'volumes', volumeId, {
    ...volume,
    attachmentSet: [{ ...attachment, instanceId: next!.instanceId }],
  })
  await read('volumes')
  expect(await attachedTo()).toEqual({ instanceId: next!.instanceId })
  estate.control.put(region, 'volumes', volumeId, { ...volume, status: 'available', attachmentSet: [] })
  await read('volumes')
  expect(await attachedTo()).toBeNull()
  estate.control.put(region, 'volumes', volumeId, { ...volume, status: 'deleting', attachmentSet: [] })
  await read('volumes')
  expect(await known('volumes', volumeId, 'retiredAt', true)).toMatchObject({ retiredAt: expect.any(String) })

  const [snapshotId, snapshot] = own('snapshots').find(([, one]) => one.volumeId !== 'vol-ffffffff')!
  const copy = await known('snapshots', snapshotId, 'sizeGiB progressPercent volume { providerId }')
  expect(copy).toMatchObject({ sizeGiB: snapshot.volumeSize, volume: { providerId: snapshot.volumeId } })
  // What is no longer listed is missing first, and gone when it is not listed the next time either.
  estate.control.take(region, 'snapshots', snapshotId)
  expect((await read('snapshots')).totals).toMatchObject({ missing: 1, gone: 0 })
  expect((await read('snapshots')).totals).toMatchObject({ missing: 0, gone: 1 })
})

it('reads everything else although one permission is missing, and says which', async () => {
  const { permissions } = demoAccount
  const allowed = ['sts:*', 'ec2:DescribeInstances', 'ec2:DescribeVpcs', 'ec2:DescribeSubnets']
  estate.control.updateAccount(demoAccount.accessKeyId, { permissions: allowed })
  try {
    const run = await read('instances', 'vpcs', 'subnets', 'volumes', 'images')
    expect(run.state).toBe('PARTIAL')
    const failed = run.scopes.filter(({ problem }) => problem)
    expect(failed.map(({ problem }) => problem!.code)).toEqual(['PERMISSION_MISSING', 'PERMISSION_MISSING'])
    expect(failed.map(({ problem }) => problem!.message).join(' ')).toMatch(/DescribeVolumes.*DescribeImages/)
    expect(run.totals.missing).toBe(0)
  } finally {
    estate.control.updateAccount(demoAccount.accessKeyId, { permissions })
  }
  const { connectionTest } = await estate.query(
    `mutation ($id: ID!) { connectionTest(input: { id: $id }) { result { ok checks { ok permission } } userErrors { message } } }`,
    { id: estate.connection },
  )
  expect(connectionTest.result.ok).toBe(true)
  expect(connectionTest.result.checks.length).toBeGreaterThan(25)
})

it('sets aside what has no id, and marks nothing missing that day', async () => {
  const before = own('subnets').length
  estate.control.put(region, 'subnets', 'nameless', { state: 'available', cidrBlock: '10.9.0.0/24' })
  const run = await read('subnets')
  expect(run).toMatchObject({ state: 'FAILED', problem: { code: 'UNIDENTIFIED_RECORDS' } })
  expect(run.totals).toMatchObject({ found: before + 1, quarantined: 1, missing: 0 })
  estate.control.take(region, 'subnets', 'nameless')
  expect(await read('subnets')).toMatchObject({ state: 'SUCCEEDED', totals: { unchanged: before } })
})

it('changes nothing when nothing has changed, in whatever order EC2 answers', async () => {
  await read(...all)
  for (const [id, thing] of own('security-groups'))
    estate.control.put(region, 'security-groups', id, {
      ...thing,
      ipPermissions: parts(thing, 'ipPermissions').toReversed(),
      tagSet: parts(thing, 'tagSet').toReversed(),
    } as Thing)
  const { totals } = await read(...all)
  expect(totals).toMatchObject({ created: 0, changed: 0, missing: 0, gone: 0, unchanged: totals.found })
})
