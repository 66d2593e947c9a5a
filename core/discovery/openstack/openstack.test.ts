import { afterEach, describe, expect, it } from 'vitest'
import { startOpenStackEmulator } from '../../../dev/emulators/openstack/emulator.ts'
import type { Row } from '../../../dev/emulators/openstack/generate.ts'
import { demoUser, type EmulatorOptions, project } from '../../../dev/emulators/openstack/world.ts'
import { effective } from '../../inventory/effective.ts'
import { kindOf } from '../../inventory/kinds.ts'
import '../../inventory/app.ts'
import '../../inventory/flavor.ts'
import '../../inventory/network.ts'
import '../../inventory/server.ts'
import '../../inventory/storage.ts'
import type { Config } from '../../platform/config.ts'
import { Problem } from '../../platform/errors.ts'
import type { CrawlContext, Observation, ObservationPage } from '../crawler.ts'
import { openstack } from './openstack.ts'

const region = 'RegionOne'
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

const password = {
  username: demoUser.name,
  password: demoUser.password,
  project: project.name,
}
const credential = {
  applicationCredential: demoUser.credentialId,
  applicationCredentialSecret: demoUser.credentialSecret,
}

async function cloud(options: EmulatorOptions = {}, over: Partial<CrawlContext> = {}) {
  const emulator = await startOpenStackEmulator(options)
  open.push(emulator)
  const counts = { calls: 0, throttles: 0 }
  const context = (settings: Record<string, string> = credential): CrawlContext => ({
    config: { ALLOW_LOOPBACK_ENDPOINTS: true } as Config,
    settings: { url: emulator.url, ...settings },
    regions: [],
    files: null as never,
    uploads: [],
    signal: new AbortController().signal,
    turn: () => Promise.resolve(void counts.calls++),
    throttled: () => void counts.throttles++,
    ...over,
  })
  const shared = context()
  const list = async (name: string, where = region, using = shared) => {
    const pages: ObservationPage[] = []
    for await (const page of openstack.list(using, resource(name), where)) pages.push(page)
    return {
      pages,
      things: pages.flatMap((page) => page.observations),
      unreadable: pages.flatMap((page) => page.unreadable),
    }
  }
  const one = async (name: string, id: string) => {
    const found = (await list(name)).things.find(({ externalId }) => externalId === id)
    expect(found).toBeDefined()
    return found!
  }
  return { ...emulator, control: emulator.control, counts, context, list, one }
}

const resource = (name: string) => openstack.resources.find((one) => one.name === name)!
const named = (rows: Row[], name: string) => rows.find((row) => row.name === name)!

const problemIn = async (doing: Promise<unknown>): Promise<Problem> => {
  const error = await doing.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Problem)
  return error as Problem
}

describe('signing in', () => {
  it('takes a password with a project, by names or by ids', async () => {
    const { context } = await cloud()
    const identity = { account: project.id, name: 'maestro in the project shop' }
    expect(await openstack.identify(context(password))).toEqual(identity)
    expect(
      await openstack.identify(
        context({ ...password, username: demoUser.id, project: project.id, userDomain: 'default' }),
      ),
    ).toEqual(identity)
  })

  it('takes an application credential, by id or by name', async () => {
    const { context } = await cloud()
    expect((await openstack.identify(context())).account).toBe(project.id)
    const byName = { ...credential, applicationCredential: demoUser.credentialName, username: demoUser.name }
    expect((await openstack.identify(context(byName))).account).toBe(project.id)
  })

  it.each(['', '/v3', '/v3/', '/v2.0', '/v3/auth/tokens'])(
    'finds Keystone under an address that ends with "%s"',
    async (end) => {
      const { context, url } = await cloud()
      const identity = await openstack.identify(
        context({ ...credential, url: url.replace(/\/v3$/, '') + end }),
      )
      expect(identity.account).toBe(project.id)
    },
  )

  it('says what is wrong', async () => {
    const { context, control, url } = await cloud()
    const codeFor = async (settings: Record<string, string>) =>
      (await problemIn(openstack.identify(context(settings)))).code
    expect(await codeFor({ ...password, password: 'wrong' })).toBe('CREDENTIALS_REFUSED')
    expect(await codeFor({ ...password, userDomain: 'Elsewhere' })).toBe('CREDENTIALS_REFUSED')
    expect(await codeFor({})).toBe('SETTINGS_INCOMPLETE')
    expect(await codeFor({ username: 'x', password: 'y' })).toBe('SETTINGS_INCOMPLETE')
    expect(await codeFor({ applicationCredential: 'x' })).toBe('SETTINGS_INCOMPLETE')
    expect(await codeFor({ ...credential, interface: 'sideways' })).toBe('SETTINGS_INCOMPLETE')
    expect(await codeFor({ ...credential, url: url.replace('/identity', '/nowhere') })).toBe('NOT_FOUND')
    expect(await codeFor({ ...credential, url: 'http://127.0.0.1:1' })).toBe('ENDPOINT_AWAY')
    expect(await codeFor({ ...credential, url: url.replace('http:', 'https:') })).toBe('ENDPOINT_AWAY')
    expect(await codeFor({ ...credential, url: 'http://169.254.169.254/v3' })).toBe('ENDPOINT_REFUSED')
    control.setFaults('*', 'identity', { failing: { calls: 9, status: 500 } })
    expect(await codeFor(credential)).toBe('SOURCE_FAILED')
  })

  it('goes nowhere that no call may go, not by redirects or the catalogue either', async () => {
    const { context, control } = await cloud()
    control.setFaults('*', 'identity', { redirectTo: 'http://169.254.169.254/latest/meta-data' })
    expect((await problemIn(openstack.identify(context()))).code).toBe('ENDPOINT_REFUSED')
    control.setFaults('*', 'identity', { redirectTo: 'http://localhost.example.org/v3/auth/tokens' })
    expect((await problemIn(openstack.identify(context()))).code).toBe('ENDPOINT_REFUSED')
    const strict = { ...context(), config: { ALLOW_LOOPBACK_ENDPOINTS: false } as Config }
    expect((await problemIn(openstack.identify(strict))).code).toBe('ENDPOINT_REFUSED')
  })
})

describe('regions', () => {
  const regions = { RegionOne: { servers: 2 }, RegionTwo: { servers: 3 } }

  it('offers every resource of all regions of the catalogue, or of those that are named', async () => {
    const { context } = await cloud({ regions })
    const all = await openstack.offers!(context())
    expect(all).toHaveLength(2 * openstack.resources.length)
    const some = await openstack.offers!(context({ ...credential, regions: 'RegionTwo, ' }))
    expect(new Set(some.map((offer) => offer.region))).toEqual(new Set(['RegionTwo']))
  })

  it('does not offer what a region goes without, so that nothing of it counts as missing', async () => {
    const { context } = await cloud({ regions, missing: ['RegionTwo/load-balancer'] })
    const names = (await openstack.offers!(context()))
      .filter(({ region }) => region === 'RegionTwo')
      .map(({ resource }) => resource)
    expect(names).not.toContain('load-balancers')
    expect(names).toContain('servers')
    const check = (await openstack.check(context())).filter((one) => one.problem)
    expect(new Set(check.map((one) => `${one.region} ${one.ok} ${one.problem!.code}`))).toEqual(
      new Set(['RegionTwo true SERVICE_MISSING']),
    )
  })

  it('tells a region that is not there, and a service that has to be', async () => {
    const { context, list } = await cloud({ regions, missing: ['RegionTwo/compute'] })
    expect((await problemIn(list('servers', 'RegionTwo'))).code).toBe('SERVICE_MISSING')
    expect((await problemIn(list('servers', 'RegionNine'))).code).toBe('REGION_UNKNOWN')
    const offers = await openstack.offers!(context({ ...credential, regions: 'RegionNine' }))
    expect(offers.map(({ resource }) => resource)).toContain('servers')
  })

  it('keeps flavors of the same id in two regions apart', async () => {
    const { list } = await cloud({ regions })
    const [here, there] = [await list('flavors'), await list('flavors', 'RegionTwo')]
    const ids = [...here.things, ...there.things].map(({ externalId }) => externalId)
    expect(ids).toContain('RegionOne/1')
    expect(ids).toContain('RegionTwo/1')
    expect(new Set(ids).size).toBe(6)
  })

  it('calls the interface that was chosen', async () => {
    const { context, list } = await cloud()
    const inside = context({ ...credential, interface: 'internal' })
    expect((await problemIn(list('servers', region, inside))).code).toBe('ENDPOINT_AWAY')
  })
})

describe('translation', () => {
  it('reads a server with its size, addresses, disks and relations', async () => {
    const { control, one } = await cloud()
    const [server] = control.rows(region, 'servers')
    const [port] = control.rows(region, 'ports')
    const { externalId, ended, values, relations } = await one('servers', server!.id)
    expect({ externalId, ended }).toEqual({ externalId: server!.id, ended: false })
    expect(values).toMatchObject({
      name: server!.name,
      status: 'ACTIVE',
      providerStatus: 'ACTIVE',
      environment: 'production',
      role: 'app',
      region,
      zone: 'nova',
      instanceId: server!.id,
      hostname: server!.name,
      instanceType: 'm1.small',
      cpu: 1,
      memoryGiB: 2,
      flavor: { resource: 'flavors', externalId: 'RegionOne/1' },
      image: { resource: 'images', externalId: control.rows(region, 'images')[0]!.id },
      ipv4Private: '10.0.1.10',
      ipv4Public: '203.0.113.10',
      ipAddresses: ['10.0.1.10', '203.0.113.10'],
      macAddresses: [port!.mac_address],
      networkId: port!.network_id,
      subnetId: control.rows(region, 'subnets')[0]!.id,
      keyName: 'ops',
      launchedAt: new Date('2024-05-03T09:13:10Z'),
    })
    expect(values.tags).toEqual([
      { key: 'environment', value: 'Production' },
      { key: 'maestro', value: '' },
      { key: 'role', value: 'app' },
    ])
    expect(values.storage).toEqual([
      { device: undefined, sizeGiB: 20, root: true },
      { volumeId: control.rows(region, 'volumes')[0]!.id, deleteOnTermination: false },
    ])
    expect(relations).toEqual([
      { kind: 'CONNECTED_TO', to: { resource: 'subnets', externalId: values.subnetId } },
      ...control
        .rows(region, 'security_groups')
        .map(({ id }) => id)
        .sort()
        .map((id) => ({ kind: 'CONNECTED_TO', to: { resource: 'security-groups', externalId: id } })),
      { kind: 'CONNECTED_TO', to: { resource: 'ports', externalId: port!.id } },
    ])
  })

  it('sizes servers by their flavor where Nova is too old to say, and by themselves where the flavor is gone', async () => {
    const old = await cloud({ computeVersion: '2.40' })
    const [server] = old.control.rows(region, 'servers')
    const expected = { cpu: 1, memoryGiB: 2, flavor: { externalId: 'RegionOne/1' } }
    expect((await old.one('servers', server!.id)).values).toMatchObject(expected)
    const ancient = await cloud({ computeVersion: '' })
    expect((await ancient.one('servers', server!.id)).values).toMatchObject(expected)
    const present = await cloud()
    present.control.change(region, 'flavors', '1', { vcpus: 64 })
    const { values } = await present.one('servers', server!.id)
    expect(values).toMatchObject({ cpu: 1, memoryGiB: 2, instanceType: 'm1.small' })
    expect(values.flavor).toBeUndefined()
  })

  it.each([
    ['SHUTOFF', 'STOPPED', false],
    ['PAUSED', 'STOPPED', false],
    ['SHELVED_OFFLOADED', 'STOPPED', false],
    ['BUILD', 'ACTIVE', false],
    ['ERROR', 'DEGRADED', false],
    ['DELETED', 'UNKNOWN', true],
    ['SOFT_DELETED', 'UNKNOWN', true],
    ['SOMETHING_NEW', 'UNKNOWN', false],
  ])('takes a server that is %s for %s', async (word, status, ended) => {
    const { control, one } = await cloud()
    const [server] = control.rows(region, 'servers')
    control.change(region, 'servers', server!.id, { status: word })
    expect(await one('servers', server!.id)).toMatchObject({
      ended,
      values: { status, providerStatus: word },
    })
  })

  it('keeps a server as it is while the part of the cloud that knows it is out of reach', async () => {
    const { control, list } = await cloud()
    const [lost] = control.rows(region, 'servers')
    control.loseServers([lost!.id])
    const { things, unreadable } = await list('servers')
    expect(things).toHaveLength(11)
    expect(unreadable).toMatchObject([{ externalId: lost!.id, raw: { status: 'UNKNOWN' } }])
  })

  it('reads volumes with their server, and snapshots with their volume', async () => {
    const { control, one } = await cloud()
    const [volume] = control.rows(region, 'volumes')
    const [snapshot] = control.rows(region, 'snapshots')
    expect((await one('volumes', volume!.id)).values).toMatchObject({
      name: 'data-1',
      status: 'ACTIVE',
      providerStatus: 'in-use',
      server: { resource: 'servers', externalId: control.rows(region, 'servers')[0]!.id },
      device: '/dev/vdb',
      attachedAt: new Date('2024-05-03T09:21:00Z'),
      sizeGiB: 10,
      volumeType: 'ceph-ssd',
      encrypted: true,
      tags: [{ key: 'purpose', value: 'data' }],
    })
    expect((await one('snapshots', snapshot!.id)).values).toMatchObject({
      name: 'nightly-1',
      volume: { resource: 'volumes', externalId: volume!.id },
      sizeGiB: 10,
      progressPercent: 100,
      startedAt: new Date('2024-06-01T02:00:00Z'),
      ownerAccount: project.id,
    })
    control.change(region, 'volumes', volume!.id, { status: 'deleting' })
    expect((await one('volumes', volume!.id)).ended).toBe(true)
    control.change(region, 'volumes', volume!.id, { status: 'error_extending' })
    expect((await one('volumes', volume!.id)).values.status).toBe('DEGRADED')
  })

  it('reads images and flavors', async () => {
    const { control, one } = await cloud()
    const image = named(control.rows(region, 'images'), 'ubuntu-24.04')
    expect((await one('images', image.id)).values).toMatchObject({
      name: 'ubuntu-24.04',
      status: 'ACTIVE',
      imageType: 'qcow2',
      platform: 'linux',
      distribution: 'ubuntu 24.04',
      architecture: 'x86_64',
      public: true,
      sizeGiB: 2.4,
      minDiskGiB: 20,
      publishedAt: new Date('2024-05-03T09:12:44Z'),
    })
    expect((await one('flavors', 'RegionOne/2')).values).toMatchObject({
      name: 'm1.medium',
      apiName: 'm1.medium',
      providerId: '2',
      vcpus: 2,
      memoryGiB: 4,
      localStorage: '40 GiB',
      public: true,
    })
  })

  it('reads networks and their pieces, each as a part of the one above', async () => {
    const { control, one } = await cloud()
    const [front, , internet] = control.rows(region, 'networks')
    const [subnet, unnamed] = control.rows(region, 'subnets')
    const [port] = control.rows(region, 'ports')
    const [router] = control.rows(region, 'routers')
    const web = named(control.rows(region, 'security_groups'), 'web')
    expect((await one('networks', front!.id)).values).toMatchObject({
      family: 'NETWORK',
      name: 'front',
      status: 'ACTIVE',
      ownerAccount: project.id,
    })
    expect((await one('subnets', subnet!.id)).values).toMatchObject({
      family: 'SUBNET',
      parent: { resource: 'networks', externalId: front!.id },
      cidrs: ['10.0.0.0/16'],
      gateway: '10.0.0.1',
      dnsServers: ['1.1.1.1', '9.9.9.9'],
      routes: [{ destination: '10.9.0.0/16', target: '10.0.0.254' }],
    })
    expect((await one('subnets', unnamed!.id)).values.name).toBe('10.0.0.0/16')
    expect((await one('ports', port!.id)).values).toMatchObject({
      family: 'INTERFACE',
      name: '10.0.1.10',
      parent: { resource: 'subnets', externalId: subnet!.id },
      ipAddresses: ['10.0.1.10'],
      macAddresses: [port!.mac_address],
    })
    expect((await one('routers', router!.id)).values).toMatchObject({
      family: 'ROUTE_TABLE',
      parent: { resource: 'networks', externalId: internet!.id },
      ipAddresses: ['203.0.113.3'],
      routes: [{ destination: '179.24.1.0/24', target: '10.0.0.99' }],
    })
    expect((await one('security-groups', web.id)).values).toMatchObject({
      family: 'SECURITY_GROUP',
      rules: [
        { direction: 'in', action: 'allow', protocol: 'tcp', fromPort: 443, toPort: 443, peer: '0.0.0.0/0' },
        { direction: 'out', action: 'allow', protocol: 'any', peer: '0.0.0.0/0' },
      ],
    })
  })

  it('finds the servers behind a load balancer by subnet and address, although another network has the same address', async () => {
    const { control, one } = await cloud()
    const [loadBalancer] = control.rows(region, 'loadbalancers')
    const [front] = control.rows(region, 'subnets')
    const behind = control
      .rows(region, 'ports')
      .filter(
        ({ device_owner: owner, fixed_ips: ips }) =>
          owner === 'compute:nova' && (ips as { subnet_id: string }[])[0]!.subnet_id === front!.id,
      )
      .slice(0, 2)
    const { values, relations } = await one('load-balancers', loadBalancer!.id)
    expect(values).toMatchObject({
      family: 'LOAD_BALANCER',
      name: 'lb-1',
      status: 'ACTIVE',
      providerStatus: 'ONLINE',
      endpoint: '10.0.0.20',
      engine: 'amphora',
      healthCheck: 'HTTP GET /healthz',
      listeners: [{ protocol: 'TERMINATED_HTTPS', port: 443 }],
    })
    expect(relations!.filter(({ kind }) => kind === 'TARGETS')).toEqual(
      behind
        .toSorted((a, b) => ((a.device_id as string) < (b.device_id as string) ? -1 : 1))
        .map((port) => ({
          kind: 'TARGETS',
          to: { resource: 'servers', externalId: port.device_id },
          properties: {
            endpoint: (port.fixed_ips as { ip_address: string }[])[0]!.ip_address,
            port: 8080,
            protocol: 'http',
          },
        })),
    )
    expect(relations!.filter(({ kind }) => kind === 'CONNECTED_TO').map(({ to }) => to)).toEqual([
      { resource: 'subnets', externalId: front!.id },
      { resource: 'ports', externalId: loadBalancer!.vip_port_id },
    ])
  })

  it('names no target where a member without a subnet could be either of two servers', async () => {
    const { control, one } = await cloud()
    const [loadBalancer] = control.rows(region, 'loadbalancers')
    for (const { id } of control.rows(region, 'members'))
      control.change(region, 'members', id, { subnet_id: null })
    const { relations } = await one('load-balancers', loadBalancer!.id)
    expect(relations!.filter(({ kind }) => kind === 'TARGETS')).toEqual([])
    const [first] = control.rows(region, 'members')
    const twin = control
      .rows(region, 'ports')
      .filter(({ fixed_ips: ips }) => (ips as { ip_address: string }[])[0]!.ip_address === first!.address)
      .at(-1)!
    control.remove(region, 'ports', [twin.id])
    const again = await one('load-balancers', loadBalancer!.id)
    expect(again.relations!.filter(({ kind }) => kind === 'TARGETS')).toHaveLength(1)
  })

  it('calls facts by names that their kind has, and is the same when it is read again in another order', async () => {
    const { control, list } = await cloud()
    for (const { name, kind } of openstack.resources) {
      const { things, unreadable } = await list(name)
      expect(things.length).toBeGreaterThan(0)
      expect(unreadable).toEqual([])
      const facts = kindOf(kind).facts.map((fact) => fact.name)
      for (const { values } of things)
        expect(Object.keys(values).filter((one) => !facts.includes(one))).toEqual([])
      expect(effective(kindOf(kind), { declared: {}, observations: [] })).toBeDefined()
      for (const service of ['compute', 'network', 'volumev3', 'image', 'load-balancer'])
        control.setFaults(region, service, { strange: true })
      expect(printed((await list(name)).things)).toEqual(printed(things))
      control.clearFaults()
    }
  })
})

const printed = (things: Observation[]) =>
  things.map((thing) => JSON.stringify([thing.values, thing.relations])).sort()

describe('paging', () => {
  it.each([
    ['links', {}],
    ['links of another host', { linkHost: 'http://10.0.0.1:8774' }],
  ])('reads all pages of every service by %s', async (_, faults) => {
    const { control, list } = await cloud({
      maxPage: 3,
      regions: { RegionOne: { servers: 20, volumes: 14, loadBalancers: 4 } },
    })
    const services = ['compute', 'network', 'volumev3', 'image', 'load-balancer']
    for (const service of services) control.setFaults(region, service, faults)
    const sizes: Record<string, number> = {}
    for (const { name } of openstack.resources) sizes[name] = (await list(name)).things.length
    expect(sizes).toEqual({
      networks: 3,
      subnets: 3,
      'security-groups': 2,
      ports: 24,
      routers: 1,
      flavors: 3,
      images: 3,
      servers: 20,
      volumes: 14,
      snapshots: 7,
      'load-balancers': 4,
    })
  })

  it('goes on after the last record where a full page has no link', async () => {
    const { control, list } = await cloud({ regions: { RegionOne: { servers: 1200, volumes: 0 } } })
    control.setFaults(region, 'compute', { withoutLinks: true })
    control.setFaults(region, 'network', { withoutLinks: true })
    const { things, pages } = await list('servers')
    expect(new Set(things.map(({ externalId }) => externalId)).size).toBe(1200)
    expect(pages).toHaveLength(3)
    expect(things.every(({ relations }) => relations!.length >= 3)).toBe(true)
  })

  it('ends a listing that leads round in a circle', async () => {
    const { control, list } = await cloud({ maxPage: 3 })
    control.setFaults(region, 'compute', { loop: true })
    expect((await problemIn(list('servers'))).code).toBe('LISTING_LOOPS')
    control.setFaults(region, 'image', { loop: true })
    expect((await problemIn(list('images'))).code).toBe('LISTING_LOOPS')
  })
})

describe('bad days', () => {
  it('renews a token that ends in the middle, once for all', async () => {
    const { control, list } = await cloud({ maxPage: 3 })
    control.setFaults(region, 'volumev3', { expireAfterPages: 1 })
    const [volumes, images] = await Promise.all([list('volumes'), list('images')])
    expect(volumes.things).toHaveLength(6)
    expect(images.things).toHaveLength(3)
    expect(control.calls()['*/identity']).toBe(2)
  })

  it('says that the credentials ended when the token cannot be renewed', async () => {
    const { control, list } = await cloud({ maxPage: 3 })
    await list('networks')
    control.expireTokens()
    control.setFaults('*', 'identity', { redirectTo: 'http://127.0.0.1:1/' })
    expect((await problemIn(list('volumes'))).code).toBe('ENDPOINT_AWAY')
  })

  it.each([
    [429, '0'],
    [503, '1'],
    [413, '0'],
    [429, new Date(Date.now() + 500).toUTCString()],
    [429, undefined],
  ] as const)('waits when it is asked to with %s and %s', async (status, retryAfter) => {
    const { control, list, counts } = await cloud()
    control.setFaults(region, 'image', { busy: { calls: 1, status, ...(retryAfter && { retryAfter }) } })
    expect((await list('images')).things).toHaveLength(3)
    expect(counts.throttles).toBe(1)
  })

  it('does not wait for ever, nor longer than a run that was cancelled', async () => {
    const { control, list } = await cloud()
    control.setFaults(region, 'image', { busy: { calls: 99, status: 429, retryAfter: '0' } })
    expect((await problemIn(list('images'))).code).toBe('THROTTLED')
    control.setFaults(region, 'image', { busy: { calls: 1, status: 429, retryAfter: '7200' } })
    expect((await problemIn(list('images'))).message).toContain('120 minutes')
    const started = Date.now()
    const impatient = await cloud({}, { signal: AbortSignal.timeout(200) })
    impatient.control.setFaults(region, 'image', { busy: { calls: 1, status: 429, retryAfter: '60' } })
    await problemIn(impatient.list('images'))
    expect(Date.now() - started).toBeLessThan(5_000)
  })

  it('tries again what fails in passing, and tells what does not pass', async () => {
    const { control, list } = await cloud()
    control.setFaults(region, 'image', { failing: { calls: 2, status: 502 } })
    expect((await list('images')).things).toHaveLength(3)
    control.setFaults(region, 'image', { failing: { calls: 9, status: 500 } })
    expect((await problemIn(list('images'))).code).toBe('SOURCE_FAILED')
  })

  it.each([
    ['an answer that ends in the middle', { truncateAfterPages: 1 }, 'ANSWER_UNREADABLE'],
    ['the page of a proxy', { htmlAfterPages: 1 }, 'ANSWER_UNREADABLE'],
    ['a connection that breaks', { cutAfterPages: 1 }, 'ENDPOINT_AWAY'],
    ['an error', { failAfterPages: 1 }, 'SOURCE_FAILED'],
    ['no list', { shape: 'missing' }, 'ANSWER_UNREADABLE'],
    ['a list that is null', { shape: 'null' }, 'ANSWER_UNREADABLE'],
    ['nobody at home', { down: true }, 'ENDPOINT_AWAY'],
    ['no permission', { forbidden: true }, 'PERMISSION_MISSING'],
    ['a redirect to where keys lie', { redirectTo: 'http://169.254.169.254/' }, 'ENDPOINT_REFUSED'],
  ] as const)('throws when there is %s, so that nothing counts as missing', async (_, faults, code) => {
    const { control, list } = await cloud({ maxPage: 3 })
    control.setFaults(region, 'volumev3', faults)
    const problem = await problemIn(list('volumes'))
    expect(problem.code).toBe(code)
    expect(problem.message).toMatch(/\.$/)
    expect(problem.remedy).toBeTruthy()
  })

  it('does not list servers without what ports say of them', async () => {
    const { control, list } = await cloud()
    control.setFaults(region, 'network', { forbidden: true })
    expect((await problemIn(list('servers'))).code).toBe('PERMISSION_MISSING')
  })

  it('sets aside a record that cannot be read, and goes on', async () => {
    const { control, list } = await cloud()
    const [first, second, third, fourth] = control.rows(region, 'servers')
    control.change(region, 'servers', first!.id, { addresses: ['what'] })
    control.change(region, 'servers', second!.id, { 'OS-SRV-USG:launched_at': 'yesterday' })
    control.change(region, 'servers', third!.id, {
      metadata: null,
      tags: null,
      addresses: null,
      image: undefined,
    })
    control.change(region, 'servers', fourth!.id, { id: null })
    const { things, unreadable } = await list('servers')
    expect(things).toHaveLength(9)
    expect(unreadable.map(({ externalId }) => externalId)).toEqual([first!.id, second!.id, null])
    expect(unreadable[0]!.reason).toContain('addresses')
    expect(things.find(({ externalId }) => externalId === third!.id)!.values).toMatchObject({
      tags: [],
      ipAddresses: [],
    })
    control.change(region, 'flavors', '1', { ram: 'much' })
    expect((await list('flavors')).unreadable).toMatchObject([{ externalId: 'RegionOne/1' }])
    control.add(region, 'images', 'nonsense' as never)
    expect((await list('images')).unreadable).toMatchObject([{ externalId: null, raw: 'nonsense' }])
  })

  it('checks every permission in every region', async () => {
    const { context, control } = await cloud({
      regions: { RegionOne: { servers: 1 }, RegionTwo: { servers: 1 } },
    })
    const fine = await openstack.check(context())
    expect(fine).toHaveLength(2 * 14)
    expect(fine.every((check) => check.ok && check.permission)).toBe(true)
    control.setFaults('RegionTwo', 'image', { forbidden: true })
    control.setFaults('RegionOne', 'load-balancer', { forbidden: true })
    const bad = (await openstack.check(context())).filter((check) => !check.ok)
    expect(bad.map((check) => `${check.region} ${check.permission} ${check.problem!.code}`).sort()).toEqual([
      'RegionOne os_load-balancer_api:healthmonitor:get_all PERMISSION_MISSING',
      'RegionOne os_load-balancer_api:listener:get_all PERMISSION_MISSING',
      'RegionOne os_load-balancer_api:loadbalancer:get_all PERMISSION_MISSING',
      'RegionOne os_load-balancer_api:pool:get_all PERMISSION_MISSING',
      'RegionTwo get_images PERMISSION_MISSING',
    ])
  })

  it('never lets a secret into a sentence', async () => {
    const { context, control, list } = await cloud()
    control.setFaults(region, 'volumev3', { failing: { calls: 9, status: 500 } })
    const told = [
      await problemIn(list('volumes')),
      await problemIn(openstack.identify(context({ ...password, project: 'other' }))),
    ]
    const text = JSON.stringify(told.map(({ message, remedy }) => [message, remedy]))
    for (const secret of [demoUser.password, demoUser.credentialSecret, 'gAAAAA'])
      expect(text).not.toContain(secret)
  })
})
