import { pageOf } from '../listing.ts'
import { membersOf, queryService, sizeIn } from '../protocols/query.ts'

export const autoScaling = queryService({
  '2011-01-01': {
    prefix: 'autoscaling',
    namespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
    itemNames: {},
    actions: {
      async DescribeAutoScalingGroups(call) {
        const names = membersOf(call.params, 'AutoScalingGroupNames')
        const { things, next } = await pageOf(call, 'auto-scaling-groups', {
          size: sizeIn(call.params.get('MaxRecords'), [1, 100], 50),
          token: call.params.get('NextToken'),
          ...(names.length && {
            only: ({ AutoScalingGroupName }) => names.includes(String(AutoScalingGroupName)),
          }),
        })
        return { AutoScalingGroups: things, NextToken: next }
      },
    },
  },
})
