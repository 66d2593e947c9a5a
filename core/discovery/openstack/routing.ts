import type { Listener } from '../../inventory/appItems.ts'
import type { CrawlContext } from '../crawler.ts'
import type { Cloud } from './cloud.ts'
import { allOf } from './pages.ts'
import { type Thing, thingsOf, UnreadableThing } from './thing.ts'

/** A server behind a load balancer, by its address. */
export interface Member {
  address: string
  port: number | undefined
  protocol: string | undefined
  subnetId: string | undefined
}

/** What the load balancers of a region do with requests, by load balancer. */
export interface Routing {
  listenersOf(loadBalancer: string): Listener[]
  healthChecksOf(loadBalancer: string): string[]
  membersOf(loadBalancer: string): Member[]
}

/** Listeners, pools, members and health checks of a region; a few for each load balancer, so they are kept at once. */
export async function readRouting(cloud: Cloud, context: CrawlContext, region: string): Promise<Routing> {
  const all = async (path: string, collection: string) =>
    thingsOf(
      await allOf(cloud, context, { service: 'loadBalancer', region, path: `/lbaas/${path}`, collection }),
    )
  const listeners = new Groups<Listener>()
  const healthChecks = new Groups<string>()
  const members = new Groups<Member>()
  const owners = new Map<string, string[]>()
  for (const listener of await all('listeners', 'listeners'))
    whole(() => listeners.add(ownersOf(listener), listenerOf(listener)))
  for (const pool of await all('pools', 'pools')) {
    const id = pool.plain('id')
    if (!id) continue
    whole(() => owners.set(id, ownersOf(pool)))
    for (const member of await all(`pools/${encodeURIComponent(id)}/members`, 'members'))
      whole(() => members.add(owners.get(id) ?? [], memberOf(member, pool)))
  }
  for (const monitor of await all('healthmonitors', 'healthmonitors'))
    whole(() =>
      healthChecks.add(
        monitor.parts('pools').flatMap((pool) => owners.get(pool.id) ?? []),
        healthCheckOf(monitor),
      ),
    )
  return {
    listenersOf: (id) => listeners.of(id).sort((a, b) => (a.port ?? 0) - (b.port ?? 0)),
    healthChecksOf: (id) => [...new Set(healthChecks.of(id))].sort(),
    membersOf: (id) => members.of(id),
  }
}

class Groups<T> {
  readonly #groups = new Map<string, T[]>()

  add(names: string[], value: T | null) {
    if (value === null) return
    for (const name of names) this.#groups.set(name, [...this.of(name), value])
  }

  of = (name: string): T[] => this.#groups.get(name) ?? []
}

/** Parts of a load balancer that cannot be read are left out of it; the rest is still worth showing. */
function whole(read: () => void) {
  try {
    read()
  } catch (error) {
    if (!(error instanceof UnreadableThing)) throw error
  }
}

const ownersOf = (thing: Thing) => thing.parts('loadbalancers').map(({ id }) => id)

const listenerOf = (listener: Thing): Listener => {
  const certificate = listener.text('default_tls_container_ref')
  return {
    protocol: listener.text('protocol'),
    port: listener.number('protocol_port'),
    ...(certificate && { certificate }),
  }
}

function memberOf(member: Thing, pool: Thing): Member | null {
  const address = member.text('address')
  return address
    ? {
        address,
        port: member.number('protocol_port'),
        protocol: pool.text('protocol'),
        subnetId: member.text('subnet_id'),
      }
    : null
}

const healthCheckOf = (monitor: Thing): string =>
  [monitor.text('type'), monitor.text('http_method'), monitor.text('url_path')].filter(Boolean).join(' ')
