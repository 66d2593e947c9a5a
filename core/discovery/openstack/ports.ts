import type { CrawlContext } from '../crawler.ts'
import type { Cloud } from './cloud.ts'
import { allOf, type Listing } from './pages.ts'
import { type Thing, thingsOf, UnreadableThing } from './thing.ts'

/** What a port says that servers and load balancers do not. */
export interface Port {
  id: string
  networkId: string | undefined
  /** The server or router that it belongs to. */
  deviceId: string | undefined
  addresses: { ip: string; subnetId: string | undefined }[]
  securityGroups: string[]
}

/** Filters go into the address, which must not become longer than proxies bear. */
const filtersAtOnce = 50

/** Ports of these servers, by server. */
export async function portsOfServers(
  cloud: Cloud,
  context: CrawlContext,
  region: string,
  servers: string[],
): Promise<Map<string, Port[]>> {
  const ports = new Map<string, Port[]>()
  for await (const port of portsBy(cloud, context, region, 'device_id', servers))
    if (port.deviceId) ports.set(port.deviceId, [...(ports.get(port.deviceId) ?? []), port])
  return ports
}

/** Ports of servers that have one of these addresses; in different networks, several may have the same. */
export async function serverPortsAt(
  cloud: Cloud,
  context: CrawlContext,
  region: string,
  addresses: string[],
): Promise<Port[]> {
  const filters = addresses.map((address) => `ip_address=${address}`)
  const ports: Port[] = []
  for await (const port of portsBy(cloud, context, region, 'fixed_ips', filters, 'compute:')) ports.push(port)
  return ports
}

async function* portsBy(
  cloud: Cloud,
  context: CrawlContext,
  region: string,
  filter: string,
  values: string[],
  owner = '',
): AsyncGenerator<Port> {
  for (let start = 0; start < values.length; start += filtersAtOnce) {
    const query = values.slice(start, start + filtersAtOnce).map((one): [string, string] => [filter, one])
    const listing: Listing = { service: 'network', region, path: '/ports', collection: 'ports', query }
    for (const thing of thingsOf(await allOf(cloud, context, listing))) {
      const port = readPort(thing)
      if (port && (thing.text('device_owner') ?? '').startsWith(owner)) yield port
    }
  }
}

/** Ports that cannot be read are set aside where they are listed. */
function readPort(thing: Thing): Port | null {
  try {
    return {
      id: thing.id,
      networkId: thing.text('network_id'),
      deviceId: thing.text('device_id'),
      addresses: addressesOf(thing),
      securityGroups: thing.texts('security_groups'),
    }
  } catch (error) {
    if (error instanceof UnreadableThing) return null
    throw error
  }
}

/** In the order of the addresses. */
export const addressesOf = (port: Thing, list = 'fixed_ips') =>
  port
    .parts(list)
    .flatMap((one) => {
      const ip = one.text('ip_address')
      return ip ? [{ ip, subnetId: one.text('subnet_id') }] : []
    })
    .sort((a, b) => (a.ip < b.ip ? -1 : 1))
