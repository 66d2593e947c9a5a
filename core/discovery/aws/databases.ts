import {
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  RDSClient,
} from '@aws-sdk/client-rds'
import { AppFamily, DatabaseEngine } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf, appStanding } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { connectedTo } from './networks.ts'
import { type Reading, serviceResource } from './serviceResource.ts'
import { translated } from './translated.ts'

export const databases = serviceResource<RDSClient>(
  {
    name: 'databases',
    label: 'databases',
    kind: 'APP',
    after: ['subnets', 'security-groups'],
    everyMinutes: 24 * 60,
  },
  {
    Service: RDSClient,
    tries: {
      'rds:DescribeDBInstances': (client, { options }) =>
        client.send(new DescribeDBInstancesCommand({ MaxRecords: 20 }), options),
      'rds:DescribeDBClusters': (client, { options }) =>
        client.send(new DescribeDBClustersCommand({ MaxRecords: 20 }), options),
    },
    async *list(client, reading) {
      const writers = await writersOf(client, reading)
      for await (const page of paginateDescribeDBInstances({ client, pageSize: 100 }, {}, reading.options))
        yield translated(
          page.DBInstances,
          ({ DbiResourceId }) => DbiResourceId,
          (one) => translateDatabase(one, reading.region, writers),
        )
    },
  },
)

/** Which instance of each cluster takes the writes. */
async function writersOf(client: RDSClient, { options }: Reading): Promise<Map<string, string>> {
  const writers = new Map<string, string>()
  for await (const page of paginateDescribeDBClusters({ client, pageSize: 100 }, {}, options))
    for (const { DBClusterIdentifier, DBClusterMembers } of page.DBClusters ?? []) {
      const writer = DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier
      if (DBClusterIdentifier && writer) writers.set(DBClusterIdentifier, writer)
    }
  return writers
}

/** Known by its resource id, which outlives a change of its name. */
export function translateDatabase(
  database: DBInstance,
  region: string,
  writers: Map<string, string>,
): Observation {
  const id = required(database.DbiResourceId, 'DbiResourceId')
  const name = database.DBInstanceIdentifier
  const engine = database.Engine ?? ''
  const cluster = database.DBClusterIdentifier
  const writer = cluster && writers.get(cluster)
  const { status, ended } = appStanding(database.DBInstanceStatus)
  return {
    externalId: id,
    ended,
    values: {
      ...appOf({
        name: name ?? id,
        region,
        providerId: database.DBInstanceArn ?? id,
        family: AppFamily.DATABASE,
        product: productOf(engine),
        tags: database.TagList,
      }),
      status,
      providerStatus: database.DBInstanceStatus,
      zone: database.AvailabilityZone,
      engine: database.Engine,
      databaseEngine: databaseEngineOf(engine),
      databaseType: typeOf(engine),
      engineVersion: database.EngineVersion,
      instanceType: database.DBInstanceClass,
      endpoint: database.Endpoint?.Address,
      port: database.Endpoint?.Port,
      extras: [
        ...extrasOf({
          database: database.DBName,
          cluster,
          'role in the cluster': writer && (writer === name ? 'writer' : 'reader'),
          'storage in GiB': database.AllocatedStorage,
          'largest storage in GiB': database.MaxAllocatedStorage,
          'storage type': database.StorageType,
          iops: database.Iops,
          encrypted: database.StorageEncrypted,
          'encryption key': database.KmsKeyId,
          'several zones': database.MultiAZ,
          'second zone': database.SecondaryAvailabilityZone,
          'publicly accessible': database.PubliclyAccessible,
          'deletion protection': database.DeletionProtection,
          'backup retention in days': database.BackupRetentionPeriod,
          'backup window': database.PreferredBackupWindow,
          'maintenance window': database.PreferredMaintenanceWindow,
          'license model': database.LicenseModel,
          'character set': database.CharacterSetName,
          'replica of': database.ReadReplicaSourceDBInstanceIdentifier,
          'certificate authority': database.CACertificateIdentifier,
          'subnet group': database.DBSubnetGroup?.DBSubnetGroupName,
          network: database.DBSubnetGroup?.VpcId,
          'created at': database.InstanceCreateTime,
        }),
        ...extrasFor('replica', database.ReadReplicaDBInstanceIdentifiers ?? []),
        ...extrasFor(
          'parameter group',
          (database.DBParameterGroups ?? []).map(({ DBParameterGroupName }) => DBParameterGroupName),
        ),
        ...extrasFor('exported log', database.EnabledCloudwatchLogsExports ?? []),
      ],
    },
    relations: [
      ...connectedTo(
        'subnets',
        (database.DBSubnetGroup?.Subnets ?? []).map(({ SubnetIdentifier }) => SubnetIdentifier),
      ),
      ...connectedTo(
        'security-groups',
        (database.VpcSecurityGroups ?? []).map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
      ),
    ],
  }
}

/** The first that fits. Neptune and DocumentDB are listed among the databases of RDS. */
const products: [RegExp, product: string][] = [
  [/^aurora-postgresql/, 'Amazon Aurora PostgreSQL'],
  [/^aurora/, 'Amazon Aurora MySQL'],
  [/mysql/, 'Amazon RDS for MySQL'],
  [/^mariadb/, 'Amazon RDS for MariaDB'],
  [/^postgres/, 'Amazon RDS for PostgreSQL'],
  [/oracle/, 'Amazon RDS for Oracle'],
  [/sqlserver/, 'Amazon RDS for SQL Server'],
  [/^db2/, 'Amazon RDS for Db2'],
  [/^docdb/, 'Amazon DocumentDB'],
  [/^neptune/, 'Amazon Neptune'],
]

const productOf = (engine: string) => products.find(([pattern]) => pattern.test(engine))?.[1] ?? 'Amazon RDS'

function databaseEngineOf(engine: string): DatabaseEngine {
  if (engine.includes('oracle')) return DatabaseEngine.ORACLE
  if (engine.startsWith('aurora-postgresql')) return DatabaseEngine.OTHER
  return /mysql|mariadb|^aurora/.test(engine) ? DatabaseEngine.MYSQL : DatabaseEngine.OTHER
}

const typeOf = (engine: string) =>
  engine === 'docdb' ? 'document store' : engine === 'neptune' ? 'graph' : 'relational'
