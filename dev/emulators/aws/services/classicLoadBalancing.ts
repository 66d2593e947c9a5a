import { Fault } from '../fault.ts'
import { pageOf, suffer } from '../listing.ts'
import { membersOf, type QueryApi, sizeIn } from '../protocols/query.ts'
import { shelfOf, without } from './shelf.ts'

/** Balancers of the first generation, which are known by their names. */
export const classicLoadBalancing: QueryApi = {
  prefix: 'elasticloadbalancing',
  namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/',
  itemNames: {},
  actions: {
    async DescribeLoadBalancers(call) {
      const names = membersOf(call.params, 'LoadBalancerNames')
      const { things, next } = await pageOf(call, 'classic-load-balancers', {
        size: sizeIn(call.params.get('PageSize'), [1, 400]),
        token: call.params.get('Marker'),
        ...(names.length && { only: ({ LoadBalancerName }) => names.includes(String(LoadBalancerName)) }),
      })
      return { LoadBalancerDescriptions: things.map((one) => without(one, 'Tags')), NextMarker: next }
    },
    async DescribeTags(call) {
      await suffer(call, 0)
      const names = membersOf(call.params, 'LoadBalancerNames')
      if (!names.length || names.length > 20)
        throw new Fault(400, 'ValidationError', 'Between 1 and 20 load balancers can be described at once.')
      const shelf = shelfOf(call, 'classic-load-balancers')
      const missing = names.find((name) => !shelf.has(name))
      if (missing)
        throw new Fault(400, 'LoadBalancerNotFound', `There is no ACTIVE Load Balancer named '${missing}'`)
      return {
        TagDescriptions: names.map((name) => ({ LoadBalancerName: name, Tags: shelf.get(name)!.Tags ?? [] })),
      }
    },
  },
}
