import { hex, pick, randomFrom } from '../aws/random.ts'

export type Row = Record<string, unknown> & { id: string }
export type Collection =
  | 'servers'
  | 'flavors'
  | 'networks'
  | 'subnets'
  | 'ports'
  | 'routers'
  | 'security_groups'
  | 'volumes'
  | 'snapshots'
  | 'images'
  | 'loadbalancers'
  | 'listeners'
  | 'pools'
  | 'members'
  | 'healthmonitors'

export type RegionRows = Record<Collection, Row[]>

export interface Sizes {
  servers: number
  volumes?: number
  loadBalancers?: number
}

const made = '2024-05-03T09:12:44Z'
const names = ['web', 'api', 'db', 'cache', 'queue', 'batch']

const sizes: [string, string, number, number, number][] = [
  ['1', 'm1.small', 1, 2048, 20],
  ['2', 'm1.medium', 2, 4096, 40],
  ['d2a7f5c0-6f4e-4c3e-9d3e-0b7a4f0d1c11', 'm1.large', 4, 8192, 80],
]

/** The estate of one region. The two private networks use the same addresses, as projects do that grew apart. */
export function generate(seed: string, region: string, project: string, wanted: Sizes): RegionRows {
  const random = randomFrom('openstack', seed, region)
  const uuid = () => [8, 4, 4, 4, 12].map((digits) => hex(random, digits)).join('-')
  const owned = { project_id: project, tenant_id: project }
  const rows = {} as RegionRows
  rows.flavors = sizes.map(([id, name, vcpus, ram, disk]) => ({
    id,
    name,
    vcpus,
    ram,
    disk,
    swap: '',
    rxtx_factor: 1.0,
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'OS-FLV-DISABLED:disabled': false,
    'os-flavor-access:is_public': true,
  }))
  rows.images = ['debian-12', 'ubuntu-24.04', 'windows-2022'].map((name, i) => ({
    id: uuid(),
    name,
    status: 'active',
    visibility: i === 2 ? 'private' : 'public',
    disk_format: 'qcow2',
    container_format: 'bare',
    min_disk: 10 * (i + 1),
    min_ram: 0,
    size: 1_288_490_189 * (i + 1),
    owner: project,
    protected: false,
    checksum: hex(random, 32),
    created_at: made,
    updated_at: made,
    tags: ['golden'],
    os_type: i === 2 ? 'windows' : 'linux',
    os_distro: name.split('-')[0],
    os_version: name.split('-')[1],
    hw_architecture: 'x86_64',
    schema: '/v2/schemas/image',
    virtual_size: null,
  }))
  const network = (name: string, external: boolean): Row => ({
    id: uuid(),
    name,
    status: 'ACTIVE',
    admin_state_up: true,
    shared: external,
    'router:external': external,
    mtu: 1450,
    availability_zones: ['nova'],
    subnets: [],
    description: '',
    tags: [],
    ...owned,
  })
  rows.networks = [network('front', false), network('back', false), network('internet', true)]
  rows.subnets = rows.networks.map((one, i) => ({
    id: uuid(),
    name: i === 1 ? '' : `${one.name as string}-v4`,
    network_id: one.id,
    ip_version: 4,
    cidr: i === 2 ? '203.0.112.0/22' : '10.0.0.0/16',
    gateway_ip: i === 2 ? '203.0.112.1' : '10.0.0.1',
    enable_dhcp: true,
    dns_nameservers: ['9.9.9.9', '1.1.1.1'],
    host_routes: i === 0 ? [{ destination: '10.9.0.0/16', nexthop: '10.0.0.254' }] : [],
    allocation_pools: [{ start: '10.0.0.2', end: '10.0.255.254' }],
    ipv6_address_mode: null,
    subnetpool_id: null,
    description: '',
    tags: [],
    ...owned,
  }))
  for (const [i, one] of rows.networks.entries()) one.subnets = [rows.subnets[i]!.id]
  rows.routers = [
    {
      id: uuid(),
      name: 'edge',
      status: 'ACTIVE',
      admin_state_up: true,
      availability_zones: ['nova'],
      routes: [{ destination: '179.24.1.0/24', nexthop: '10.0.0.99' }],
      external_gateway_info: {
        network_id: rows.networks[2]!.id,
        enable_snat: true,
        external_fixed_ips: [{ ip_address: '203.0.113.3', subnet_id: rows.subnets[2]!.id }],
      },
      ...owned,
    },
  ]
  const rule = (rest: object) => ({
    id: uuid(),
    direction: 'ingress',
    ethertype: 'IPv4',
    protocol: null,
    port_range_min: null,
    port_range_max: null,
    remote_ip_prefix: null,
    remote_group_id: null,
    description: '',
    ...rest,
  })
  rows.security_groups = ['default', 'web'].map((name) => {
    const id = uuid()
    return {
      id,
      name,
      description: `${name} rules`,
      stateful: true,
      shared: false,
      tags: [],
      security_group_rules: [
        rule({ direction: 'egress' }),
        name === 'web'
          ? rule({ protocol: 'tcp', port_range_min: 443, port_range_max: 443, remote_ip_prefix: '0.0.0.0/0' })
          : rule({ remote_group_id: id }),
      ],
      ...owned,
    }
  })
  const port = (at: number, ip: string, rest: object): Row => ({
    id: uuid(),
    name: '',
    status: 'ACTIVE',
    admin_state_up: true,
    network_id: rows.networks[at]!.id,
    mac_address: `fa:16:3e:${hex(random, 2)}:${hex(random, 2)}:${hex(random, 2)}`,
    fixed_ips: [{ ip_address: ip, subnet_id: rows.subnets[at]!.id }],
    security_groups: [],
    description: '',
    tags: [],
    ...owned,
    ...rest,
  })
  rows.ports = []
  rows.volumes = []
  rows.servers = Array.from({ length: wanted.servers }, (_, i) => {
    const id = uuid()
    const at = i % 2
    const ip = `10.0.${Math.floor(i / 2 / 200) + 1}.${(Math.floor(i / 2) % 200) + 10}`
    const card = port(at, ip, {
      device_id: id,
      device_owner: 'compute:nova',
      security_groups: rows.security_groups.slice(0, i % 3 === 0 ? 2 : 1).map((group) => group.id),
    })
    rows.ports.push(card)
    const mac = { 'OS-EXT-IPS-MAC:mac_addr': card.mac_address }
    return {
      id,
      name: `${pick(random, names)}-${String(i + 1).padStart(3, '0')}`,
      status: i % 10 === 9 ? 'SHUTOFF' : 'ACTIVE',
      description: null,
      created: made,
      updated: made,
      'OS-SRV-USG:launched_at': '2024-05-03T09:13:10.000000',
      'OS-SRV-USG:terminated_at': null,
      tenant_id: project,
      user_id: hex(random, 32),
      hostId: hex(random, 56),
      key_name: 'ops',
      config_drive: '',
      'OS-EXT-AZ:availability_zone': 'nova',
      'OS-EXT-STS:vm_state': 'active',
      'OS-EXT-STS:task_state': null,
      metadata: { environment: i % 4 === 0 ? 'Production' : 'Staging', role: 'app' },
      tags: ['maestro'],
      accessIPv4: '',
      accessIPv6: '',
      security_groups: [{ name: 'default' }],
      addresses: {
        [rows.networks[at]!.name as string]: [
          { version: 4, addr: ip, 'OS-EXT-IPS:type': 'fixed', ...mac },
          ...(i % 5 === 0
            ? [
                {
                  version: 4,
                  addr: `203.0.113.${(i % 240) + 10}`,
                  'OS-EXT-IPS:type': 'floating',
                  ...mac,
                },
              ]
            : []),
        ],
      },
      // What Nova keeps; how much of it an answer shows follows from the version that is asked for.
      flavor: rows.flavors[i % rows.flavors.length]!,
      image: i % 7 === 6 ? '' : { id: rows.images[i % rows.images.length]!.id, links: [] },
      'os-extended-volumes:volumes_attached': [],
    }
  })
  rows.volumes = Array.from({ length: wanted.volumes ?? Math.ceil(wanted.servers / 2) }, (_, i) => {
    const id = uuid()
    const server = rows.servers[i * 2]
    if (server)
      (server['os-extended-volumes:volumes_attached'] as object[]).push({ id, delete_on_termination: false })
    return {
      id,
      name: i % 3 === 2 ? '' : `data-${i + 1}`,
      status: server ? 'in-use' : 'available',
      size: 10 + i,
      volume_type: 'ceph-ssd',
      encrypted: i % 4 === 0,
      bootable: 'false',
      multiattach: false,
      availability_zone: 'nova',
      created_at: '2024-05-03T09:20:00.000000',
      metadata: { purpose: 'data' },
      description: null,
      snapshot_id: null,
      source_volid: null,
      attachments: server
        ? [
            {
              id,
              volume_id: id,
              server_id: server.id,
              attachment_id: uuid(),
              device: '/dev/vdb',
              host_name: null,
              attached_at: '2024-05-03T09:21:00.000000',
            },
          ]
        : [],
      'os-vol-tenant-attr:tenant_id': project,
    }
  })
  rows.snapshots = rows.volumes
    .filter((_, i) => i % 2 === 0)
    .map((volume, i) => ({
      id: uuid(),
      name: `nightly-${i + 1}`,
      status: 'available',
      volume_id: volume.id,
      size: volume.size,
      description: null,
      metadata: {},
      created_at: '2024-06-01T02:00:00.000000',
      'os-extended-snapshot-attributes:progress': '100%',
      'os-extended-snapshot-attributes:project_id': project,
    }))
  Object.assign(rows, { loadbalancers: [], listeners: [], pools: [], members: [], healthmonitors: [] })
  for (let i = 0; i < (wanted.loadBalancers ?? 1); i++) balance(rows, i, { uuid, port, project })
  return rows
}

interface Making {
  uuid: () => string
  port: (at: number, ip: string, rest: object) => Row
  project: string
}

/** A load balancer in the network "front" with two servers of it behind. */
function balance(rows: RegionRows, i: number, { uuid, port, project }: Making) {
  const vip = `10.0.0.${i + 20}`
  const card = port(0, vip, { device_owner: 'Octavia', device_id: `lb-${i}` })
  rows.ports.push(card)
  const [loadBalancer, listener, pool, monitor] = [uuid(), uuid(), uuid(), uuid()]
  const usual = {
    admin_state_up: true,
    provisioning_status: 'ACTIVE',
    operating_status: 'ONLINE',
    project_id: project,
    created_at: '2024-05-04T00:41:44',
    updated_at: '2024-05-04T00:43:30',
    description: '',
    tags: [],
  }
  rows.loadbalancers.push({
    id: loadBalancer,
    name: `lb-${i + 1}`,
    provider: 'amphora',
    vip_address: vip,
    vip_port_id: card.id,
    vip_subnet_id: rows.subnets[0]!.id,
    vip_network_id: rows.networks[0]!.id,
    flavor_id: '',
    listeners: [{ id: listener }],
    pools: [{ id: pool }],
    ...usual,
  })
  rows.listeners.push({
    id: listener,
    name: 'https',
    protocol: 'TERMINATED_HTTPS',
    protocol_port: 443,
    default_pool_id: pool,
    default_tls_container_ref: 'https://keys.example.org/v1/containers/a570068c',
    loadbalancers: [{ id: loadBalancer }],
    ...usual,
  })
  rows.pools.push({
    id: pool,
    name: 'web',
    protocol: 'HTTP',
    lb_algorithm: 'ROUND_ROBIN',
    healthmonitor_id: monitor,
    loadbalancers: [{ id: loadBalancer }],
    listeners: [{ id: listener }],
    members: [],
    ...usual,
  })
  rows.healthmonitors.push({
    id: monitor,
    name: 'alive',
    type: 'HTTP',
    http_method: 'GET',
    url_path: '/healthz',
    expected_codes: '200',
    pools: [{ id: pool }],
    ...usual,
  })
  const front = rows.ports.filter(
    (one) => one.network_id === rows.networks[0]!.id && one.device_owner === 'compute:nova',
  )
  for (const target of [front[i * 2], front[i * 2 + 1]]) {
    if (!target) continue
    const [address] = target.fixed_ips as { ip_address: string; subnet_id: string }[]
    rows.members.push({
      id: uuid(),
      name: '',
      pool_id: pool,
      address: address!.ip_address,
      subnet_id: address!.subnet_id,
      protocol_port: 8080,
      weight: 1,
      backup: false,
      monitor_port: null,
      ...usual,
    })
  }
}
