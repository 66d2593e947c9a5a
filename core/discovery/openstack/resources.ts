import type { CrawlContext, CrawlerResource, Observation, ObservationPage } from '../crawler.ts'
import type { Cloud } from './cloud.ts'
import { flavorId, flavorListing, translateFlavor } from './flavors.ts'
import { translateImage } from './images.ts'
import { listLoadBalancers } from './loadBalancers.ts'
import {
  translateNetwork,
  translatePort,
  translateRouter,
  translateSecurityGroup,
  translateSubnet,
} from './networks.ts'
import { type Listing, pagesOf } from './pages.ts'
import { listServers } from './servers.ts'
import type { ServiceName } from './services.ts'
import { type Thing, translated } from './thing.ts'
import { translateSnapshot, translateVolume } from './volumes.ts'

type List = (cloud: Cloud, context: CrawlContext, region: string) => AsyncIterable<ObservationPage>

/** A resource, from where it is read, and how. */
export interface OpenStackResource extends CrawlerResource {
  service: ServiceName
  /** Paths that its listing reads, for each permission in their order. */
  paths: string[]
  list: List
}

/** A listing whose records say all that is needed. */
const plain = (
  service: ServiceName,
  path: string,
  collection: string,
  translate: (thing: Thing, region: string) => Observation,
): List =>
  async function* (cloud, context, region) {
    for await (const records of pagesOf(cloud, context, { service, region, path, collection }))
      yield translated(records, (thing) => translate(thing, region))
  }

const hour = 60
const day = 24 * hour

/** One piece of the network service, whose paths and collections are named alike. */
const piece = (
  name: string,
  label: string,
  collection: string,
  permission: string,
  translate: (thing: Thing, region: string) => Observation,
  more: { after: string[]; everyMinutes: number },
): OpenStackResource => ({
  name,
  label,
  kind: 'NETWORK',
  permissions: [permission],
  service: 'network',
  paths: [`/${name}`],
  list: plain('network', `/${name}`, collection, translate),
  ...more,
})

export const resources: OpenStackResource[] = [
  piece('networks', 'networks', 'networks', 'get_network', translateNetwork, {
    after: [],
    everyMinutes: day,
  }),
  piece('subnets', 'subnets', 'subnets', 'get_subnet', translateSubnet, {
    after: ['networks'],
    everyMinutes: day,
  }),
  piece(
    'security-groups',
    'security groups',
    'security_groups',
    'get_security_group',
    translateSecurityGroup,
    {
      after: [],
      everyMinutes: 6 * hour,
    },
  ),
  piece('ports', 'ports', 'ports', 'get_port', translatePort, {
    after: ['networks', 'subnets'],
    everyMinutes: hour,
  }),
  piece('routers', 'routers', 'routers', 'get_router', translateRouter, {
    after: ['networks'],
    everyMinutes: day,
  }),
  {
    name: 'flavors',
    label: 'flavors',
    kind: 'FLAVOR',
    permissions: ['os_compute_api:flavors'],
    everyMinutes: 14 * day,
    service: 'compute',
    paths: ['/flavors/detail'],
    list: async function* (cloud, context, region) {
      const listing: Listing = await flavorListing(cloud, context, region)
      for await (const records of pagesOf(cloud, context, listing))
        yield translated(
          records,
          (flavor) => translateFlavor(flavor, region),
          (id) => flavorId(region, id),
        )
    },
  },
  {
    name: 'images',
    label: 'images',
    kind: 'IMAGE',
    permissions: ['get_images'],
    everyMinutes: 14 * day,
    service: 'image',
    paths: ['/images'],
    list: plain('image', '/images', 'images', translateImage),
  },
  {
    name: 'servers',
    label: 'servers',
    kind: 'SERVER',
    permissions: ['os_compute_api:servers:detail'],
    after: ['images', 'flavors', 'subnets', 'security-groups', 'ports'],
    everyMinutes: 5,
    service: 'compute',
    paths: ['/servers/detail'],
    list: listServers,
  },
  {
    name: 'volumes',
    label: 'volumes',
    kind: 'VOLUME',
    permissions: ['volume:get_all'],
    after: ['servers'],
    everyMinutes: 6 * hour,
    service: 'volume',
    paths: ['/volumes/detail'],
    list: plain('volume', '/volumes/detail', 'volumes', translateVolume),
  },
  {
    name: 'snapshots',
    label: 'snapshots',
    kind: 'SNAPSHOT',
    permissions: ['volume:get_all_snapshots'],
    after: ['volumes'],
    everyMinutes: 14 * day,
    service: 'volume',
    paths: ['/snapshots/detail'],
    list: plain('volume', '/snapshots/detail', 'snapshots', translateSnapshot),
  },
  {
    name: 'load-balancers',
    label: 'load balancers',
    kind: 'APP',
    permissions: ['loadbalancer', 'listener', 'pool', 'healthmonitor'].map(
      (one) => `os_load-balancer_api:${one}:get_all`,
    ),
    after: ['servers', 'subnets', 'ports'],
    everyMinutes: 6 * hour,
    service: 'loadBalancer',
    paths: ['loadbalancers', 'listeners', 'pools', 'healthmonitors'].map((one) => `/lbaas/${one}`),
    list: listLoadBalancers,
  },
]
