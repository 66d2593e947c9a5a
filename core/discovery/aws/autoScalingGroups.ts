import {
  type AutoScalingGroup,
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  paginateDescribeAutoScalingGroups,
} from '@aws-sdk/client-auto-scaling'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf, appStanding } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { connectedTo } from './networks.ts'
import { serviceResource } from './serviceResource.ts'
import { distinct } from './tags.ts'
import { translated } from './translated.ts'

export const autoScalingGroups = serviceResource<AutoScalingClient>(
  {
    name: 'auto-scaling-groups',
    label: 'auto scaling groups',
    kind: 'APP',
    after: ['instances', 'subnets'],
    everyMinutes: 24 * 60,
  },
  {
    Service: AutoScalingClient,
    tries: {
      'autoscaling:DescribeAutoScalingGroups': (client, { options }) =>
        client.send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 1 }), options),
    },
    async *list(client, { region, options }) {
      for await (const page of paginateDescribeAutoScalingGroups({ client, pageSize: 100 }, {}, options))
        yield translated(
          page.AutoScalingGroups,
          ({ AutoScalingGroupARN }) => AutoScalingGroupARN,
          (group) => translateAutoScalingGroup(group, region),
        )
    },
  },
)

/** A group runs on its machines: those that are on their way out no longer count. */
export function translateAutoScalingGroup(group: AutoScalingGroup, region: string): Observation {
  const arn = required(group.AutoScalingGroupARN, 'AutoScalingGroupARN')
  // Only a group that is being deleted has a status at all.
  const { status, ended } = appStanding(group.Status ?? 'active')
  const template =
    group.LaunchTemplate ??
    group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification ??
    undefined
  const members = (group.Instances ?? []).filter(
    ({ LifecycleState }) => !/^(Terminat|Detach)/.test(LifecycleState ?? ''),
  )
  return {
    externalId: arn,
    ended,
    values: {
      ...appOf({
        name: group.AutoScalingGroupName ?? arn,
        region,
        providerId: arn,
        family: AppFamily.AUTO_SCALING,
        product: 'Amazon EC2 Auto Scaling',
        tags: group.Tags,
      }),
      status,
      providerStatus: group.Status,
      minSize: group.MinSize,
      maxSize: group.MaxSize,
      desiredCapacity: group.DesiredCapacity,
      healthCheckType: group.HealthCheckType,
      loadBalancerNames: distinct(group.LoadBalancerNames ?? []),
      extras: [
        ...extrasOf({
          'launch configuration': group.LaunchConfigurationName,
          'launch template': template?.LaunchTemplateName ?? template?.LaunchTemplateId,
          'launch template version': template?.Version,
          'health check grace period': group.HealthCheckGracePeriod,
          cooldown: group.DefaultCooldown,
          'protected from scale in': group.NewInstancesProtectedFromScaleIn,
          'created at': group.CreatedTime,
        }),
        ...extrasFor('zone', group.AvailabilityZones ?? []),
        ...extrasFor('target group', group.TargetGroupARNs ?? []),
        ...extrasFor(
          'suspended process',
          (group.SuspendedProcesses ?? []).map(({ ProcessName }) => ProcessName),
        ),
      ],
    },
    relations: [
      ...distinct(members.map(({ InstanceId }) => InstanceId)).map((externalId) => ({
        kind: 'RUNS_ON',
        to: { resource: 'instances', externalId },
      })),
      ...connectedTo('subnets', (group.VPCZoneIdentifier ?? '').split(',').filter(Boolean)),
    ],
  }
}
