import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingClient,
  type ListenerDescription,
  type LoadBalancerDescription,
  paginateDescribeLoadBalancers,
  type Tag,
} from '@aws-sdk/client-elastic-load-balancing'
import type { Listener } from '../../inventory/appItems.ts'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { connectedTo } from './networks.ts'
import { type Reading, serviceResource } from './serviceResource.ts'
import { distinct } from './tags.ts'
import { answersForSlices } from './together.ts'
import { translated } from './translated.ts'

/** As many as DescribeTags takes. */
const tagsAtOnce = 20

export const classicLoadBalancers = serviceResource<ElasticLoadBalancingClient>(
  {
    name: 'classic-load-balancers',
    label: 'classic load balancers',
    kind: 'APP',
    after: ['instances', 'subnets', 'security-groups'],
    everyMinutes: 6 * 60,
  },
  {
    Service: ElasticLoadBalancingClient,
    tries: {
      'elasticloadbalancing:DescribeLoadBalancers': (client, { options }) =>
        client.send(new DescribeLoadBalancersCommand({ PageSize: 1 }), options),
      'elasticloadbalancing:DescribeTags': async (client, { options }) => {
        const answer = await client.send(new DescribeLoadBalancersCommand({ PageSize: 1 }), options)
        const name = answer.LoadBalancerDescriptions?.[0]?.LoadBalancerName
        if (name) await client.send(new DescribeTagsCommand({ LoadBalancerNames: [name] }), options)
      },
    },
    async *list(client, reading) {
      for await (const page of paginateDescribeLoadBalancers(
        { client, pageSize: 400 },
        {},
        reading.options,
      )) {
        const names = (page.LoadBalancerDescriptions ?? []).flatMap((one) => one.LoadBalancerName ?? [])
        const tags = await tagsByName(client, names, reading)
        yield translated(
          page.LoadBalancerDescriptions,
          ({ LoadBalancerName }) => LoadBalancerName && idIn(reading.region, LoadBalancerName),
          (one) => translateClassicLoadBalancer(one, reading.region, tags.get(one.LoadBalancerName ?? '')),
        )
      }
    },
  },
)

/** Names are unique in a region alone. */
const idIn = (region: string, name: string) => `${region}/${name}`

export function translateClassicLoadBalancer(
  balancer: LoadBalancerDescription,
  region: string,
  tags?: Tag[],
): Observation {
  const name = required(balancer.LoadBalancerName, 'LoadBalancerName')
  const listeners = balancer.ListenerDescriptions ?? []
  return {
    externalId: idIn(region, name),
    values: {
      ...appOf({
        name,
        region,
        providerId: name,
        family: AppFamily.LOAD_BALANCER,
        product: 'AWS Classic Load Balancer',
        tags,
      }),
      engine: 'classic',
      endpoint: balancer.DNSName,
      scheme: balancer.Scheme,
      healthCheck: balancer.HealthCheck?.Target,
      listeners: listeners.map(listenerOf).sort((a, b) => (a.port ?? 0) - (b.port ?? 0)),
      extras: [
        ...extrasOf({
          network: balancer.VPCId,
          'hosted zone': balancer.CanonicalHostedZoneNameID,
          'created at': balancer.CreatedTime,
        }),
        ...extrasFor('zone', balancer.AvailabilityZones ?? []),
      ],
    },
    relations: [
      ...connectedTo('subnets', balancer.Subnets ?? []),
      ...connectedTo('security-groups', balancer.SecurityGroups ?? []),
      ...distinct((balancer.Instances ?? []).map(({ InstanceId }) => InstanceId)).map((externalId) => ({
        kind: 'TARGETS',
        to: { resource: 'instances', externalId },
        properties: propertiesOf(listeners),
      })),
    ],
  }
}

function listenerOf({ Listener: listener }: ListenerDescription): Listener {
  const { Protocol, LoadBalancerPort, InstancePort, SSLCertificateId } = listener ?? {}
  return {
    ...(Protocol && { protocol: Protocol }),
    ...(LoadBalancerPort !== undefined && { port: LoadBalancerPort }),
    ...(InstancePort !== undefined && { targetPort: InstancePort }),
    ...(SSLCertificateId && { certificate: SSLCertificateId }),
  }
}

/** Every instance answers on every port that a listener passes on to. */
function propertiesOf(listeners: ListenerDescription[]) {
  const known = listeners.flatMap(({ Listener: listener }) => listener ?? [])
  const [port, ...others] = [...new Set(known.flatMap(({ InstancePort }) => InstancePort ?? []))].sort(
    (a, b) => a - b,
  )
  const protocol = known.find(({ InstancePort }) => InstancePort === port)?.InstanceProtocol?.toLowerCase()
  return {
    ...(port !== undefined && { port }),
    ...(protocol && { protocol }),
    ...(others.length && { notes: `Also on port ${others.join(', ')}.` }),
  }
}

async function tagsByName(client: ElasticLoadBalancingClient, names: string[], { options }: Reading) {
  const answers = await answersForSlices(names, tagsAtOnce, (LoadBalancerNames) =>
    client.send(new DescribeTagsCommand({ LoadBalancerNames }), options),
  )
  return new Map(
    answers.flatMap(({ TagDescriptions }) =>
      (TagDescriptions ?? []).map(({ LoadBalancerName, Tags }): [string, Tag[]] => [
        LoadBalancerName ?? '',
        Tags ?? [],
      ]),
    ),
  )
}
