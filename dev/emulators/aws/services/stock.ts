import { type Made, type Survey, survey } from '../ec2/survey.ts'
import type { Stock } from '../shelves.ts'
import type { World } from '../world.ts'
import { balancers, classicBalancers, listeners, targetGroups } from './balancerStock.ts'
import {
  autoScalingGroups,
  functionLayers,
  functions,
  mailIdentities,
  queues,
  restApis,
} from './codeStock.ts'
import {
  cacheClusters,
  databaseClusters,
  databases,
  replicationGroups,
  searchDomains,
  tables,
} from './dataStock.ts'
import { buckets, distributions } from './globalStock.ts'

const makers: Record<string, (there: Survey) => Made> = {
  'load-balancers': balancers,
  'target-groups': targetGroups,
  listeners,
  'classic-load-balancers': classicBalancers,
  'auto-scaling-groups': autoScalingGroups,
  databases,
  'database-clusters': databaseClusters,
  'cache-clusters': cacheClusters,
  'cache-replication-groups': replicationGroups,
  tables,
  'search-domains': searchDomains,
  functions,
  'function-layers': functionLayers,
  'rest-apis': restApis,
  queues,
  'mail-identities': mailIdentities,
}

/** What the services besides EC2 have in a region, among others for the machines that are there. */
export const appStock = (world: World): Record<string, Stock> => ({
  ...Object.fromEntries(
    Object.entries(makers).map(([type, make]): [string, Stock] => [
      type,
      (account, region) => make(survey(world, account, region)),
    ]),
  ),
  buckets,
  distributions,
})
