import { registerEnumType } from 'type-graphql'

/** What an application is; the 26 families of the original, spelt right. */
export enum AppFamily {
  APPLICATION = 'APPLICATION',
  LOAD_BALANCER = 'LOAD_BALANCER',
  BROKER = 'BROKER',
  DATABASE = 'DATABASE',
  SERVERLESS = 'SERVERLESS',
  API_GATEWAY = 'API_GATEWAY',
  CONTAINER_ORCHESTRATION = 'CONTAINER_ORCHESTRATION',
  SERVICE_MESH = 'SERVICE_MESH',
  CACHE = 'CACHE',
  CDN = 'CDN',
  OBJECT_STORAGE = 'OBJECT_STORAGE',
  MONITOR = 'MONITOR',
  LOGS = 'LOGS',
  SMTP = 'SMTP',
  SERVICE_DISCOVERY = 'SERVICE_DISCOVERY',
  VPN = 'VPN',
  CI_CD = 'CI_CD',
  DNS = 'DNS',
  REPOSITORY = 'REPOSITORY',
  AUTH = 'AUTH',
  NAS = 'NAS',
  AUTO_SCALING = 'AUTO_SCALING',
  AUTO_SCALING_PLAN = 'AUTO_SCALING_PLAN',
  SERVERLESS_LAYER = 'SERVERLESS_LAYER',
  MACHINE_LEARNING = 'MACHINE_LEARNING',
  CORPORATE = 'CORPORATE',
}
registerEnumType(AppFamily, {
  name: 'AppFamily',
  description: 'What an application is.',
  valuesConfig: {
    APPLICATION: { description: 'Software that you build or run yourselves: a service, a worker, a job.' },
    LOAD_BALANCER: { description: 'Spreads requests over targets.' },
    BROKER: { description: 'Carries messages between producers and consumers.' },
    DATABASE: { description: 'Keeps data.' },
    SERVERLESS: { description: 'Code that a provider runs on demand.' },
    API_GATEWAY: { description: 'One door in front of several services.' },
    CONTAINER_ORCHESTRATION: { description: 'Runs containers on a set of machines.' },
    SERVICE_MESH: { description: 'Carries and secures calls between services.' },
    CACHE: { description: 'Keeps copies close to those who read them.' },
    CDN: { description: 'Delivers content from places near its readers.' },
    OBJECT_STORAGE: { description: 'Keeps files by name, such as buckets.' },
    MONITOR: { description: 'Measures and alerts.' },
    LOGS: { description: 'Gathers and searches logs.' },
    SMTP: { description: 'Sends mail.' },
    SERVICE_DISCOVERY: { description: 'Tells services where others are.' },
    VPN: { description: 'Private ways over public networks.' },
    CI_CD: { description: 'Builds, tests and delivers software.' },
    DNS: { description: 'Answers names with addresses.' },
    REPOSITORY: { description: 'Keeps source code, packages or images.' },
    AUTH: { description: 'Knows people and lets them in.' },
    NAS: { description: 'Files over the network.' },
    AUTO_SCALING: { description: 'A group of machines that grows and shrinks.' },
    AUTO_SCALING_PLAN: { description: 'Rules by which groups of machines grow and shrink.' },
    SERVERLESS_LAYER: { description: 'Code that serverless functions share.' },
    MACHINE_LEARNING: { description: 'Trains or serves models.' },
    CORPORATE: { description: 'Business software, such as ERP or finance.' },
  },
})

export enum DatabaseEngine {
  ORACLE = 'ORACLE',
  MYSQL = 'MYSQL',
  OTHER = 'OTHER',
}
registerEnumType(DatabaseEngine, {
  name: 'DatabaseEngine',
  description: 'Which form the specification of a database takes.',
  valuesConfig: {
    ORACLE: { description: 'Oracle Database, with its storage, pluggable databases and Data Guard.' },
    MYSQL: { description: 'MySQL and what descends from it: MariaDB, Percona, Aurora.' },
    OTHER: { description: 'Any other engine.' },
  },
})

export enum AppRole {
  APPLICATION = 'APPLICATION',
  WORKER = 'WORKER',
  JOBS = 'JOBS',
  TESTING = 'TESTING',
  STANDARD = 'STANDARD',
}
registerEnumType(AppRole, {
  name: 'AppRole',
  description: 'How an application of your own runs.',
  valuesConfig: {
    APPLICATION: { description: 'Answers requests.' },
    WORKER: { description: 'Works off a queue.' },
    JOBS: { description: 'Runs at set times.' },
    TESTING: { description: 'Tests others.' },
    STANDARD: { description: 'Anything else.' },
  },
})

/** Form of a specification: which of the facts of an app say how one of this family is set up. */
export interface AppSpec {
  /** Name of its GraphQL type. */
  typeName: string
  family: AppFamily
  /** Only for databases of this engine. */
  engine?: DatabaseEngine
  description: string
  facts: string[]
}

const spec = (
  family: AppFamily,
  typeName: string,
  description: string,
  facts: string[],
  engine?: DatabaseEngine,
): AppSpec => ({ family, typeName, description, facts, ...(engine && { engine }) })

const database = ['endpoint', 'port', 'engineVersion', 'patch', 'databaseType', 'extraConfig']
const plain = ['endpoint', 'extraConfig']

/** The specification of each family; a database has one of three. Facts are declared on the app. */
export const appSpecs: AppSpec[] = [
  spec(AppFamily.APPLICATION, 'ApplicationSpec', 'How an application of your own runs.', [
    'endpoint',
    'ports',
    'codePath',
    'startCommand',
    'cron',
  ]),
  spec(
    AppFamily.LOAD_BALANCER,
    'LoadBalancerSpec',
    'How a load balancer is reached and checks its targets.',
    ['endpoint', 'healthCheck', 'scheme', 'listeners'],
  ),
  spec(
    AppFamily.BROKER,
    'BrokerSpec',
    'How a broker is reached; its consumers are the apps that depend on it.',
    ['endpoint', 'zookeeperEndpoint', 'queues', 'extraConfig'],
  ),
  spec(
    AppFamily.DATABASE,
    'OracleSpec',
    'An Oracle database: memory, storage, pluggable databases, cluster and Data Guard.',
    [
      ...database,
      'oracleType',
      'oracleStorage',
      'oracleCluster',
      'crsVersion',
      'dataGuardRole',
      'sgaMiB',
      'pgaMiB',
      'uniqueName',
      'serviceDns',
      'tns',
      'asmGroups',
      'pluggableDatabases',
    ],
    DatabaseEngine.ORACLE,
  ),
  spec(
    AppFamily.DATABASE,
    'MySqlSpec',
    'A MySQL database or a relative of it.',
    [...database, 'mySqlCluster'],
    DatabaseEngine.MYSQL,
  ),
  spec(
    AppFamily.DATABASE,
    'DatabaseSpec',
    'Any other database.',
    [...database, 'tables'],
    DatabaseEngine.OTHER,
  ),
  spec(AppFamily.SERVERLESS, 'ServerlessSpec', 'How a function is started and what it gets.', [
    'memoryMiB',
    'timeoutSeconds',
    'trigger',
    'handler',
    'runtime',
  ]),
  spec(AppFamily.API_GATEWAY, 'ApiGatewaySpec', 'How a gateway is reached.', plain),
  spec(AppFamily.CONTAINER_ORCHESTRATION, 'ContainerOrchestrationSpec', 'How an orchestrator is reached.', [
    ...plain,
    'engineVersion',
  ]),
  spec(AppFamily.SERVICE_MESH, 'ServiceMeshSpec', 'How a mesh is reached.', plain),
  spec(AppFamily.CACHE, 'CacheSpec', 'How a cache is reached, and its nodes.', [
    'endpoint',
    'port',
    'engineVersion',
    'cacheNodes',
  ]),
  spec(AppFamily.CDN, 'CdnSpec', 'How content is delivered, and for how long it is kept.', [
    ...plain,
    'domains',
    'cacheBehaviors',
  ]),
  spec(AppFamily.OBJECT_STORAGE, 'ObjectStorageSpec', 'How files are reached.', [
    'endpoint',
    'domains',
    'extraConfig',
  ]),
  spec(AppFamily.MONITOR, 'MonitorSpec', 'How the monitoring is reached.', plain),
  spec(AppFamily.LOGS, 'LogsSpec', 'How the logs are reached.', ['endpoint', 'healthCheck']),
  spec(AppFamily.SMTP, 'SmtpSpec', 'How mail is handed over, and for which domains.', [...plain, 'domains']),
  spec(AppFamily.SERVICE_DISCOVERY, 'ServiceDiscoverySpec', 'How the registry is reached.', plain),
  spec(AppFamily.VPN, 'VpnSpec', 'How the private network is entered.', plain),
  spec(AppFamily.CI_CD, 'CiCdSpec', 'How the pipelines are reached.', plain),
  spec(AppFamily.DNS, 'DnsSpec', 'How names are served, and which.', [...plain, 'domains']),
  spec(AppFamily.REPOSITORY, 'RepositorySpec', 'Where the repository is.', ['endpoint']),
  spec(AppFamily.AUTH, 'AuthSpec', 'Where people sign in.', ['endpoint']),
  spec(AppFamily.NAS, 'NasSpec', 'Where the files are.', ['endpoint']),
  spec(AppFamily.AUTO_SCALING, 'AutoScalingSpec', 'Between which sizes a group of machines moves.', [
    'minSize',
    'maxSize',
    'desiredCapacity',
    'healthCheckType',
    'loadBalancerNames',
  ]),
  spec(AppFamily.AUTO_SCALING_PLAN, 'AutoScalingPlanSpec', 'Between which sizes a plan lets groups move.', [
    'minSize',
    'maxSize',
    'extraConfig',
  ]),
  spec(AppFamily.SERVERLESS_LAYER, 'ServerlessLayerSpec', 'What functions share.', ['runtime', 'sizeMiB']),
  spec(AppFamily.MACHINE_LEARNING, 'MachineLearningSpec', 'Where models are served, and which.', [
    ...plain,
    'models',
    'learningType',
  ]),
  spec(AppFamily.CORPORATE, 'CorporateSpec', 'How the business software is reached.', plain),
]

/** The form that fits an app; databases of an unknown engine take the general one. */
export const specOf = (family: AppFamily, engine?: DatabaseEngine | null): AppSpec =>
  appSpecs.find(
    (one) => one.family === family && (!one.engine || one.engine === (engine ?? DatabaseEngine.OTHER)),
  )!
