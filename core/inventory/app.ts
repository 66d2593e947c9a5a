import { Entity } from '@mikro-orm/decorators/legacy'
import { ObjectType } from 'type-graphql'
import {
  AsmGroup,
  CacheBehavior,
  CacheNode,
  Deployment,
  Listener,
  PluggableDatabase,
  Queue,
} from './appItems.ts'
import { Asset } from './asset.ts'
import { Fact } from './facts.ts'
import { AppFamily, AppRole, DatabaseEngine } from './families.ts'
import { AssetKind } from './kinds.ts'
import { PlacedAsset } from './placedAsset.ts'

@AssetKind({
  kind: 'APP',
  plural: 'apps',
  description:
    'An application, database, load balancer or any other of the 26 families: software that does something for somebody.',
})
@ObjectType({
  implements: [Asset, PlacedAsset],
  description:
    'An application, database, load balancer or any other of the 26 families: software that does something for somebody.',
})
@Entity({ discriminatorValue: 'APP' })
export class App extends PlacedAsset {
  @Fact({
    type: 'ENUM',
    values: AppFamily,
    fallback: AppFamily.APPLICATION,
    required: true,
    label: 'Family',
    description: 'What it is.',
    group: 'General',
  })
  family!: AppFamily

  @Fact({
    type: 'ENUM',
    values: AppRole,
    label: 'Role',
    description: 'How an application of your own runs.',
    group: 'General',
  })
  role?: AppRole

  @Fact({
    type: 'TEXT',
    suggest: 'PRODUCT',
    facet: true,
    label: 'Product',
    description: 'Product or managed service, such as PostgreSQL or Amazon RDS; the catalogue suggests some.',
    group: 'General',
  })
  product?: string

  @Fact({
    type: 'BOOLEAN',
    facet: true,
    label: 'Managed',
    description: 'Whether somebody else runs it as a service.',
    group: 'General',
  })
  managed?: boolean

  @Fact({
    type: 'TEXT',
    suggest: 'LANGUAGE',
    facet: true,
    label: 'Language',
    description: 'Language that it is written in.',
    group: 'General',
  })
  language?: string

  @Fact({
    type: 'TEXT',
    suggest: 'CLUSTER',
    label: 'Cluster',
    description: 'How its instances work together.',
    group: 'General',
  })
  cluster?: string

  @Fact({
    type: 'TEXT',
    suggest: 'SIZE',
    label: 'Size',
    description: 'Class of its size, such as small or xlarge.',
    group: 'General',
  })
  size?: string

  @Fact({
    type: 'TEXT',
    facet: true,
    label: 'Engine',
    description: "Provider's name of the engine, such as aurora-mysql.",
    group: 'Provider',
  })
  engine?: string

  @Fact({
    type: 'ENUM',
    values: DatabaseEngine,
    label: 'Database engine',
    description: 'Which form the specification of a database takes.',
    group: 'General',
  })
  databaseEngine?: DatabaseEngine

  @Fact({
    type: 'TEXT',
    facet: true,
    label: 'Instance type',
    description: "Provider's name of its size.",
    group: 'Provider',
  })
  instanceType?: string

  @Fact({
    type: 'OBJECTS',
    items: () => Deployment,
    label: 'Deployments',
    description: 'How it is brought into service.',
    group: 'Deployment',
  })
  deployments!: Deployment[]

  @Fact({
    type: 'TEXT',
    identifying: true,
    maxLength: 2000,
    spec: true,
    label: 'Endpoint',
    description: 'Where it is reached.',
    group: 'Specification',
  })
  endpoint?: string

  @Fact({
    type: 'NUMBER',
    spec: true,
    label: 'Port',
    description: 'Port on which it answers.',
    group: 'Specification',
  })
  port?: number

  @Fact({
    type: 'LIST',
    spec: true,
    label: 'Ports',
    description: 'Ports on which it answers.',
    group: 'Specification',
  })
  ports!: string[]

  @Fact({
    type: 'TEXT',
    maxLength: 4000,
    spec: true,
    label: 'Path',
    description: 'Where its code is.',
    group: 'Specification',
  })
  codePath?: string

  @Fact({
    type: 'TEXT',
    maxLength: 4000,
    spec: true,
    label: 'Start command',
    description: 'What starts it.',
    group: 'Specification',
  })
  startCommand?: string

  @Fact({
    type: 'TEXT',
    spec: true,
    label: 'Schedule',
    description: 'When it runs, as cron.',
    group: 'Specification',
  })
  cron?: string

  @Fact({
    type: 'TEXT',
    maxLength: 2000,
    spec: true,
    label: 'Health check',
    description: 'What is asked to see whether it is well.',
    group: 'Specification',
  })
  healthCheck?: string

  @Fact({
    type: 'TEXT',
    suggest: 'LOAD_BALANCER_SCHEME',
    spec: true,
    label: 'Scheme',
    description: 'internet-facing or internal.',
    group: 'Specification',
  })
  scheme?: string

  @Fact({
    type: 'OBJECTS',
    items: () => Listener,
    spec: true,
    label: 'Listeners',
    description: 'Ports on which it takes requests.',
    group: 'Specification',
  })
  listeners!: Listener[]

  @Fact({
    type: 'TEXT',
    maxLength: 2000,
    spec: true,
    label: 'ZooKeeper',
    description: 'Where its ZooKeeper is reached.',
    group: 'Specification',
  })
  zookeeperEndpoint?: string

  @Fact({
    type: 'OBJECTS',
    items: () => Queue,
    spec: true,
    label: 'Queues',
    description: 'Queues and topics that it carries.',
    group: 'Specification',
  })
  queues!: Queue[]

  @Fact({
    type: 'TEXT',
    spec: true,
    label: 'Version',
    description: 'Version of the software.',
    group: 'Specification',
  })
  engineVersion?: string

  @Fact({
    type: 'TEXT',
    spec: true,
    label: 'Patch',
    description: 'Patch level of the software.',
    group: 'Specification',
  })
  patch?: string

  @Fact({
    type: 'TEXT',
    suggest: 'DATABASE_TYPE',
    spec: true,
    label: 'Type',
    description: 'Relational, document store, key value, graph…',
    group: 'Specification',
  })
  databaseType?: string

  @Fact({
    type: 'TEXT',
    maxLength: 100000,
    sortable: false,
    spec: true,
    label: 'Configuration',
    description: 'Further settings, as written in its own file.',
    group: 'Specification',
  })
  extraConfig?: string

  @Fact({
    type: 'LIST',
    spec: true,
    label: 'Tables',
    description: 'Tables that it keeps.',
    group: 'Specification',
  })
  tables!: string[]

  @Fact({
    type: 'TEXT',
    suggest: 'ORACLE_TYPE',
    spec: true,
    label: 'Oracle type',
    description: 'Application, storage (ASM, ACFS) or service (SOA).',
    group: 'Specification',
  })
  oracleType?: string

  @Fact({
    type: 'TEXT',
    suggest: 'ORACLE_STORAGE',
    spec: true,
    label: 'Storage type',
    description: 'Default disk, ASM, ACFS or third party.',
    group: 'Specification',
  })
  oracleStorage?: string

  @Fact({
    type: 'TEXT',
    suggest: 'ORACLE_CLUSTER',
    spec: true,
    label: 'Oracle cluster',
    description: 'RAC, Grid or single instance.',
    group: 'Specification',
  })
  oracleCluster?: string

  @Fact({
    type: 'TEXT',
    spec: true,
    label: 'CRS version',
    description: 'Version of the cluster software.',
    group: 'Specification',
  })
  crsVersion?: string

  @Fact({
    type: 'TEXT',
    suggest: 'DATA_GUARD_ROLE',
    spec: true,
    label: 'Data Guard role',
    description: 'Primary, physical standby or logical standby.',
    group: 'Specification',
  })
  dataGuardRole?: string

  @Fact({
    type: 'NUMBER',
    unit: 'MiB',
    spec: true,
    label: 'SGA',
    description: 'System global area.',
    group: 'Specification',
  })
  sgaMiB?: number

  @Fact({
    type: 'NUMBER',
    unit: 'MiB',
    spec: true,
    label: 'PGA',
    description: 'Program global area.',
    group: 'Specification',
  })
  pgaMiB?: number

  @Fact({
    type: 'TEXT',
    identifying: true,
    spec: true,
    label: 'Unique name',
    description: 'Name of the database that is its own in the enterprise.',
    group: 'Specification',
  })
  uniqueName?: string

  @Fact({
    type: 'TEXT',
    identifying: true,
    spec: true,
    label: 'DNS',
    description: 'Name under which the database is reached.',
    group: 'Specification',
  })
  serviceDns?: string

  @Fact({
    type: 'TEXT',
    maxLength: 10000,
    sortable: false,
    spec: true,
    label: 'TNS',
    description: 'Connect descriptor.',
    group: 'Specification',
  })
  tns?: string

  @Fact({
    type: 'OBJECTS',
    items: () => AsmGroup,
    spec: true,
    label: 'ASM groups',
    description: 'Disk groups of the storage.',
    group: 'Specification',
  })
  asmGroups!: AsmGroup[]

  @Fact({
    type: 'OBJECTS',
    items: () => PluggableDatabase,
    spec: true,
    label: 'Pluggable databases',
    description: 'Databases within the container.',
    group: 'Specification',
  })
  pluggableDatabases!: PluggableDatabase[]

  @Fact({
    type: 'TEXT',
    suggest: 'DATABASE_CLUSTER',
    spec: true,
    label: 'Cluster mode',
    description: 'Single instance, primary and replicas, or sharding.',
    group: 'Specification',
  })
  mySqlCluster?: string

  @Fact({
    type: 'NUMBER',
    unit: 'MiB',
    spec: true,
    label: 'Memory',
    description: 'Memory of one call.',
    group: 'Specification',
  })
  memoryMiB?: number

  @Fact({
    type: 'NUMBER',
    unit: 'seconds',
    spec: true,
    label: 'Timeout',
    description: 'How long one call may take.',
    group: 'Specification',
  })
  timeoutSeconds?: number

  @Fact({
    type: 'TEXT',
    spec: true,
    label: 'Trigger',
    description: 'What starts it.',
    group: 'Specification',
  })
  trigger?: string

  @Fact({
    type: 'TEXT',
    spec: true,
    label: 'Handler',
    description: 'Function that is called.',
    group: 'Specification',
  })
  handler?: string

  @Fact({
    type: 'TEXT',
    spec: true,
    label: 'Runtime',
    description: 'Such as nodejs24.x.',
    group: 'Specification',
  })
  runtime?: string

  @Fact({
    type: 'NUMBER',
    unit: 'MiB',
    spec: true,
    label: 'Size',
    description: 'Size of the package.',
    group: 'Specification',
  })
  sizeMiB?: number

  @Fact({
    type: 'OBJECTS',
    items: () => CacheNode,
    spec: true,
    label: 'Nodes',
    description: 'Nodes of the cache.',
    group: 'Specification',
  })
  cacheNodes!: CacheNode[]

  @Fact({
    type: 'OBJECTS',
    items: () => CacheBehavior,
    spec: true,
    label: 'Behaviors',
    description: 'How parts of the content are treated.',
    group: 'Specification',
  })
  cacheBehaviors!: CacheBehavior[]

  @Fact({
    type: 'LIST',
    identifying: true,
    spec: true,
    label: 'Domains',
    description: 'Names that it serves.',
    group: 'Specification',
  })
  domains!: string[]

  @Fact({
    type: 'NUMBER',
    unit: 'machines',
    spec: true,
    label: 'Smallest size',
    description: 'How many machines at least.',
    group: 'Specification',
  })
  minSize?: number

  @Fact({
    type: 'NUMBER',
    unit: 'machines',
    spec: true,
    label: 'Largest size',
    description: 'How many machines at most.',
    group: 'Specification',
  })
  maxSize?: number

  @Fact({
    type: 'NUMBER',
    unit: 'machines',
    spec: true,
    label: 'Wanted size',
    description: 'How many machines are wanted now.',
    group: 'Specification',
  })
  desiredCapacity?: number

  @Fact({
    type: 'TEXT',
    spec: true,
    label: 'Health check type',
    description: 'Who says whether a machine is well, such as EC2 or ELB.',
    group: 'Specification',
  })
  healthCheckType?: string

  @Fact({
    type: 'LIST',
    spec: true,
    label: 'Load balancers',
    description: 'Names of the load balancers in front.',
    group: 'Specification',
  })
  loadBalancerNames!: string[]

  @Fact({
    type: 'LIST',
    spec: true,
    label: 'Models',
    description: 'Models that it serves.',
    group: 'Specification',
  })
  models!: string[]

  @Fact({
    type: 'TEXT',
    suggest: 'LEARNING_TYPE',
    spec: true,
    label: 'Kind of learning',
    description: 'Bot, translation, recognition…',
    group: 'Specification',
  })
  learningType?: string
}
