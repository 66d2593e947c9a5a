import type { Listener } from '../../inventory/appItems.ts'
import { AssetStatus } from '../../inventory/asset.ts'
import { AppFamily } from '../../inventory/families.ts'
import type { CrawlContext, Observation, ObservationPage, ObservedRelation } from '../crawler.ts'
import type { Cloud } from './cloud.ts'
import { pagesOf } from './pages.ts'
import { serverPortsAt } from './ports.ts'
import { readRouting, type Routing } from './routing.ts'
import { standingOf } from './status.ts'
import { targetsOf } from './targets.ts'
import { extrasOf, tagsOf, type Thing, thingsOf, translated, UnreadableThing } from './thing.ts'

/** Load balancers name their listeners and pools by id alone, and members name addresses; so all of these are read first. */
export async function* listLoadBalancers(
  cloud: Cloud,
  context: CrawlContext,
  region: string,
): AsyncGenerator<ObservationPage> {
  const listing = {
    service: 'loadBalancer',
    region,
    path: '/lbaas/loadbalancers',
    collection: 'loadbalancers',
  } as const
  let routing: Routing | null = null
  for await (const records of pagesOf(cloud, context, listing)) {
    routing ??= await readRouting(cloud, context, region)
    const members = thingsOf(records).flatMap((one) => routing!.membersOf(one.plain('id') ?? ''))
    const addresses = [...new Set(members.map(({ address }) => address))]
    const ports = await serverPortsAt(cloud, context, region, addresses)
    yield translated(records, (loadBalancer) =>
      translateLoadBalancer(loadBalancer, {
        region,
        listeners: routing!.listenersOf(loadBalancer.id),
        healthChecks: routing!.healthChecksOf(loadBalancer.id),
        targets: targetsOf(routing!.membersOf(loadBalancer.id), ports),
      }),
    )
  }
}

interface Around {
  region: string
  listeners: Listener[]
  healthChecks: string[]
  targets: ObservedRelation[]
}

export function translateLoadBalancer(
  loadBalancer: Thing,
  { region, listeners, healthChecks, targets }: Around,
): Observation {
  const { id } = loadBalancer
  const provisioning = loadBalancer.text('provisioning_status')
  const operating = loadBalancer.text('operating_status')
  if (!provisioning) throw new UnreadableThing('It has no status.')
  const settled = provisioning === 'ACTIVE'
  const { status } = standingOf(settled ? operating : provisioning)
  const subnet = loadBalancer.text('vip_subnet_id')
  const port = loadBalancer.text('vip_port_id')
  return {
    externalId: id,
    ended: standingOf(provisioning).ended || provisioning === 'PENDING_DELETE',
    values: {
      name: loadBalancer.text('name') ?? id,
      description: loadBalancer.text('description'),
      status: loadBalancer.flag('admin_state_up') === false ? AssetStatus.STOPPED : status,
      providerStatus: (settled && operating) || provisioning,
      tags: tagsOf(loadBalancer),
      region,
      zone: loadBalancer.text('availability_zone'),
      providerId: id,
      family: AppFamily.LOAD_BALANCER,
      product: 'Octavia',
      managed: true,
      engine: loadBalancer.text('provider'),
      endpoint: loadBalancer.text('vip_address'),
      listeners,
      healthCheck: healthChecks.join(', ') || undefined,
      extras: extrasOf(loadBalancer, {
        project_id: 'project',
        flavor_id: 'flavor',
        vip_network_id: 'network',
      }),
    },
    relations: [
      ...(subnet ? [connected('subnets', subnet)] : []),
      ...(port ? [connected('ports', port)] : []),
      ...targets,
    ],
  }
}

const connected = (resource: string, externalId: string): ObservedRelation => ({
  kind: 'CONNECTED_TO',
  to: { resource, externalId },
})
