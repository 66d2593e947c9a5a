import { restApis } from './apis.ts'
import { autoScalingGroups } from './autoScalingGroups.ts'
import { buckets } from './buckets.ts'
import { cacheClusters, replicationGroups } from './caches.ts'
import { classicLoadBalancers } from './classicLoadBalancers.ts'
import { databases } from './databases.ts'
import { distributions } from './distributions.ts'
import { functionLayers, functions } from './functions.ts'
import { images } from './images.ts'
import { instances } from './instances.ts'
import { instanceTypes } from './instanceTypes.ts'
import { interfaces } from './interfaces.ts'
import { loadBalancers } from './loadBalancers.ts'
import { mail } from './mail.ts'
import { endpoints, natGateways, peerings, subnets, vpcs, vpnGateways } from './networks.ts'
import { queues } from './queues.ts'
import type { AwsResource } from './resource.ts'
import { routeTables } from './routeTables.ts'
import { networkAcls, securityGroups } from './rules.ts'
import { searchDomains } from './searchDomains.ts'
import { tables } from './tables.ts'
import { snapshots, volumes } from './volumes.ts'

/** All that is read of an account. What refers to other things may come first: it is looked up again when they are known. */
export const resources: AwsResource[] = [
  instances,
  volumes,
  snapshots,
  images,
  instanceTypes,
  vpcs,
  subnets,
  securityGroups,
  interfaces,
  routeTables,
  networkAcls,
  natGateways,
  vpnGateways,
  peerings,
  endpoints,
  loadBalancers,
  classicLoadBalancers,
  autoScalingGroups,
  databases,
  cacheClusters,
  replicationGroups,
  tables,
  searchDomains,
  queues,
  mail,
  functions,
  functionLayers,
  restApis,
  buckets,
  distributions,
]
