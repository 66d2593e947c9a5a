import { pageOf } from '../listing.ts'
import { queryService, sizeIn } from '../protocols/query.ts'
import { without } from './shelf.ts'

export const elastiCache = queryService({
  '2015-02-02': {
    prefix: 'elasticache',
    namespace: 'http://elasticache.amazonaws.com/doc/2015-02-02/',
    itemNames: {
      CacheClusters: 'CacheCluster',
      CacheNodes: 'CacheNode',
      MemberClusters: 'ClusterId',
      NodeGroups: 'NodeGroup',
      NodeGroupMembers: 'NodeGroupMember',
      ReplicationGroups: 'ReplicationGroup',
    },
    actions: {
      async DescribeCacheClusters(call) {
        const { params } = call
        const alone = params.get('ShowCacheClustersNotInReplicationGroups') === 'true'
        const { things, next } = await pageOf(call, 'cache-clusters', {
          size: sizeIn(params.get('MaxRecords'), [20, 100]),
          token: params.get('Marker'),
          only: ({ ReplicationGroupId }) => !alone || !ReplicationGroupId,
        })
        const withNodes = params.get('ShowCacheNodeInfo') === 'true'
        return {
          CacheClusters: withNodes ? things : things.map((one) => without(one, 'CacheNodes')),
          Marker: next,
        }
      },
      async DescribeReplicationGroups(call) {
        const { things, next } = await pageOf(call, 'cache-replication-groups', {
          size: sizeIn(call.params.get('MaxRecords'), [20, 100]),
          token: call.params.get('Marker'),
        })
        return { Marker: next, ReplicationGroups: things }
      },
    },
  },
})
