import { instanceTypes, zoneLetters } from './catalogue.ts'
import type { Instance } from './instance.ts'
import type { Quirk } from './quirks.ts'
import { hex, pick, randomFrom } from './random.ts'

const roles = [
  'web',
  'api',
  'worker',
  'db',
  'cache',
  'queue',
  'search',
  'batch',
  'bastion',
  'ci',
  'proxy',
  'etl',
]
const owners = ['payments', 'platform', 'data', 'identity', 'storefront', 'logistics', 'security', 'research']
const environments = ['production', 'production', 'production', 'staging', 'development']
const services = [
  'checkout',
  'ledger',
  'catalog',
  'login',
  'shipping',
  'pricing',
  'mail',
  'reporting',
  'gateway',
]
const platforms = ['linux', 'linux', 'linux', 'linux', 'linux', 'linux', 'rhel', 'windows', 'suse'] as const
const unusualNames = [
  '🚀 launch-pad',
  'خادم-الإنتاج',
  'שרת-גיבוי',
  '日本語サーバー',
  `Zoë's <database> & "cache"`,
  'réplica—écriture №',
  '  spaces  around  ',
]
const newest = Date.UTC(2026, 5, 1)

export interface Origin {
  seed: string
  account: string
  region: string
  /** Keeps the address ranges of regions apart. */
  regionIndex: number
}

export function instanceId(origin: Origin, ordinal: number): string {
  return `i-0${hex(randomFrom(origin.seed, origin.account, origin.region, 'id', ordinal), 16)}`
}

/** The same origin and ordinal always give the same instance. `sharesIpWith` is meant for the quirk of that name. */
export function generateInstance(
  origin: Origin,
  ordinal: number,
  quirk: Quirk | null,
  sharesIpWith: number | null,
): Instance {
  const random = randomFrom(origin.seed, origin.account, origin.region, ordinal)
  const place = placeOf(origin, ordinal)
  const role = pick(random, roles)
  const type = pick(random, instanceTypes)
  const service = pick(random, services)
  const environment = environments[ordinal % 5]!
  const launchTime = new Date(newest - Math.floor(reservationRandom(origin, ordinal)() * 94_000_000) * 1000)
  const launched = launchTime.toISOString()
  const attached = new Date(launchTime.getTime() + 1000).toISOString()
  const instance: Instance = {
    ordinal,
    region: origin.region,
    zone: place.zone,
    ownerId: origin.account,
    reservationId: `r-0${hex(reservationRandom(origin, ordinal), 16)}`,
    instanceId: instanceId(origin, ordinal),
    imageId: `ami-0${hex(randomFrom(origin.region, 'image', Math.floor(random() * 40)), 16)}`,
    type: type.name,
    state: random() < 0.93 ? 'running' : 'stopped',
    reason: '',
    launchTime: launched,
    keyName: random() < 0.8 ? `${pick(random, owners)}-${origin.region}` : null,
    privateIp: place.ip,
    publicIp: random() < 0.25 ? publicIp(random) : null,
    ipv6: random() < 0.1 ? `2a05:d018:${hex(random, 3)}:${hex(random, 4)}::${hex(random, 4)}` : null,
    vpcId: place.vpcId,
    subnetId: place.subnetId,
    groups: [role, 'base'].map((name) => ({
      id: groupId(origin, place.vpcId, name),
      name: `${environment}-${name}`,
    })),
    volumes: volumes(random, attached),
    interfaces: [],
    tags: [
      ['Name', `${service}-${role}-${environment.slice(0, 4)}-${String(ordinal).padStart(5, '0')}`],
      ['Environment', environment],
      ['Role', role],
      ['Owner', pick(random, owners)],
      ['Service', service],
      ['CostCenter', `cc-${1000 + Math.floor(random() * 400)}`],
    ],
    profile: random() < 0.7 ? { name: `${role}-profile`, id: profileId(origin, role) } : null,
    platform: type.architecture === 'arm64' ? 'linux' : pick(random, platforms),
    spotRequestId: random() < 0.05 ? `sir-${hex(random, 8)}` : null,
    clientToken: `${hex(random, 8)}-${hex(random, 4)}-${hex(random, 4)}-${hex(random, 4)}-${hex(random, 12)}`,
    monitored: random() < 0.3,
    tenancy: random() < 0.02 ? 'dedicated' : 'default',
    broken: null,
  }
  if (random() < 0.3)
    instance.tags.push(['aws:autoscaling:groupName', `${service}-${role}-${hex(random, 6)}`])
  if (random() < 0.2) instance.tags.push(['Backup', pick(random, ['daily', 'weekly', 'none'])])
  if (instance.state === 'stopped') {
    instance.publicIp = null
    instance.reason = 'User initiated (2026-05-30 02:10:00 GMT)'
  }
  applyQuirk(instance, quirk, origin, sharesIpWith)
  if (instance.privateIp) instance.interfaces = interfaces(random, instance.privateIp)
  return instance
}

/** What is left of an instance once it is gone: EC2 keeps the shell, its tags and the reason for about an hour. */
export function terminate(instance: Instance): void {
  instance.state = 'terminated'
  instance.reason = 'User initiated (2026-06-01 08:15:42 GMT)'
  instance.privateIp = instance.publicIp = instance.ipv6 = instance.vpcId = instance.subnetId = null
  instance.groups = []
  instance.volumes = []
  instance.interfaces = []
}

function applyQuirk(
  instance: Instance,
  quirk: Quirk | null,
  origin: Origin,
  sharesIpWith: number | null,
): void {
  if (quirk === 'withoutName') instance.tags = instance.tags.filter(([key]) => key !== 'Name')
  if (quirk === 'withoutInstanceId' || quirk === 'malformedLaunchTime') instance.broken = quirk
  if (quirk === 'terminated') terminate(instance)
  if (quirk === 'shuttingDown') {
    instance.state = 'shutting-down'
    instance.reason = 'User initiated (2026-06-01 08:40:03 GMT)'
  }
  if (quirk === 'withoutPrivateIp') {
    instance.state = 'pending'
    instance.privateIp = instance.publicIp = instance.ipv6 = null
  }
  if (quirk === 'samePrivateIp' && sharesIpWith !== null) {
    // Two networks of one account may use the same range as long as nobody peers them.
    instance.privateIp = placeOf(origin, sharesIpWith).ip
    instance.vpcId = `vpc-0${hex(randomFrom(origin.seed, origin.account, origin.region, 'vpc', 'legacy'), 16)}`
    instance.subnetId = `subnet-0${hex(randomFrom(instance.vpcId, instance.zone), 16)}`
  }
  if (quirk === 'unusualNames') {
    instance.tags[0] = ['Name', `${unusualNames[instance.ordinal % unusualNames.length]} ${instance.ordinal}`]
  }
  if (quirk === 'longTags') {
    instance.tags.push(['k'.repeat(120) + String(instance.ordinal).padStart(8, '0'), 'v'.repeat(256)])
    instance.tags.push([
      'Notes',
      '🧭 do not restart before the night run has ended; '.repeat(6).slice(0, 256),
    ])
  }
}

/** Instances started by one call share a reservation: groups of one to four neighbours. */
function reservationRandom(origin: Origin, ordinal: number): () => number {
  const block = Math.floor(ordinal / 4)
  const width = [1, 1, 2, 4][Math.floor(randomFrom(origin.seed, origin.region, 'width', block)() * 4)]!
  const leader = ordinal - (ordinal % width)
  return randomFrom(origin.seed, origin.account, origin.region, 'reservation', leader)
}

/** Three of five instances live in the production network, one in each of the others; addresses are unique in a region. */
function placeOf(origin: Origin, ordinal: number) {
  const slot = ordinal % 5
  const turn = Math.floor(ordinal / 5)
  const network = Math.max(0, slot - 2)
  const zoneIndex = network === 0 ? slot : turn % 3
  const host = network === 0 ? turn : Math.floor(turn / 3)
  const second = (origin.regionIndex * 12 + network + 3 * Math.floor(host / 16000)) % 256
  const vpcId = `vpc-0${hex(randomFrom(origin.seed, origin.account, origin.region, 'vpc', network), 16)}`
  return {
    zone: `${origin.region}${zoneLetters[zoneIndex]}`,
    ip: `10.${second}.${zoneIndex * 64 + (Math.floor(host / 250) % 64)}.${(host % 250) + 4}`,
    vpcId,
    subnetId: `subnet-0${hex(randomFrom(vpcId, zoneIndex), 16)}`,
  }
}

function groupId(origin: Origin, vpcId: string, name: string): string {
  return `sg-0${hex(randomFrom(origin.account, vpcId, 'group', name), 16)}`
}

function profileId(origin: Origin, role: string): string {
  return `AIPA${hex(randomFrom(origin.account, 'profile', role), 17).toUpperCase()}`
}

function publicIp(random: () => number): string {
  const octet = () => 1 + Math.floor(random() * 254)
  return `${pick(random, [3, 18, 34, 52, 54])}.${octet()}.${octet()}.${octet()}`
}

function volumes(random: () => number, attachTime: string): Instance['volumes'] {
  const count = random() < 0.6 ? 1 : random() < 0.8 ? 2 : 3
  return Array.from({ length: count }, (_, i) => ({
    device: i === 0 ? '/dev/xvda' : `/dev/sd${'fgh'[i - 1]}`,
    id: `vol-0${hex(random, 16)}`,
    attachTime,
    deleteOnTermination: i === 0,
  }))
}

function interfaces(random: () => number, privateIp: string): Instance['interfaces'] {
  const mac = hex(random, 10).replace(/../g, ':$&')
  return [
    {
      id: `eni-0${hex(random, 16)}`,
      mac: `02${mac}`,
      attachmentId: `eni-attach-0${hex(random, 16)}`,
      privateIp,
      description: random() < 0.5 ? '' : 'Primary network interface',
    },
  ]
}
