import type { ObjectId } from 'mongodb'
import type { Fields } from '../../core/history/records.ts'
import { AppFamily } from '../../core/inventory/families.ts'
import { derivedId } from '../../core/platform/ids.ts'

/** How much there is of everything. */
export interface GraphSize {
  datacenters: number
  networks: number
  servers: number
  apps: number
  systems: number
  clients: number
  /** Edges, whether they still hold or not. */
  relations: number
  /** Applications that need the one that nearly everything needs. */
  hub: number
  changes: number
}

const full: GraphSize = {
  datacenters: 20,
  networks: 500,
  servers: 100_000,
  apps: 20_000,
  systems: 2_000,
  clients: 200,
  relations: 400_000,
  hub: 5_000,
  changes: 1_000_000,
}

/** A part of the full graph, 1/100 at least, with all its shapes. */
export const graphSize = (part: number): GraphSize => ({
  ...(Object.fromEntries(
    Object.entries(full).map(([what, count]) => [what, Math.max(4, Math.round(count * part))]),
  ) as Record<keyof GraphSize, number> as GraphSize),
  changes: Math.round((full.changes * part) / 1000) * 1000,
})

export type GraphKind = 'DATACENTER' | 'NETWORK' | 'SERVER' | 'APP' | 'SYSTEM' | 'CLIENT'

/** Kinds in the order in which they come into the inventory, and how many there are. */
export const kindsIn = (size: GraphSize): [GraphKind, number][] => [
  ['DATACENTER', size.datacenters],
  ['NETWORK', size.networks],
  ['SERVER', size.servers],
  ['APP', size.apps],
  ['SYSTEM', size.systems],
  ['CLIENT', size.clients],
]

/** A hash, so that the order of ids has nothing to do with that of names. */
export const graphId = (kind: GraphKind, n: number): ObjectId => derivedId('bench', kind, String(n))

/** The same number for the same arguments, and otherwise any from 0 up to `below`. */
function pick(below: number, n: number, about: number): number {
  let mixed = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(about + 1, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  return ((mixed ^ (mixed >>> 13)) >>> 0) % below
}

const one = <T>(values: readonly T[], n: number, about: number): T => values[pick(values.length, n, about)]!

const environments = ['production', 'production', 'production', 'staging', 'staging', 'test', 'development']
const statuses = ['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'STOPPED', 'DEGRADED', 'UNKNOWN']
const roles = ['web', 'api', 'worker', 'db', 'cache', 'queue', 'proxy', 'batch', 'search', 'build']
const systems = [
  ['Debian', '12'],
  ['Debian', '13'],
  ['Ubuntu', '24.04'],
  ['Rocky Linux', '9.6'],
  ['Windows Server', '2025'],
] as const
const regions = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-southeast-2']
const products = ['PostgreSQL', 'MySQL', 'Redis', 'Apache Kafka', 'HAProxy', 'nginx', 'Keycloak', 'MinIO']
const languages = ['Java', 'Go', 'TypeScript', 'Python', 'C#']
const families = [
  ...Array.from({ length: 26 }, () => AppFamily.APPLICATION),
  ...Object.values(AppFamily).filter((family) => family !== AppFamily.APPLICATION),
]

/** What people say of an asset at first, in the form in which it is stored. */
export function graphFacts(size: GraphSize, kind: GraphKind, n: number): Fields {
  const common = {
    environment: one(environments, n, 1),
    status: one(statuses, n, 2),
    tags: [
      { key: 'team', value: `team-${pick(40, n, 3)}` },
      { key: 'cost', value: `c${pick(200, n, 4)}` },
    ],
  }
  switch (kind) {
    case 'DATACENTER':
      return { name: `Datacenter ${n}`, provider: n % 2 ? 'own' : 'AWS', regions }
    case 'NETWORK':
      return { name: `net-${n}`, region: one(regions, n, 5), cidrs: [`10.${n >> 8}.${n & 255}.0/24`] }
    case 'SERVER':
      return { ...serverFacts(size, n), ...common }
    case 'APP':
      return appFacts(n, common)
    case 'SYSTEM':
      return { name: `System ${n}`, description: `What it does for them, number ${n}.`, ...common }
    case 'CLIENT':
      return { name: `Client ${n}`, contacts: [{ channel: 'e-mail', value: `client-${n}@example.com` }] }
  }
}

function serverFacts(size: GraphSize, n: number): Fields {
  const role = one(roles, n, 6)
  const region = one(regions, n, 7)
  const [osDistribution, osVersion] = one(systems, n, 8)
  // One account holds half of all.
  const datacenter = n % 2 ? 0 : pick(size.datacenters, n, 9)
  return {
    name: `${role}-${n}`,
    hostname: `${role}-${n}.${region}.example.com`,
    ipv4Private: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
    role,
    region,
    zone: `${region}${one(['a', 'b', 'c'], n, 10)}`,
    osBase: osDistribution === 'Windows Server' ? 'Windows' : 'Linux',
    osDistribution,
    osVersion,
    architecture: pick(4, n, 11) ? 'x86_64' : 'arm64',
    cpu: 1 << pick(6, n, 12),
    memoryGiB: 2 << pick(7, n, 13),
    instanceType: `m${pick(4, n, 14) + 5}.large`,
    datacenter: graphId('DATACENTER', datacenter),
  }
}

function appFacts(n: number, common: Fields): Fields {
  const family = one(families, n, 15)
  const own = family === AppFamily.APPLICATION
  return {
    name: own ? `app-${n}` : `${family.toLowerCase().replaceAll('_', '-')}-${n}`,
    family,
    ...(own ? { language: one(languages, n, 16) } : { product: one(products, n, 17) }),
    endpoint: `https://app-${n}.example.com`,
    port: 8000 + pick(1000, n, 18),
    ...common,
  }
}

export interface GraphEdge {
  kind: string
  from: [GraphKind, number]
  to: [GraphKind, number]
  properties: Fields
}

const edge = (
  kind: string,
  from: GraphEdge['from'],
  to: GraphEdge['to'],
  properties: Fields = {},
): GraphEdge => ({ kind, from, to, properties })

const appsOfSystem = 20
const clientsOfSystem = 2
const chainLength = 50

/** Every edge but those that follow from a reference; no two between the same ends are of one kind. */
export function* graphEdges(size: GraphSize): Generator<GraphEdge> {
  let left = size.relations - size.servers
  for (const made of [...meant(size)]) if (left-- > 0) yield made
  // What is left connects servers to networks, round after round.
  for (let n = 0; left > 0; n++, left--) {
    const server = n % size.servers
    const round = Math.floor(n / size.servers)
    yield edge('CONNECTED_TO', ['SERVER', server], ['NETWORK', (server * 7 + round) % size.networks])
  }
}

function* meant(size: GraphSize): Generator<GraphEdge> {
  const { apps, servers, systems } = size
  for (let n = 0; n < apps; n++) {
    for (let place = 0; place < 1 + (n % 11); place++)
      yield edge('RUNS_ON', ['APP', n], ['SERVER', (n * 5 + place * 997) % servers], {
        role: place ? 'replica' : 'primary',
      })
    for (const needed of neededBy(size, n))
      yield edge('DEPENDS_ON', ['APP', n], ['APP', needed], { protocol: 'https', port: 443 })
    if (n % 10 === 3) yield edge('TARGETS', ['APP', n], ['APP', (n + 1) % apps], { port: 8080 })
  }
  for (let n = 0; n < systems; n++) {
    for (let place = 0; place < appsOfSystem; place++)
      yield edge('PART_OF', ['APP', (n * 10 + place * 7) % apps], ['SYSTEM', n], place ? {} : { entry: true })
    for (let place = 0; place < clientsOfSystem; place++)
      yield edge('SERVES', ['SYSTEM', n], ['CLIENT', (n + place * 3) % size.clients])
  }
}

/** Long chains, of which every fifth bites its tail; the hub, 0, that many need; and some others. */
function neededBy({ apps, hub }: GraphSize, n: number): Set<number> {
  const next = n % chainLength === chainLength - 1 ? n - chainLength + 1 : n + 1
  const closes = next < n
  const needed = new Set<number>()
  if (next < apps && (!closes || (next / chainLength) % 5 === 0)) needed.add(next)
  if (n >= 1 && n <= hub) needed.add(0)
  for (const about of [19, 20]) needed.add(pick(apps, n, about))
  needed.delete(n)
  return needed
}
