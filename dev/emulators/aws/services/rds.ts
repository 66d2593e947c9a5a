import type { Call } from '../actions.ts'
import { Fault } from '../fault.ts'
import { pageOf } from '../listing.ts'
import { queryService, sizeIn } from '../protocols/query.ts'
import { shelfOf } from './shelf.ts'

export const rds = queryService({
  '2014-10-31': {
    prefix: 'rds',
    namespace: 'http://rds.amazonaws.com/doc/2014-10-31/',
    itemNames: {
      DBInstances: 'DBInstance',
      DBClusters: 'DBCluster',
      DBClusterMembers: 'DBClusterMember',
      DBParameterGroups: 'DBParameterGroup',
      ReadReplicaDBInstanceIdentifiers: 'ReadReplicaDBInstanceIdentifier',
      Subnets: 'Subnet',
      TagList: 'Tag',
      VpcSecurityGroups: 'VpcSecurityGroupMembership',
    },
    actions: {
      async DescribeDBInstances(call) {
        const { things, next } = await listed(call, 'databases', 'DBInstanceIdentifier', 'DBInstanceNotFound')
        return { Marker: next, DBInstances: things }
      },
      async DescribeDBClusters(call) {
        const { things, next } = await listed(
          call,
          'database-clusters',
          'DBClusterIdentifier',
          'DBClusterNotFoundFault',
        )
        return { Marker: next, DBClusters: things }
      },
    },
  },
})

function listed(call: Call, type: string, id: string, missing: string) {
  const asked = call.params.get(id)
  if (asked && ![...shelfOf(call, type).values()].some((thing) => thing[id] === asked))
    throw new Fault(404, missing, `${asked} not found.`)
  return pageOf(call, type, {
    size: sizeIn(call.params.get('MaxRecords'), [20, 100]),
    token: call.params.get('Marker'),
    ...(asked && { only: (thing) => thing[id] === asked }),
  })
}
