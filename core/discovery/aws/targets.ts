import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  paginateDescribeTargetGroups,
  type TargetGroup,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { ObservedRelation } from '../crawler.ts'
import { extrasFor } from './extras.ts'
import type { Reading } from './serviceResource.ts'
import { answersFor, orIfGone } from './together.ts'

export interface GroupWithTargets {
  group: TargetGroup
  targets: TargetHealthDescription[]
}

/** All target groups of the region, by the load balancers that they are behind. */
export async function groupsByBalancer(client: ElasticLoadBalancingV2Client, { options }: Reading) {
  const groups = new Map<string, TargetGroup[]>()
  for await (const page of paginateDescribeTargetGroups({ client, pageSize: 400 }, {}, options))
    for (const group of page.TargetGroups ?? [])
      for (const arn of group.LoadBalancerArns ?? []) groups.set(arn, [...(groups.get(arn) ?? []), group])
  return groups
}

/** What is in the groups of these load balancers, by load balancer. */
export async function targetsOfGroups(
  client: ElasticLoadBalancingV2Client,
  arns: string[],
  groups: Map<string, TargetGroup[]>,
  { options }: Reading,
) {
  const asked = arns.flatMap((arn) => (groups.get(arn) ?? []).map((group) => ({ arn, group })))
  const found = new Map<string, GroupWithTargets[]>()
  const answers = await answersFor(asked, async ({ arn, group }) => ({
    arn,
    group,
    targets: await targetsIn(client, group, options),
  }))
  for (const { arn, group, targets } of answers)
    found.set(arn, [...(found.get(arn) ?? []), { group, targets }])
  return found
}

/** A group that was deleted since the groups were listed has no targets. */
async function targetsIn(
  client: ElasticLoadBalancingV2Client,
  { TargetGroupArn }: TargetGroup,
  options: Reading['options'],
) {
  const answer = await orIfGone(
    client.send(new DescribeTargetHealthCommand({ TargetGroupArn }), options),
    null,
  )
  return (answer?.TargetHealthDescriptions ?? []).filter(isRegistered)
}

/** Draining means deregistered: it only finishes what it has begun. Health comes and goes, and says nothing of belonging. */
const isRegistered = ({ TargetHealth }: TargetHealthDescription) => TargetHealth?.State !== 'draining'

/** To which resource the ids of a group's targets belong; addresses belong to none. */
const resources: Record<string, string> = {
  instance: 'instances',
  lambda: 'functions',
  alb: 'load-balancers',
}

/** One relation to each thing behind a load balancer. */
export function targetsOf(groups: GroupWithTargets[]): ObservedRelation[] {
  const found = new Map<string, { resource: string; externalId: string; answers: Answer[] }>()
  for (const { group, targets } of groups) {
    const resource = resources[group.TargetType ?? 'instance']
    for (const { Target } of targets) {
      if (!resource || !Target?.Id) continue
      const externalId = resource === 'functions' ? withoutQualifier(Target.Id) : Target.Id
      const key = `${resource} ${externalId}`
      const thing = found.get(key) ?? { resource, externalId, answers: [] }
      thing.answers.push({ port: Target.Port ?? group.Port, protocol: group.Protocol?.toLowerCase() })
      found.set(key, thing)
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { resource, externalId, answers }]) => ({
      kind: 'TARGETS',
      to: { resource, externalId },
      properties: propertiesOf(answers),
    }))
}

/** A function is known by its ARN without an alias or a version. */
const withoutQualifier = (arn: string) => arn.split(':').slice(0, 7).join(':')

interface Answer {
  port: number | undefined
  protocol: string | undefined
}

/** What answers on several ports is one target; its notes name the others. */
function propertiesOf(answers: Answer[]) {
  const ports = [...new Set(answers.flatMap(({ port }) => port ?? []))].sort((a, b) => a - b)
  const [port, ...others] = ports
  const protocol = answers.find((one) => one.port === port)?.protocol
  return {
    ...(port !== undefined && { port }),
    ...(protocol && { protocol }),
    ...(others.length && { notes: `Also on port ${others.join(', ')}.` }),
  }
}

/** Addresses that belong to nothing of the account by id. */
export const targetExtras = (groups: GroupWithTargets[]) =>
  extrasFor(
    'target address',
    groups
      .filter(({ group }) => group.TargetType === 'ip')
      .flatMap(({ targets }) =>
        targets.map(({ Target }) => Target?.Id && [Target.Id, Target.Port].filter(Boolean).join(' port ')),
      ),
  )
