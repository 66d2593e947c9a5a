import type { Call } from '../actions.ts'
import { Fault } from '../fault.ts'
import { pageOf, suffer } from '../listing.ts'
import { membersOf, type QueryApi, sizeIn } from '../protocols/query.ts'
import type { Thing } from '../shelves.ts'
import { shelfOf, without } from './shelf.ts'

const sizes: [number, number] = [1, 400]

/** Balancers of applications, networks and gateways. */
export const elasticLoadBalancingV2: QueryApi = {
  prefix: 'elasticloadbalancing',
  namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  itemNames: {},
  actions: {
    async DescribeLoadBalancers(call) {
      const asked = membersOf(call.params, 'LoadBalancerArns')
      assertThere(call, 'load-balancers', asked, 'LoadBalancerNotFound')
      const { things, next } = await listed(
        call,
        'load-balancers',
        ({ LoadBalancerArn }) => LoadBalancerArn,
        asked,
      )
      return { LoadBalancers: things.map((one) => without(one, 'Tags')), NextMarker: next }
    },
    async DescribeTargetGroups(call) {
      const asked = membersOf(call.params, 'TargetGroupArns')
      const balancer = call.params.get('LoadBalancerArn')
      const { things, next } = await pageOf(call, 'target-groups', {
        ...pageAsked(call),
        only: ({ TargetGroupArn, LoadBalancerArns }) =>
          (!asked.length || asked.includes(String(TargetGroupArn))) &&
          (!balancer || ((LoadBalancerArns ?? []) as string[]).includes(balancer)),
      })
      return { TargetGroups: things.map((one) => without(one, 'Tags', 'Targets')), NextMarker: next }
    },
    async DescribeListeners(call) {
      const balancer = call.params.get('LoadBalancerArn') ?? ''
      assertThere(call, 'load-balancers', [balancer], 'LoadBalancerNotFound')
      const only = ({ LoadBalancerArn }: Thing) => LoadBalancerArn === balancer
      const { things, next } = await pageOf(call, 'listeners', { ...pageAsked(call), only })
      return { Listeners: things, NextMarker: next }
    },
    async DescribeTargetHealth(call) {
      await suffer(call, 0)
      const arn = call.params.get('TargetGroupArn') ?? ''
      assertThere(call, 'target-groups', [arn], 'TargetGroupNotFound')
      return { TargetHealthDescriptions: shelfOf(call, 'target-groups').get(arn)!.Targets ?? [] }
    },
    async DescribeTags(call) {
      await suffer(call, 0)
      const arns = membersOf(call.params, 'ResourceArns')
      if (!arns.length || arns.length > 20)
        throw new Fault(400, 'ValidationError', 'Between 1 and 20 resources can be described at once.')
      const balancers = arns.filter((arn) => arn.includes(':loadbalancer/'))
      assertThere(call, 'load-balancers', balancers, 'LoadBalancerNotFound')
      // In an order of its own.
      const tagsOf = (arn: string) =>
        (shelfOf(call, 'load-balancers').get(arn) ?? shelfOf(call, 'target-groups').get(arn))?.Tags ?? []
      return { TagDescriptions: arns.toReversed().map((arn) => ({ ResourceArn: arn, Tags: tagsOf(arn) })) }
    },
  },
}

const pageAsked = ({ params }: Call) => ({
  size: sizeIn(params.get('PageSize'), sizes),
  token: params.get('Marker'),
})

const listed = (call: Call, type: string, idOf: (thing: Thing) => Thing[string], asked: string[]) =>
  pageOf(call, type, {
    ...pageAsked(call),
    ...(asked.length && { only: (thing: Thing) => asked.includes(String(idOf(thing))) }),
  })

function assertThere(call: Call, type: string, ids: string[], code: string): void {
  const missing = ids.find((id) => !shelfOf(call, type).has(id))
  if (missing !== undefined) throw new Fault(400, code, `'${missing}' not found`)
}
