import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type Listener as AwsListener,
  type LoadBalancer,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  type Tag,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Listener } from '../../inventory/appItems.ts'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf, appStanding } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { connectedTo } from './networks.ts'
import { type Reading, serviceResource } from './serviceResource.ts'
import {
  type GroupWithTargets,
  groupsByBalancer,
  targetExtras,
  targetsOf,
  targetsOfGroups,
} from './targets.ts'
import { answersFor, answersForSlices, orIfGone } from './together.ts'
import { translated } from './translated.ts'

/** As many as DescribeTags takes. */
const tagsAtOnce = 20

export const loadBalancers = serviceResource<ElasticLoadBalancingV2Client>(
  {
    name: 'load-balancers',
    label: 'load balancers',
    kind: 'APP',
    after: ['instances', 'subnets', 'security-groups', 'functions'],
    everyMinutes: 6 * 60,
  },
  {
    Service: ElasticLoadBalancingV2Client,
    tries: {
      'elasticloadbalancing:DescribeLoadBalancers': (client, { options }) =>
        client.send(new DescribeLoadBalancersCommand({ PageSize: 1 }), options),
      'elasticloadbalancing:DescribeTargetGroups': (client, { options }) =>
        client.send(new DescribeTargetGroupsCommand({ PageSize: 1 }), options),
      'elasticloadbalancing:DescribeTargetHealth': (client, reading) => tryTargetHealth(client, reading),
      'elasticloadbalancing:DescribeListeners': (client, reading) => tryListeners(client, reading),
      'elasticloadbalancing:DescribeTags': (client, reading) => tryTags(client, reading),
    },
    async *list(client, reading) {
      const groups = await groupsByBalancer(client, reading)
      for await (const page of paginateDescribeLoadBalancers(
        { client, pageSize: 400 },
        {},
        reading.options,
      )) {
        const arns = (page.LoadBalancers ?? []).flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? [])
        const tags = await tagsByArn(client, arns, reading)
        const listeners = await listenersByArn(client, arns, reading)
        const targets = await targetsOfGroups(client, arns, groups, reading)
        yield translated(
          page.LoadBalancers,
          (one) => one.LoadBalancerArn,
          (one) =>
            translateLoadBalancer(one, reading.region, {
              tags: tags.get(one.LoadBalancerArn ?? ''),
              listeners: listeners.get(one.LoadBalancerArn ?? '') ?? [],
              groups: targets.get(one.LoadBalancerArn ?? '') ?? [],
            }),
        )
      }
    },
  },
)

interface Around {
  tags?: Tag[] | undefined
  listeners: AwsListener[]
  groups: GroupWithTargets[]
}

const products: Record<string, string> = {
  application: 'AWS Application Load Balancer',
  network: 'AWS Network Load Balancer',
  gateway: 'AWS Gateway Load Balancer',
}

export function translateLoadBalancer(
  balancer: LoadBalancer,
  region: string,
  { tags, listeners, groups }: Around,
): Observation {
  const arn = required(balancer.LoadBalancerArn, 'LoadBalancerArn')
  const zones = balancer.AvailabilityZones ?? []
  const { status, ended } = appStanding(balancer.State?.Code)
  return {
    externalId: arn,
    ended,
    values: {
      ...appOf({
        name: balancer.LoadBalancerName ?? arn,
        region,
        providerId: arn,
        family: AppFamily.LOAD_BALANCER,
        product: products[balancer.Type ?? ''] ?? 'Elastic Load Balancing',
        tags,
      }),
      status,
      providerStatus: balancer.State?.Code,
      engine: balancer.Type,
      endpoint: balancer.DNSName,
      scheme: balancer.Scheme,
      listeners: listenersOf(listeners, groups),
      healthCheck: healthChecksOf(groups.map(({ group }) => group)),
      extras: [
        ...extrasOf({
          network: balancer.VpcId,
          'hosted zone': balancer.CanonicalHostedZoneId,
          'address type': balancer.IpAddressType,
          'state reason': balancer.State?.Reason,
          'created at': balancer.CreatedTime,
        }),
        ...extrasFor(
          'zone',
          zones.map(({ ZoneName }) => ZoneName),
        ),
        ...extrasFor(
          'target group',
          groups.map(({ group }) => group.TargetGroupName),
        ),
        ...targetExtras(groups),
      ],
    },
    relations: [
      ...connectedTo(
        'subnets',
        zones.map(({ SubnetId }) => SubnetId),
      ),
      ...connectedTo('security-groups', balancer.SecurityGroups ?? []),
      ...targetsOf(groups),
    ],
  }
}

function listenersOf(listeners: AwsListener[], groups: GroupWithTargets[]): Listener[] {
  return listeners
    .map(({ Port, Protocol, Certificates, DefaultActions }) => {
      const arn = DefaultActions?.find(({ TargetGroupArn }) => TargetGroupArn)?.TargetGroupArn
      const targetPort = groups.find(({ group }) => group.TargetGroupArn === arn && arn)?.group.Port
      const certificate = Certificates?.[0]?.CertificateArn
      return {
        ...(Protocol && { protocol: Protocol }),
        ...(Port !== undefined && { port: Port }),
        ...(targetPort !== undefined && { targetPort }),
        ...(certificate && { certificate }),
      }
    })
    .sort((a, b) => (a.port ?? 0) - (b.port ?? 0) || ((a.protocol ?? '') < (b.protocol ?? '') ? -1 : 1))
}

const healthChecksOf = (groups: TargetGroup[]) =>
  [...new Set(groups.flatMap(healthCheckOf))].sort().join(', ') || undefined

function healthCheckOf({
  HealthCheckEnabled,
  HealthCheckProtocol,
  HealthCheckPort,
  HealthCheckPath,
}: TargetGroup) {
  if (HealthCheckEnabled === false || !HealthCheckProtocol) return []
  return [`${HealthCheckProtocol}:${HealthCheckPort ?? 'traffic-port'}${HealthCheckPath ?? ''}`]
}

async function tagsByArn(client: ElasticLoadBalancingV2Client, arns: string[], { options }: Reading) {
  const answers = await answersForSlices(arns, tagsAtOnce, (ResourceArns) =>
    client.send(new DescribeTagsCommand({ ResourceArns }), options),
  )
  return new Map(
    answers.flatMap(({ TagDescriptions }) =>
      (TagDescriptions ?? []).map(({ ResourceArn, Tags }): [string, Tag[]] => [
        ResourceArn ?? '',
        Tags ?? [],
      ]),
    ),
  )
}

async function listenersByArn(client: ElasticLoadBalancingV2Client, arns: string[], reading: Reading) {
  const entries = await answersFor(arns, async (arn): Promise<[string, AwsListener[]]> => [
    arn,
    await orIfGone(listenersOfBalancer(client, arn, reading), []),
  ])
  return new Map(entries)
}

async function listenersOfBalancer(
  client: ElasticLoadBalancingV2Client,
  LoadBalancerArn: string,
  { options }: Reading,
) {
  const listeners: AwsListener[] = []
  for await (const page of paginateDescribeListeners({ client }, { LoadBalancerArn }, options))
    listeners.push(...(page.Listeners ?? []))
  return listeners
}

/** Without a load balancer there is nothing to try these on, and nothing that they would be needed for. */
async function firstBalancer(client: ElasticLoadBalancingV2Client, { options }: Reading) {
  const { LoadBalancers } = await client.send(new DescribeLoadBalancersCommand({ PageSize: 1 }), options)
  return LoadBalancers?.[0]?.LoadBalancerArn
}

async function tryTargetHealth(client: ElasticLoadBalancingV2Client, { options }: Reading) {
  const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({ PageSize: 1 }), options)
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn
  if (TargetGroupArn) await client.send(new DescribeTargetHealthCommand({ TargetGroupArn }), options)
}

async function tryListeners(client: ElasticLoadBalancingV2Client, reading: Reading) {
  const LoadBalancerArn = await firstBalancer(client, reading)
  if (LoadBalancerArn)
    await client.send(new DescribeListenersCommand({ LoadBalancerArn, PageSize: 1 }), reading.options)
}

async function tryTags(client: ElasticLoadBalancingV2Client, reading: Reading) {
  const arn = await firstBalancer(client, reading)
  if (arn) await client.send(new DescribeTagsCommand({ ResourceArns: [arn] }), reading.options)
}
