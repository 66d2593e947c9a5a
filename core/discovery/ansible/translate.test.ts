import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { factsIn } from './content.ts'
import { UnreadableFile } from '../files/unreadable.ts'
import { Facts } from './facts.ts'
import { translate } from './translate.ts'

type Loose = Record<string, unknown>

const samples = new URL('../../../dev/samples/ansible/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, samples), 'utf8')
const host = (name: string) => translate(name, factsIn(read(`hosts/${name}`)))

/** A sample with some facts changed; undefined removes one. */
function changed(name: string, changes: Loose): string {
  const { ansible_facts: facts } = JSON.parse(read(name)) as { ansible_facts: Loose }
  return JSON.stringify({ ansible_facts: { ...facts, ...changes }, changed: false })
}

const identityOf = (name: string, changes: Loose) =>
  translate('host', factsIn(changed(name, changes))).externalId
const valuesOf = (name: string, changes: Loose) => translate('host', factsIn(changed(name, changes))).values

describe('systems', () => {
  it('reads Debian on KVM, without what Docker made for itself', () => {
    expect(host('web-01.lab.example.org')).toEqual({
      externalId: 'uuid:74c0e22e-5687-4733-add6-a43a4afaa482',
      values: {
        name: 'web-01.lab.example.org',
        hostname: 'web-01',
        dnsPrivate: 'web-01.lab.example.org',
        ipv4Private: '10.20.1.21',
        ipAddresses: ['10.20.1.21', '10.20.1.200', '2001:db8:20:1::21'],
        macAddresses: ['52:54:00:6b:1f:21'],
        osBase: 'Linux',
        osDistribution: 'Debian',
        osVersion: '12.8',
        osKernel: '6.1.0-28-amd64',
        architecture: 'x86_64',
        cpu: 2,
        memoryGiB: 3.82,
        vendor: 'QEMU',
        instanceType: 'Standard PC (Q35 + ICH9, 2009)',
        virtualization: 'kvm',
        hypervisor: 'kvm',
        storage: [
          { name: 'vda', device: '/dev/vda', sizeGiB: 40, root: true },
          { name: 'vda1', device: '/dev/vda1', sizeGiB: 39.04, root: true, fileSystem: 'ext4', mount: '/' },
        ],
        tags: [],
        status: 'ACTIVE',
      },
    })
  })

  it('reads RHEL: own addresses of bonded cards, volumes on their disks, nothing of another machine', () => {
    const { values } = host('db-01.dc1.example.org')
    expect(values.macAddresses).toEqual(['b4:96:91:d2:4c:10', 'b4:96:91:d2:4c:11', 'b4:96:91:d2:4c:12'])
    expect(values.ipAddresses).toEqual(['10.20.120.11', '10.20.130.11'])
    expect(values).toMatchObject({ cpu: 128, memoryGiB: 502.93, vendor: 'Dell Inc.' })
    // It runs virtual machines; it is none.
    expect(values).not.toHaveProperty('virtualization')
    expect(values.storage).toContainEqual({ name: 'sda', device: '/dev/sda', sizeGiB: 447.13, root: true })
    expect(values.storage).toContainEqual({
      name: 'rhel-root',
      device: '/dev/mapper/rhel-root',
      sizeGiB: 70,
      root: true,
      fileSystem: 'xfs',
      mount: '/',
    })
    expect(values.storage).toContainEqual({ name: 'sdb', device: '/dev/sdb', sizeGiB: 7153.96 })
    expect(JSON.stringify(values.storage)).not.toContain('nas01')
  })

  it('reads Ubuntu on EC2 with the ids of the instance and its volumes', () => {
    const { values } = host('catalog-db-stag-00178')
    expect(values).toMatchObject({
      hostname: 'ip-10-109-128-15',
      instanceId: 'i-068aef9a44a9bdd29',
      instanceType: 'm6i.large',
    })
    expect(values.storage).toContainEqual({
      name: 'nvme1n1',
      device: '/dev/nvme1n1',
      sizeGiB: 100,
      volumeId: 'vol-0d577c9e7b257d598',
      fileSystem: 'xfs',
      mount: '/var/lib/mysql',
    })
    expect(JSON.stringify(values.storage)).not.toContain('loop')
  })

  it('reads SLES: all places of one btrfs partition', () => {
    expect(host('sap-app-02.corp.example.org').values.storage).toContainEqual({
      name: 'sda2',
      device: '/dev/sda2',
      sizeGiB: 77.99,
      root: true,
      fileSystem: 'btrfs',
      mount: '/, /.snapshots, /home, /opt, /srv, /var',
    })
  })

  it('reads Windows, which tells its cards in a way of its own', () => {
    expect(host('winapp03.corp.example.org')).toMatchObject({
      externalId: 'machine:s-1-5-21-2204951176-1187266432-3301298845/00:50:56:9a:7b:0d',
      values: {
        osBase: 'Windows',
        architecture: 'x86_64',
        ipv4Private: '10.20.41.73',
        ipAddresses: ['10.20.41.73', '10.20.90.73', '10.20.90.173'],
        macAddresses: ['00:50:56:9a:7b:0d', '00:50:56:9a:7b:0e'],
        cpu: 4,
        memoryGiB: 16,
      },
    })
  })

  it('reads FreeBSD, which counts in text and names disks only', () => {
    expect(host('fw-01.lab.example.org').values).toMatchObject({
      cpu: 2,
      architecture: 'x86_64',
      macAddresses: ['58:9c:fc:0a:77:31'],
      storage: [
        { name: 'ada0', device: '/dev/ada0', root: true },
        { name: 'ada0p3', sizeGiB: 18, fileSystem: 'ufs', mount: '/' },
      ],
    })
  })

  it('reads macOS, a board without firmware tables and a container', () => {
    expect(host('build-mac')).toMatchObject({
      externalId: 'mac:a4:83:e7:2b:91:0c',
      values: { osBase: 'macOS', architecture: 'arm64', cpu: 8, ipAddresses: ['10.20.70.12'] },
    })
    expect(host('raspi-kiosk')).toMatchObject({
      externalId: 'machine:7a29d7ee690e246b7e27bd7b31264394/dc:a6:32:8f:10:5e',
      values: { architecture: 'arm64', memoryGiB: 3.71 },
    })
    const container = host('edge-proxy')
    expect(container.externalId).toBe('mac:02:42:ac:12:00:05/3f9c1be0a7d4')
    expect(container.values).toMatchObject({ name: 'edge-proxy', virtualization: 'docker', storage: [] })
    expect(container.values).not.toHaveProperty('vendor')
  })
})

describe('identity', () => {
  const clones = readdirSync(new URL('clones', samples)).map((name) => `clones/${name}`)

  it('tells clones apart, gathered as root or not', () => {
    const asRoot = clones.map((name) => identityOf(name, {}))
    expect(new Set(asRoot).size).toBe(2)
    const asUser = clones.map((name) => identityOf(name, { ansible_product_uuid: 'NA' }))
    expect(asUser[0]).toMatch(/^machine:[0-9a-f]{32}\/52:54:00:/)
    expect(new Set(asUser).size).toBe(2)
  })

  it.each([
    '00000000-0000-0000-0000-000000000000',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
    '03000200-0400-0500-0006-000700080009',
    'Not Settable',
    'NA',
    null,
  ])('does not trust the product UUID %s', (uuid) => {
    expect(identityOf(clones[0]!, { ansible_product_uuid: uuid })).toMatch(/^machine:/)
  })

  it('does not take the UUID of the machine below for that of a container', () => {
    const below = { ansible_product_uuid: '74c0e22e-5687-4733-add6-a43a4afaa482' }
    expect(identityOf('hosts/edge-proxy', below)).toBe('mac:02:42:ac:12:00:05/3f9c1be0a7d4')
  })

  it('does not trust the machine id of a template', () => {
    const facts = { ansible_product_uuid: 'NA', ansible_machine_id: 'uninitialized' }
    expect(identityOf(clones[0]!, facts)).toMatch(/^mac:/)
  })

  it('stays the same in capitals', () => {
    const uuid = '5ABF5DBC-D09F-40D7-AD7F-27F9091C30EA'
    expect(identityOf(clones[0]!, { ansible_product_uuid: uuid })).toBe(`uuid:${uuid.toLowerCase()}`)
  })
})

describe('values', () => {
  const linux = 'hosts/web-01.lab.example.org'

  it('takes an address for public only if it is, and never an IPv6 address for IPv4', () => {
    const facts = {
      ansible_default_ipv4: { address: '52.18.4.7', macaddress: '52:54:00:6b:1f:21' },
      ansible_default_ipv6: { address: '2a05:d018::7' },
      ansible_all_ipv4_addresses: ['10.20.1.21', '52.18.4.7', '127.0.0.1', '169.254.1.1'],
      ansible_all_ipv6_addresses: ['2A05:D018:0::7', 'fe80::1%eth0', '::1'],
    }
    expect(valuesOf(linux, facts)).toMatchObject({ ipv4Public: '52.18.4.7', ipv4Private: '10.20.1.21' })
    expect(valuesOf(linux, facts).ipAddresses).toEqual(
      expect.arrayContaining(['10.20.1.21', '52.18.4.7', '2a05:d018::7']),
    )
    expect(valuesOf(linux, facts).ipAddresses).not.toContain('169.254.1.1')
    const shared = { ansible_default_ipv4: { address: '100.64.3.2' }, ansible_all_ipv4_addresses: [] }
    expect(valuesOf(linux, shared)).toMatchObject({ ipv4Private: '100.64.3.2' })
    expect(valuesOf(linux, shared)).not.toHaveProperty('ipv4Public')
  })

  it('is the same after a restart, whatever the load, the order of cards and the space left', () => {
    const { ansible_facts: facts } = JSON.parse(read(linux)) as { ansible_facts: Loose }
    const later = {
      ansible_uptime_seconds: 12,
      ansible_memfree_mb: 9,
      ansible_loadavg: { '1m': 40 },
      ansible_date_time: { epoch: '1' },
      ansible_interfaces: (facts.ansible_interfaces as string[]).toReversed(),
      ansible_all_ipv4_addresses: (facts.ansible_all_ipv4_addresses as string[]).toReversed(),
      ansible_mounts: (facts.ansible_mounts as Loose[])
        .map((mount): Loose => ({ ...mount, size_available: 1, block_available: 1 }))
        .concat({ device: '/dev/loop9', mount: '/snap/core/1', fstype: 'squashfs', size_total: 1 })
        .concat({ device: '/dev/sdz', mount: '/var/lib/kubelet/pods/a', fstype: 'ext4', size_total: 1 })
        .toReversed(),
    }
    expect(JSON.stringify(valuesOf(linux, later))).toBe(JSON.stringify(valuesOf(linux, {})))
  })

  it('reads facts without the prefix, and facts of a cache without the wrapper', () => {
    const { ansible_facts: facts } = JSON.parse(read(linux)) as { ansible_facts: Loose }
    const bare = Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [name.replace('ansible_', ''), value]),
    )
    const expected = valuesOf(linux, {})
    for (const content of [facts, bare, { ansible_facts: bare }])
      expect(translate('host', factsIn(JSON.stringify(content))).values).toEqual(expected)
  })

  it.each([
    ['localhost', 'web-01'],
    ['10.20.1.21', 'web-01'],
    ['facts.json', 'web-01'],
    ['front.json', 'front'],
    ['front', 'front'],
  ])('calls a host whose file is %s %s', (file, name) => {
    expect(translate(file, factsIn(read(linux))).values.name).toBe(name)
  })

  it.each([[512], [4096]])('measures disks whose sectors count %i bytes', (bytes) => {
    const disk = { sectors: String((100 * 1024 ** 3) / bytes), sectorsize: '4096', size: '100.00 GB' }
    expect(valuesOf(linux, { ansible_devices: { sda: disk }, ansible_mounts: [] }).storage).toEqual([
      { name: 'sda', device: '/dev/sda', sizeGiB: 100 },
    ])
  })

  it('finds the volume in any of the links, or none', () => {
    const disk = (ids: string[]) => ({
      ansible_devices: { sda: { sectors: '2097152', sectorsize: '512', size: '1.00 GB', links: { ids } } },
      ansible_mounts: [],
    })
    const link = 'nvme-Amazon_Elastic_Block_Store_vol0a580bedef7348146'
    expect(valuesOf(linux, disk(['scsi-1', link])).storage).toMatchObject([
      { volumeId: 'vol-0a580bedef7348146' },
    ])
    expect(valuesOf(linux, disk(['scsi-1'])).storage).toEqual([
      { name: 'sda', device: '/dev/sda', sizeGiB: 1 },
    ])
  })
})

describe('faults', () => {
  it('names the fact that has the wrong type, and keeps the identity', () => {
    const text = changed('hosts/web-01.lab.example.org', { ansible_memtotal_mb: ['much'] })
    const fault = faultOf(() => translate('web-01', factsIn(text)))
    expect(fault.message).toContain('memtotal_mb')
    expect(fault.externalId).toBe('uuid:74c0e22e-5687-4733-add6-a43a4afaa482')
  })

  it('never breaks on a fact of another type, nor on one that has such a fact inside', () => {
    const wrong = [null, true, -1, 7, 'x', '', 'N/A', [], [[]], [null], {}, { a: null }, [{ address: [] }]]
    for (const name of readdirSync(new URL('hosts', samples))) {
      const { ansible_facts: facts } = JSON.parse(read(`hosts/${name}`)) as { ansible_facts: Loose }
      for (const fact of Object.keys(facts).filter(
        (one) => !/ssh_host|env|python|user|date|cmdline|bios|group|selinux|lsb|local/.test(one),
      ))
        for (const value of [...wrong, ...insides(facts[fact])])
          try {
            const { values } = translate(name, new Facts({ ...facts, [fact]: value }))
            if (typeof values.name !== 'string') throw new Error(`${name} lost its name to ${fact}`)
          } catch (error) {
            if (!(error instanceof UnreadableFile)) throw error
          }
    }
  })
})

/** The same fact with each thing directly inside of it exchanged for something else. */
function insides(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value)
    .slice(0, 4)
    .flatMap((key) =>
      [null, 'x', []].map((other) =>
        Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other },
      ),
    )
}

function faultOf(action: () => unknown): UnreadableFile {
  try {
    action()
  } catch (error) {
    if (error instanceof UnreadableFile) return error
    throw error
  }
  throw new Error('It was read.')
}
