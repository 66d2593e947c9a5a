import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type S3, s3Keys, startS3 } from '../../../dev/testing/s3.ts'
import type { Config } from '../../platform/config.ts'
import { DiskFiles } from '../../platform/files/disk.ts'
import { readFilesUrl } from '../../platform/files/place.ts'
import type { CrawlContext, Observation, ObservationPage } from '../crawler.ts'
import { terraform } from './terraform.ts'

const sample = fileURLToPath(new URL('../../../dev/samples/terraform/shop.tfstate', import.meta.url))

let home: string
let imports: string
let states: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'maestro-terraform-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))
beforeEach(async () => {
  imports = await mkdtemp(join(home, 'imports-'))
  states = join(imports, 'states')
  await mkdir(states)
})

const context = (over: Partial<CrawlContext> = {}): CrawlContext => ({
  config: { IMPORT_DIR: imports, ALLOW_LOOPBACK_ENDPOINTS: true } as Config,
  settings: { folder: 'states' },
  regions: [],
  files: new DiskFiles(join(home, 'files')),
  uploads: [],
  signal: new AbortController().signal,
  turn: () => Promise.resolve(),
  throttled: () => undefined,
  ...over,
})

async function listed(name: string, over: Partial<CrawlContext> = {}) {
  const resource = terraform.resources.find((one) => one.name === name)!
  const pages: ObservationPage[] = []
  for await (const page of terraform.list(context(over), resource, null)) pages.push(page)
  const observations = pages.flatMap((page) => page.observations)
  return {
    observations,
    unreadable: pages.flatMap((page) => page.unreadable),
    byId: (id: string) => observations.find(({ externalId }) => externalId === id)!,
  }
}

const state = (resources: object[], over: object = {}) =>
  JSON.stringify({ version: 4, terraform_version: '1.9.8', serial: 1, lineage: 'x', resources, ...over })
const managed = (type: string, attributes: object, name = 'one') => ({
  mode: 'managed',
  type,
  name,
  instances: [{ attributes }],
})
const save = (name: string, text: string) => writeFile(join(states, name), text)

describe('a state of Terraform', () => {
  it('is read into servers with what they are connected to', async () => {
    await cp(sample, join(states, 'shop.tfstate'))
    const { observations, byId } = await listed('servers')
    expect(observations).toHaveLength(1)
    expect(byId('i-0front0')).toMatchObject({
      values: {
        name: 'front-0',
        environment: 'production',
        role: 'web',
        cpu: 4,
        region: 'eu-central-1',
        zone: 'eu-central-1a',
        instanceType: 'm6i.xlarge',
        ipv4Private: '10.20.1.10',
        ipv4Public: '198.51.100.10',
        ipAddresses: ['10.20.1.10', '198.51.100.10'],
        status: 'ACTIVE',
      },
      relations: [
        { kind: 'CONNECTED_TO', to: { resource: 'networks', externalId: 'subnet-01aa' } },
        { kind: 'CONNECTED_TO', to: { resource: 'networks', externalId: 'sg-0web' } },
      ],
    })
    expect(byId('i-0front0').values).not.toHaveProperty('dnsPublic')
  })

  it('gives the disks of an instance, networks within networks, and what stands on them', async () => {
    await cp(sample, join(states, 'shop.tfstate'))
    const { byId: volume } = await listed('volumes')
    expect(volume('vol-0root').values).toMatchObject({
      sizeGiB: 20,
      deleteOnTermination: true,
      server: { resource: 'servers', externalId: 'i-0front0' },
    })
    expect(volume('vol-0root').values).not.toHaveProperty('iops')
    expect(volume('vol-0data').values).toMatchObject({ iops: 3000, throughputMiBps: 125, device: '/dev/sdf' })
    const { observations: networks, byId: network } = await listed('networks')
    expect(networks).toHaveLength(3)
    expect(network('subnet-01aa').values.parent).toEqual({
      resource: 'networks',
      externalId: 'vpc-0aa11bb22cc33dd44',
    })
    expect(network('sg-0web').values.rules).toEqual([
      {
        direction: 'in',
        action: 'allow',
        protocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        peer: '0.0.0.0/0',
        description: 'https',
      },
      {
        direction: 'out',
        action: 'allow',
        protocol: 'all',
        fromPort: 0,
        toPort: 0,
        peer: '0.0.0.0/0',
        description: undefined,
      },
    ])
    const { byId: app } = await listed('apps')
    expect(app('orders').values).toMatchObject({ family: 'DATABASE', engineVersion: '16.4', port: 5432 })
    const classic = app('arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/classic')
    expect(classic.relations).toContainEqual({
      kind: 'TARGETS',
      to: { resource: 'servers', externalId: 'i-0front0' },
    })
    expect((await listed('snapshots')).byId('snap-01').values.volume).toEqual({
      resource: 'volumes',
      externalId: 'vol-0data',
    })
    // A data source is looked after by somebody else.
    expect((await listed('images')).observations).toEqual([])
  })

  it('sets aside what cannot be read, and shows nothing of what may be secret', async () => {
    await cp(sample, join(states, 'shop.tfstate'))
    const { unreadable } = await listed('servers')
    expect(unreadable).toEqual([
      {
        externalId: 'i-0blue',
        reason:
          'module.web.aws_instance.front["blue"] in "shop.tfstate": Its attribute "cpu_core_count" is not a number.',
        raw: { type: 'aws_instance', address: 'module.web.aws_instance.front["blue"]' },
      },
      expect.objectContaining({
        externalId: null,
        reason: expect.stringContaining('has no id yet') as string,
      }),
    ])
    const everything = await Promise.all(terraform.resources.map(({ name }) => listed(name)))
    expect(JSON.stringify(everything)).not.toMatch(/secret/)
  })

  it('reads the types of other clouds', async () => {
    await save(
      'others.tfstate',
      state([
        managed('openstack_compute_instance_v2', {
          id: '0b1e',
          name: 'nova-1',
          power_state: 'shutoff',
          flavor_name: 'm1.small',
          metadata: { role: 'db' },
          network: [
            {
              uuid: 'net-1',
              fixed_ip_v4: '192.0.2.7',
              fixed_ip_v6: '[2001:db8::7]',
              mac: 'fa:16:3e:00:00:01',
            },
          ],
        }),
        managed('azurerm_linux_virtual_machine', {
          id: '/subscriptions/S/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/VM',
          name: 'vm',
          location: 'westeurope',
          size: 'Standard_D2s_v5',
          private_ip_addresses: ['10.1.0.4'],
          source_image_reference: [{ offer: 'debian-12', sku: '12' }],
        }),
        managed('google_compute_instance', {
          id: 'projects/p/zones/europe-west3-a/instances/g',
          instance_id: '123',
          name: 'g',
          zone: 'europe-west3-a',
          current_status: 'TERMINATED',
          labels: { environment: 'test' },
          network_interface: [
            {
              network_ip: '10.2.0.3',
              subnetwork: 'https://example.com/subnetworks/front',
              access_config: [{ nat_ip: '198.51.100.4' }],
            },
          ],
        }),
        managed('digitalocean_droplet', {
          id: '42',
          name: 'd',
          region: 'fra1',
          memory: 2048,
          vcpus: 2,
          status: 'active',
          tags: ['blue'],
        }),
        managed('vsphere_virtual_machine', {
          id: '4203',
          uuid: '4203',
          name: 'v',
          num_cpus: 8,
          memory: 16384,
          power_state: 'on',
        }),
      ]),
    )
    const { observations, unreadable } = await listed('servers')
    expect(unreadable).toEqual([])
    const said = (values: Observation['values']) => [
      values.name,
      values.status,
      values.region ?? null,
      values.memoryGiB ?? null,
    ]
    expect(observations.map(({ values }) => said(values))).toEqual([
      ['nova-1', 'STOPPED', null, null],
      ['vm', 'ACTIVE', 'westeurope', null],
      ['g', 'STOPPED', 'europe-west3', null],
      ['d', 'ACTIVE', 'fra1', 2],
      ['v', 'ACTIVE', null, 16],
    ])
    expect(observations[0]!.values.ipAddresses).toEqual(['192.0.2.7', '2001:db8::7'])
    expect(observations[2]!.relations).toEqual([
      { kind: 'CONNECTED_TO', to: { resource: 'networks', externalId: 'front' } },
    ])
  })

  it('gives the same for the same state, in whatever order', async () => {
    const tags = { b: '2', a: '1' }
    await save(
      'a.tfstate',
      state([managed('aws_instance', { id: 'i-1', tags, vpc_security_group_ids: ['b', 'a'] })]),
    )
    const first = await listed('servers')
    await save(
      'a.tfstate',
      state([
        managed('aws_instance', { vpc_security_group_ids: ['a', 'b'], tags: { a: '1', b: '2' }, id: 'i-1' }),
      ]),
    )
    expect(JSON.stringify((await listed('servers')).observations)).toBe(JSON.stringify(first.observations))
  })

  it.each([
    ['an older format', state([], { version: 3 }), 'only version 4 can be read'],
    ['other JSON', '{"version": 4}', 'not a state of Terraform'],
    [
      'something cut off',
      state([managed('aws_instance', { id: 'i-1' })]).slice(0, 80),
      'breaks off in the middle',
    ],
    ['no JSON', 'terraform {}', 'is not JSON'],
    ['nothing', '', 'is empty'],
    ['resources that are none', state([], { resources: 'all' }), 'resources are not a list'],
  ])('is refused as a whole when it is %s, so that nothing is marked missing', async (_, text, reason) => {
    await save('bad.tfstate', text)
    const { unreadable } = await listed('servers')
    expect(unreadable).toEqual([
      { externalId: null, reason: expect.stringContaining(reason) as string, raw: { file: 'bad.tfstate' } },
    ])
    const checks = await terraform.check(context())
    expect(checks.some(({ ok, problem }) => !ok && problem?.message.includes(reason))).toBe(true)
  })

  it('tells two states that hold the same thing, and believes the first', async () => {
    await save('a.tfstate', state([managed('aws_instance', { id: 'i-1', tags: { Name: 'first' } }, 'mine')]))
    await save(
      'b.tfstate',
      state([managed('aws_instance', { id: 'i-1', tags: { Name: 'second' } }, 'yours')]),
    )
    const { observations, unreadable } = await listed('servers')
    expect(observations.map(({ values }) => values.name)).toEqual(['first'])
    expect(unreadable[0]).toMatchObject({
      externalId: 'i-1',
      reason: expect.stringContaining('aws_instance.mine in "a.tfstate"') as string,
    })
  })
})

describe('states in a bucket', () => {
  let s3: S3
  let settings: Record<string, string>
  beforeAll(async () => {
    s3 = await startS3()
    const place = readFilesUrl(s3.url())
    if (place.kind !== 'S3') throw new Error('no bucket')
    const client = new S3Client({
      region: 'us-east-1',
      endpoint: place.endpoint!,
      forcePathStyle: true,
      credentials: s3Keys,
    })
    await client.send(
      new PutObjectCommand({ Bucket: 'maestro', Key: 'states/shop.tfstate', Body: await readFile(sample) }),
    )
    client.destroy()
    settings = { bucket: 'maestro', prefix: 'states/', endpoint: place.endpoint!, ...s3Keys }
  })
  afterAll(() => s3.close())

  it('are read like those of a folder', async () => {
    const { observations } = await listed('servers', { settings })
    expect(observations.map(({ externalId }) => externalId)).toEqual(['i-0front0'])
    expect(await terraform.identify(context({ settings }))).toEqual({
      account: 'terraform',
      name: 's3://maestro/states/',
    })
  })

  it('end the listing, instead of counting as missing, when there are none or the bucket is away', async () => {
    await expect(listed('servers', { settings: { ...settings, prefix: 'nothing/' } })).rejects.toMatchObject({
      code: 'NO_FILES',
    })
    await s3.stop()
    await expect(listed('servers', { settings })).rejects.toMatchObject({ code: 'ENDPOINT_AWAY' })
    await s3.start()
  })
})
