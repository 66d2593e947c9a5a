import { placesOf } from '../ec2/places.ts'
import type { Made, Survey } from '../ec2/survey.ts'
import { hex, randomFrom } from '../random.ts'
import type { Thing } from '../shelves.ts'

/** Where managed services live: the subnets of the first network, and a group of an instance in it. */
export function homeOf(there: Survey) {
  const place = placesOf(there)[0]!
  const group = there.instances.find(({ vpcId }) => vpcId === place.vpcId)?.groups[0]?.id
  return { vpcId: place.vpcId, subnets: place.subnets, groups: group ? [group] : [] }
}

/** Two databases that stand alone, and a cluster of two. */
export const databases = (there: Survey): Made => {
  if (!there.instances.length) return []
  const { vpcId, subnets, groups } = homeOf(there)
  const database = (name: string, engine: string, port: number, more: Thing): Made[number] => {
    const id = `db-${hex(randomFrom(there.account, there.region, name), 26).toUpperCase()}`
    return [
      id,
      {
        DBInstanceIdentifier: name,
        DBInstanceClass: 'db.r6g.large',
        Engine: engine,
        DBInstanceStatus: 'available',
        MasterUsername: 'root',
        Endpoint: {
          Address: `${name}.${hex(randomFrom(there.region, 'rds'), 12)}.${there.region}.rds.amazonaws.com`,
          Port: port,
          HostedZoneId: 'Z1D633PJN98FT9',
        },
        AllocatedStorage: 100,
        InstanceCreateTime: '2023-04-05T06:07:08.009Z',
        PreferredBackupWindow: '03:00-03:30',
        BackupRetentionPeriod: 7,
        DBSecurityGroups: [],
        VpcSecurityGroups: groups.map((one) => ({ VpcSecurityGroupId: one, Status: 'active' })),
        DBParameterGroups: [{ DBParameterGroupName: `default.${engine}`, ParameterApplyStatus: 'in-sync' }],
        AvailabilityZone: subnets[0]!.zone,
        DBSubnetGroup: {
          DBSubnetGroupName: 'data',
          VpcId: vpcId,
          SubnetGroupStatus: 'Complete',
          Subnets: subnets.map(({ subnetId, zone }) => ({
            SubnetIdentifier: subnetId,
            SubnetAvailabilityZone: { Name: zone },
            SubnetStatus: 'Active',
          })),
        },
        MultiAZ: false,
        LicenseModel: 'general-public-license',
        StorageType: 'gp3',
        StorageEncrypted: true,
        DbiResourceId: id,
        DBInstanceArn: `arn:aws:rds:${there.region}:${there.account}:db:${name}`,
        DeletionProtection: true,
        LatestRestorableTime: new Date(Date.now()).toISOString(),
        TagList: [{ Key: 'Environment', Value: 'Production' }],
        ...more,
      },
    ]
  }
  const inCluster = { DBClusterIdentifier: 'ledger', StorageType: 'aurora', AllocatedStorage: 1, TagList: [] }
  return [
    database('orders', 'postgres', 5432, { EngineVersion: '16.3', DBName: 'orders', MultiAZ: true }),
    database('erp', 'oracle-ee', 1521, {
      EngineVersion: '19.0.0.0',
      DBInstanceStatus: 'stopped',
      TagList: null,
    }),
    database('ledger-1', 'aurora-mysql', 3306, { ...inCluster, EngineVersion: '8.0.mysql_aurora.3.05.2' }),
    database('ledger-2', 'aurora-mysql', 3306, { ...inCluster, EngineVersion: '8.0.mysql_aurora.3.05.2' }),
  ]
}

export const databaseClusters = ({ region, account, instances }: Survey): Made => {
  if (!instances.length) return []
  const member = (number: number) => ({
    DBInstanceIdentifier: `ledger-${number}`,
    IsClusterWriter: number === 1,
    PromotionTier: number,
  })
  return [
    [
      'ledger',
      {
        DBClusterIdentifier: 'ledger',
        DBClusterArn: `arn:aws:rds:${region}:${account}:cluster:ledger`,
        Engine: 'aurora-mysql',
        Status: 'available',
        Endpoint: `ledger.cluster-x.${region}.rds.amazonaws.com`,
        DBClusterMembers: [member(2), member(1)],
      },
    ],
  ]
}

/** A cluster of memcached that stands alone, and the two of a group of Valkey. */
export const cacheClusters = (there: Survey): Made => {
  if (!there.instances.length) return []
  const { groups, subnets } = homeOf(there)
  const cluster = (id: string, more: Thing): Made[number] => [
    id,
    {
      CacheClusterId: id,
      CacheNodeType: 'cache.t4g.medium',
      CacheClusterStatus: 'available',
      CacheClusterCreateTime: '2024-01-02T03:04:05.006Z',
      PreferredAvailabilityZone: subnets[0]!.zone,
      CacheSubnetGroupName: 'data',
      SecurityGroups: groups.map((one) => ({ SecurityGroupId: one, Status: 'active' })),
      ARN: `arn:aws:elasticache:${there.region}:${there.account}:cluster:${id}`,
      AtRestEncryptionEnabled: false,
      ...more,
    },
  ]
  const node = (id: string, port: number, host: string) => ({
    CacheNodeId: id,
    CacheNodeStatus: 'available',
    CustomerAvailabilityZone: subnets[0]!.zone,
    Endpoint: { Address: host, Port: port },
  })
  const host = (name: string) => `${name}.x1y2z3.euw1.cache.amazonaws.com`
  const ofGroup = (id: string) =>
    cluster(id, {
      Engine: 'valkey',
      EngineVersion: '8.0',
      NumCacheNodes: 1,
      ReplicationGroupId: 'sessions',
      CacheNodes: [node('0001', 6379, host(id))],
    })
  return [
    cluster('pages', {
      Engine: 'memcached',
      EngineVersion: '1.6.22',
      NumCacheNodes: 2,
      PreferredAvailabilityZone: 'Multiple',
      ConfigurationEndpoint: { Address: host('pages.cfg'), Port: 11211 },
      CacheNodes: [node('0002', 11211, host('pages.0002')), node('0001', 11211, host('pages.0001'))],
    }),
    ofGroup('sessions-001'),
    ofGroup('sessions-002'),
  ]
}

export const replicationGroups = ({ region, account, instances }: Survey): Made => {
  if (!instances.length) return []
  const host = (name: string) => ({ Address: `${name}.x1y2z3.euw1.cache.amazonaws.com`, Port: 6379 })
  const member = (id: string, role: string, letter: string) => ({
    CacheClusterId: id,
    CacheNodeId: '0001',
    ReadEndpoint: host(id),
    PreferredAvailabilityZone: `${region}${letter}`,
    CurrentRole: role,
  })
  return [
    [
      'sessions',
      {
        ReplicationGroupId: 'sessions',
        Description: 'Who is signed in',
        Status: 'available',
        MemberClusters: ['sessions-002', 'sessions-001'],
        NodeGroups: [
          {
            NodeGroupId: '0001',
            Status: 'available',
            PrimaryEndpoint: host('sessions'),
            ReaderEndpoint: host('sessions-ro'),
            NodeGroupMembers: [
              member('sessions-002', 'replica', 'b'),
              member('sessions-001', 'primary', 'a'),
            ],
          },
        ],
        AutomaticFailover: 'enabled',
        MultiAZ: 'enabled',
        ClusterEnabled: false,
        CacheNodeType: 'cache.t4g.medium',
        TransitEncryptionEnabled: true,
        ARN: `arn:aws:elasticache:${region}:${account}:replicationgroup:sessions`,
        Engine: 'valkey',
      },
    ],
  ]
}

/** Things of DynamoDB tell moments as seconds. */
export const tables = ({ region, account, instances }: Survey): Made =>
  (instances.length ? ['carts', 'prices'] : []).map((name, index) => [
    name,
    {
      TableName: name,
      TableArn: `arn:aws:dynamodb:${region}:${account}:table/${name}`,
      TableId: hex(randomFrom(region, name), 32),
      TableStatus: 'ACTIVE',
      CreationDateTime: 1700000000.123,
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      ProvisionedThroughput: {
        ReadCapacityUnits: index * 5,
        WriteCapacityUnits: index * 5,
        NumberOfDecreasesToday: 0,
      },
      ...(index === 0 && { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } }),
      ItemCount: Math.floor(Date.now() / 1000),
      TableSizeBytes: Math.floor(Date.now() / 1000),
      DeletionProtectionEnabled: false,
      Tags: index === 0 ? [{ Key: 'Environment', Value: 'Production' }] : [],
    },
  ])

export const searchDomains = (there: Survey): Made => {
  if (!there.instances.length) return []
  const { vpcId, subnets, groups } = homeOf(there)
  return [
    [
      'logs',
      {
        DomainId: `${there.account}/logs`,
        DomainName: 'logs',
        ARN: `arn:aws:es:${there.region}:${there.account}:domain/logs`,
        Created: true,
        Deleted: false,
        Endpoints: { vpc: `vpc-logs-x.${there.region}.es.amazonaws.com` },
        Processing: false,
        EngineVersion: 'OpenSearch_2.13',
        ClusterConfig: {
          InstanceType: 'r6g.large.search',
          InstanceCount: 2,
          DedicatedMasterEnabled: false,
          ZoneAwarenessEnabled: true,
        },
        EBSOptions: { EBSEnabled: true, VolumeType: 'gp3', VolumeSize: 100 },
        VPCOptions: { VPCId: vpcId, SubnetIds: [subnets[0]!.subnetId], SecurityGroupIds: groups },
        EncryptionAtRestOptions: { Enabled: true },
        DomainProcessingStatus: 'Active',
        Tags: [{ Key: 'environment', Value: 'Staging' }],
      },
    ],
  ]
}
