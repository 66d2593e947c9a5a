import {
  type CacheCluster,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  type Endpoint,
  paginateDescribeCacheClusters,
  paginateDescribeReplicationGroups,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache'
import type { CacheNode } from '../../inventory/appItems.ts'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf, appStanding } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { connectedTo } from './networks.ts'
import { type Reading, serviceResource } from './serviceResource.ts'
import { translated } from './translated.ts'

const everyMinutes = 24 * 60
const after = ['security-groups']

/** Clusters that stand alone: those of a replication group are its nodes. */
export const cacheClusters = serviceResource<ElastiCacheClient>(
  { name: 'cache-clusters', label: 'cache clusters', kind: 'APP', after, everyMinutes },
  {
    Service: ElastiCacheClient,
    tries: { 'elasticache:DescribeCacheClusters': tryCacheClusters },
    async *list(client, { region, options }) {
      const input = { ShowCacheNodeInfo: true, ShowCacheClustersNotInReplicationGroups: true }
      for await (const page of paginateDescribeCacheClusters({ client, pageSize: 100 }, input, options))
        yield translated(
          page.CacheClusters,
          ({ ARN }) => ARN,
          (cluster) => translateCacheCluster(cluster, region),
        )
    },
  },
)

export const replicationGroups = serviceResource<ElastiCacheClient>(
  { name: 'cache-replication-groups', label: 'cache replication groups', kind: 'APP', after, everyMinutes },
  {
    Service: ElastiCacheClient,
    tries: {
      'elasticache:DescribeReplicationGroups': (client, { options }) =>
        client.send(new DescribeReplicationGroupsCommand({ MaxRecords: 20 }), options),
      'elasticache:DescribeCacheClusters': tryCacheClusters,
    },
    async *list(client, { region, options }) {
      const members = await clustersOfGroups(client, options)
      for await (const page of paginateDescribeReplicationGroups({ client, pageSize: 100 }, {}, options))
        yield translated(
          page.ReplicationGroups,
          ({ ARN }) => ARN,
          (group) =>
            translateReplicationGroup(group, region, members.get(group.ReplicationGroupId ?? '') ?? []),
        )
    },
  },
)

function tryCacheClusters(client: ElastiCacheClient, { options }: Reading) {
  return client.send(new DescribeCacheClustersCommand({ MaxRecords: 20 }), options)
}

/** Groups do not say their version and their networks; their clusters do. */
async function clustersOfGroups(client: ElastiCacheClient, options: Reading['options']) {
  const members = new Map<string, CacheCluster[]>()
  for await (const page of paginateDescribeCacheClusters({ client, pageSize: 100 }, {}, options))
    for (const cluster of page.CacheClusters ?? []) {
      const { ReplicationGroupId: group } = cluster
      if (group) members.set(group, [...(members.get(group) ?? []), cluster])
    }
  return members
}

export function translateCacheCluster(cluster: CacheCluster, region: string): Observation {
  const arn = required(cluster.ARN, 'ARN')
  const { status, ended } = appStanding(cluster.CacheClusterStatus)
  const nodes = cluster.CacheNodes ?? []
  const endpoint = cluster.ConfigurationEndpoint ?? nodes[0]?.Endpoint
  return {
    externalId: arn,
    ended,
    values: {
      ...appOf({
        name: cluster.CacheClusterId ?? arn,
        region,
        providerId: arn,
        family: AppFamily.CACHE,
        product: productOf(cluster.Engine),
      }),
      status,
      providerStatus: cluster.CacheClusterStatus,
      zone: zoneOf(cluster.PreferredAvailabilityZone),
      engine: cluster.Engine,
      engineVersion: cluster.EngineVersion,
      instanceType: cluster.CacheNodeType,
      ...reachedAt(endpoint),
      cacheNodes: nodes
        .map((node) => nodeOf(node.CacheNodeId ?? '', node.Endpoint, { zone: node.CustomerAvailabilityZone }))
        .sort(byName),
      extras: extrasOf({
        nodes: cluster.NumCacheNodes,
        'encrypted at rest': cluster.AtRestEncryptionEnabled,
        'encrypted in transit': cluster.TransitEncryptionEnabled,
        'subnet group': cluster.CacheSubnetGroupName,
        'maintenance window': cluster.PreferredMaintenanceWindow,
        'snapshot window': cluster.SnapshotWindow,
        'snapshot retention in days': cluster.SnapshotRetentionLimit,
        'parameter group': cluster.CacheParameterGroup?.CacheParameterGroupName,
        'created at': cluster.CacheClusterCreateTime,
      }),
    },
    relations: groupsOf([cluster]),
  }
}

export function translateReplicationGroup(
  group: ReplicationGroup,
  region: string,
  clusters: CacheCluster[],
): Observation {
  const arn = required(group.ARN, 'ARN')
  const { status, ended } = appStanding(group.Status)
  const shards = group.NodeGroups ?? []
  const engine = group.Engine ?? clusters[0]?.Engine
  const endpoint = group.ConfigurationEndpoint ?? shards[0]?.PrimaryEndpoint
  return {
    externalId: arn,
    ended,
    values: {
      ...appOf({
        name: group.ReplicationGroupId ?? arn,
        region,
        providerId: arn,
        family: AppFamily.CACHE,
        product: productOf(engine),
      }),
      description: group.Description?.trim() || undefined,
      status,
      providerStatus: group.Status,
      engine,
      engineVersion: clusters[0]?.EngineVersion,
      instanceType: group.CacheNodeType ?? clusters[0]?.CacheNodeType,
      cluster: group.ClusterEnabled ? 'cluster mode' : undefined,
      ...reachedAt(endpoint),
      cacheNodes: shards
        .flatMap(({ NodeGroupMembers }) => NodeGroupMembers ?? [])
        .map((member) =>
          nodeOf(member.CacheClusterId ?? '', member.ReadEndpoint, {
            zone: member.PreferredAvailabilityZone,
            role: member.CurrentRole,
          }),
        )
        .sort(byName),
      extras: [
        ...extrasOf({
          shards: shards.length || undefined,
          reader: shards.length === 1 ? shards[0]?.ReaderEndpoint?.Address : undefined,
          'automatic failover': group.AutomaticFailover,
          'several zones': group.MultiAZ,
          'encrypted at rest': group.AtRestEncryptionEnabled,
          'encrypted in transit': group.TransitEncryptionEnabled,
          'encryption key': group.KmsKeyId,
          'snapshot window': group.SnapshotWindow,
          'snapshot retention in days': group.SnapshotRetentionLimit,
          'created at': group.ReplicationGroupCreateTime,
        }),
        ...extrasFor('member', group.MemberClusters ?? []),
      ],
    },
    relations: groupsOf(clusters),
  }
}

const products: Record<string, string> = {
  redis: 'Amazon ElastiCache for Redis',
  valkey: 'Amazon ElastiCache for Valkey',
  memcached: 'Amazon ElastiCache for Memcached',
}

const productOf = (engine: string | undefined) => products[engine ?? ''] ?? 'Amazon ElastiCache'

const zoneOf = (zone: string | undefined) => (zone === 'Multiple' ? undefined : zone)

const reachedAt = (endpoint: Endpoint | undefined) => ({ endpoint: endpoint?.Address, port: endpoint?.Port })

function nodeOf(
  name: string,
  endpoint: Endpoint | undefined,
  { zone, role }: { zone?: string | undefined; role?: string | undefined },
): CacheNode {
  return {
    name,
    ...(endpoint?.Address && { endpoint: endpoint.Address }),
    ...(endpoint?.Port && { port: endpoint.Port }),
    ...(zone && { zone }),
    ...(role && { role }),
  }
}

const byName = (a: CacheNode, b: CacheNode) => (a.name < b.name ? -1 : 1)

const groupsOf = (clusters: CacheCluster[]) =>
  connectedTo(
    'security-groups',
    clusters.flatMap(({ SecurityGroups }) =>
      (SecurityGroups ?? []).map(({ SecurityGroupId }) => SecurityGroupId),
    ),
  )
