import type { Collection, Row } from './generate.ts'
import { Refusal } from './refusal.ts'
import { project, type World } from './world.ts'

/** What is asked of a service: the path below its address in the catalogue. */
export interface Ask {
  world: World
  region: string
  path: string
  query: URLSearchParams
  headers: Record<string, string | undefined>
}

/** A list that a service can give. */
export interface List {
  collection: Collection
  rows: Row[]
}

interface EmulatedService {
  /** Refusal of a marker that is not there. */
  markerStatus: number
  inBody?: boolean
  /** The list under a path, or null where there is nothing. */
  list(ask: Ask): List | null
}

const v = (ask: Ask, collection: Collection): List => ({
  collection,
  rows: ask.world.rows(ask.region, collection),
})

/** Networks, subnets and so on, with those filters that are used: by device, and by address. */
const network: EmulatedService = {
  markerStatus: 404,
  list(ask) {
    const name = /^\/v2\.0\/([a-z-]+)$/.exec(ask.path)?.[1]?.replace('-', '_')
    if (!['networks', 'subnets', 'ports', 'routers', 'security_groups'].includes(name ?? '')) return null
    const list = v(ask, name as Collection)
    const devices = ask.query.getAll('device_id')
    const addresses = ask.query.getAll('fixed_ips').map((one) => one.replace(/^ip_address=/, ''))
    const rows = list.rows.filter(
      (row) =>
        (!devices.length || devices.includes(row.device_id as string)) &&
        (!addresses.length ||
          (row.fixed_ips as { ip_address: string }[]).some((one) => addresses.includes(one.ip_address))),
    )
    return { ...list, rows }
  },
}

const volume: EmulatedService = {
  markerStatus: 404,
  list(ask) {
    const name = new RegExp(`^/v3/${project.id}/(volumes|snapshots)/detail$`).exec(ask.path)?.[1]
    return name ? v(ask, name as Collection) : null
  },
}

const image: EmulatedService = {
  markerStatus: 404,
  inBody: true,
  list: (ask) => (ask.path === '/v2/images' ? v(ask, 'images') : null),
}

const loadBalancer: EmulatedService = {
  markerStatus: 404,
  list(ask) {
    const name = /^\/v2(?:\.0)?\/lbaas\/(loadbalancers|listeners|pools|healthmonitors)$/.exec(ask.path)?.[1]
    if (name) return v(ask, name as Collection)
    const pool = /^\/v2(?:\.0)?\/lbaas\/pools\/([^/]+)\/members$/.exec(ask.path)?.[1]
    if (!pool) return null
    const members = v(ask, 'members')
    return { ...members, rows: members.rows.filter((row) => row.pool_id === pool) }
  },
}

const compute: EmulatedService = {
  markerStatus: 400,
  list(ask) {
    const minor = minorOf(ask)
    if (ask.path === '/v2.1/flavors/detail')
      return {
        collection: 'flavors',
        rows: ask.world
          .rows(ask.region, 'flavors')
          .map((row) => (minor >= 61 ? { ...row, extra_specs: {}, description: null } : row)),
      }
    if (ask.path !== '/v2.1/servers/detail') return null
    const { lost } = ask.world
    const rows = ask.world
      .rows(ask.region, 'servers')
      .filter((row) => minor >= 69 || !lost.has(row.id))
      .map((row) => (lost.has(row.id) ? partOf(row) : shown(row, minor)))
    return { collection: 'servers', rows }
  },
}

/** The minor version that is asked for; 1 where none is. */
function minorOf({ world, headers }: Ask): number {
  const asked =
    /^compute (\S+)$/.exec(headers['openstack-api-version'] ?? '')?.[1] ??
    headers['x-openstack-nova-api-version']
  if (!asked || !world.computeVersion) return 1
  const minor = Number(asked.split('.')[1])
  if (minor > Number(world.computeVersion.split('.')[1]))
    throw new Refusal(
      406,
      `Version ${asked} is not supported by the API. Maximum is ${world.computeVersion}.`,
    )
  return minor
}

/** A server as a version of Nova shows it. */
function shown(row: Row, minor: number): Row {
  const { flavor, tags, ...rest } = row
  const { id, name, vcpus, ram, disk, swap } = flavor as Record<string, unknown>
  return {
    ...rest,
    flavor:
      minor >= 47
        ? { original_name: name, vcpus, ram, disk, swap: Number(swap), ephemeral: 0, extra_specs: {} }
        : { id, links: [] },
    ...(minor >= 9 && { locked: false }),
    ...(minor >= 26 && { tags }),
    ...(minor >= 90 && { 'OS-EXT-SRV-ATTR:hostname': row.name }),
  } as Row
}

/** All that Nova knows while the cell of a server is down. */
const partOf = (row: Row): Row => ({
  id: row.id,
  status: 'UNKNOWN',
  tenant_id: row.tenant_id,
  created: row.created,
  security_groups: [{ name: 'default' }],
  links: [],
})

export const services: Record<string, EmulatedService> = {
  compute,
  network,
  volumev3: volume,
  image,
  'load-balancer': loadBalancer,
}
