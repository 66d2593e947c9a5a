import type { Made, Survey } from '../ec2/survey.ts'
import type { Instance } from '../instance.ts'
import { hex, randomFrom } from '../random.ts'
import type { Value } from '../shelves.ts'

interface Front {
  name: string
  arn: string
  groupArn: (name: string) => string
  vpcId: string
  instances: Instance[]
}

/** A balancer of applications and one of networks in front of the machines of each network. */
function frontsOf({ account, region, instances }: Survey): Front[] {
  const networks = Map.groupBy(
    instances.filter(({ vpcId, state }) => vpcId && state === 'running'),
    ({ vpcId }) => vpcId!,
  )
  return [...networks].map(([vpcId, there]) => {
    const name = `shop-${vpcId.slice(-6)}`
    const arn = `arn:aws:elasticloadbalancing:${region}:${account}`
    const idOf = (word: string) => hex(randomFrom(vpcId, word), 16)
    return {
      name,
      arn: `${arn}:loadbalancer/app/${name}/${idOf('app')}`,
      groupArn: (group) => `${arn}:targetgroup/${name}-${group}/${idOf(group)}`,
      vpcId,
      instances: there,
    }
  })
}

export const balancers = (there: Survey): Made =>
  frontsOf(there).flatMap(({ name, arn, vpcId, instances }): Made => {
    const network = arn.replace('/app/', '/net/').replace(name, `${name}-net`)
    const zones = zonesOf(instances)
    return [
      [
        arn,
        {
          ...balancer(there, arn, name, 'application', vpcId),
          Scheme: 'internet-facing',
          SecurityGroups: [...new Set(instances.flatMap(({ groups }) => groups.map(({ id }) => id)))].slice(
            0,
            2,
          ),
          AvailabilityZones: zones,
          Tags: [
            { Key: 'Environment', Value: 'Production' },
            { Key: 'team', Value: 'shop' },
          ],
        },
      ],
      [
        network,
        {
          ...balancer(there, network, `${name}-net`, 'network', vpcId),
          Scheme: 'internal',
          AvailabilityZones: zones.toReversed(),
          Tags: null,
        },
      ],
    ]
  })

export const targetGroups = (there: Survey): Made =>
  frontsOf(there).flatMap(({ name, arn, groupArn, vpcId, instances }): Made => {
    const network = arn.replace('/app/', '/net/').replace(name, `${name}-net`)
    const members = instances.slice(0, 4)
    const group = (
      word: string,
      balancer: string[],
      type: string,
      port: number,
      Targets: Value,
    ): Made[number] => [
      groupArn(word),
      {
        TargetGroupArn: groupArn(word),
        TargetGroupName: `${name}-${word}`,
        Protocol: type === 'ip' ? 'TCP' : 'HTTP',
        Port: port,
        VpcId: vpcId,
        HealthCheckProtocol: type === 'ip' ? 'TCP' : 'HTTP',
        HealthCheckPort: 'traffic-port',
        HealthCheckEnabled: true,
        HealthCheckIntervalSeconds: 30,
        HealthCheckPath: type === 'ip' ? null : '/health',
        LoadBalancerArns: balancer,
        TargetType: type,
        Targets,
      },
    ]
    const health = (id: string | null, port: number, index: number) => ({
      HealthCheckPort: String(port),
      Target: { Id: id, Port: port },
      TargetHealth:
        index === 1
          ? { State: 'unhealthy', Reason: 'Target.Timeout', Description: 'Request timed out' }
          : { State: 'healthy' },
    })
    return [
      group(
        'web',
        [arn],
        'instance',
        80,
        members.map(({ instanceId }, i) => health(instanceId, 80, i)),
      ),
      group(
        'admin',
        [arn],
        'instance',
        8080,
        members.slice(0, 1).map(({ instanceId }) => health(instanceId, 8080, 0)),
      ),
      group(
        'tcp',
        [network],
        'ip',
        5432,
        members.filter(({ privateIp }) => privateIp).map(({ privateIp }, i) => health(privateIp, 5432, i)),
      ),
      group('spare', [], 'instance', 80, null),
    ]
  })

export const listeners = (there: Survey): Made =>
  frontsOf(there).flatMap(({ name, arn, groupArn }): Made => {
    const network = arn.replace('/app/', '/net/').replace(name, `${name}-net`)
    const listener = (
      balancer: string,
      port: number,
      protocol: string,
      group: string,
      more = {},
    ): Made[number] => {
      const id = `${balancer.replace(':loadbalancer/', ':listener/')}/${hex(randomFrom(balancer, port), 16)}`
      const DefaultActions = [{ Type: 'forward', TargetGroupArn: groupArn(group), Order: 1 }]
      return [
        id,
        {
          ListenerArn: id,
          LoadBalancerArn: balancer,
          Port: port,
          Protocol: protocol,
          DefaultActions,
          ...more,
        },
      ]
    }
    const certificate = `arn:aws:acm:${there.region}:${there.account}:certificate/${hex(randomFrom(arn, 'tls'), 12)}`
    return [
      listener(arn, 443, 'HTTPS', 'web', { Certificates: [{ CertificateArn: certificate }] }),
      listener(arn, 80, 'HTTP', 'web', {
        DefaultActions: [{ Type: 'redirect', RedirectConfig: { Port: '443' } }],
      }),
      listener(network, 5432, 'TCP', 'tcp'),
    ]
  })

/** A balancer of the first generation in front of some machines, in each region that has any. */
export const classicBalancers = ({ region, instances }: Survey): Made => {
  const members = instances.filter(({ state }) => state === 'running').slice(-3)
  if (!members.length) return []
  const name = `legacy-${region}`
  return [
    [
      name,
      {
        LoadBalancerName: name,
        DNSName: `${name}-1207.${region}.elb.amazonaws.com`,
        CanonicalHostedZoneNameID: 'Z32O12XQLNTSW2',
        ListenerDescriptions: [
          {
            Listener: { Protocol: 'TCP', LoadBalancerPort: 25, InstanceProtocol: 'TCP', InstancePort: 2525 },
            PolicyNames: [],
          },
          {
            Listener: {
              Protocol: 'HTTP',
              LoadBalancerPort: 80,
              InstanceProtocol: 'HTTP',
              InstancePort: 8080,
            },
            PolicyNames: null,
          },
        ],
        BackendServerDescriptions: [],
        AvailabilityZones: [...new Set(members.map(({ zone }) => zone))],
        Subnets: [...new Set(members.flatMap(({ subnetId }) => subnetId ?? []))],
        VPCId: members[0]!.vpcId,
        Instances: members.map(({ instanceId }) => ({ InstanceId: instanceId })),
        HealthCheck: {
          Target: 'HTTP:8080/ping',
          Interval: 30,
          Timeout: 5,
          UnhealthyThreshold: 2,
          HealthyThreshold: 10,
        },
        SecurityGroups: members[0]!.groups.map(({ id }) => id),
        CreatedTime: '2019-03-04T05:06:07.890Z',
        Scheme: 'internet-facing',
        Tags: [{ Key: 'environment', Value: 'staging' }],
      },
    ],
  ]
}

function zonesOf(instances: Instance[]) {
  const subnets = new Map(instances.map(({ subnetId, zone }) => [subnetId, zone]))
  return [...subnets].map(([SubnetId, ZoneName]) => ({ ZoneName, SubnetId, LoadBalancerAddresses: [] }))
}

const balancer = ({ region }: Survey, arn: string, name: string, type: string, vpcId: string) => ({
  LoadBalancerArn: arn,
  DNSName: `${name}-${hex(randomFrom(arn, 'dns'), 10)}.elb.${region}.amazonaws.com`,
  CanonicalHostedZoneId: `Z${hex(randomFrom(region, type), 13).toUpperCase()}`,
  CreatedTime: '2024-02-03T04:05:06.070Z',
  LoadBalancerName: name,
  VpcId: vpcId,
  State: { Code: 'active' },
  Type: type,
  IpAddressType: 'ipv4',
})
