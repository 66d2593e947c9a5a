import { APIGatewayClient, paginateGetRestApis } from '@aws-sdk/client-api-gateway'
import { AutoScalingClient, paginateDescribeAutoScalingGroups } from '@aws-sdk/client-auto-scaling'
import { CloudFrontClient, paginateListDistributions } from '@aws-sdk/client-cloudfront'
import { DescribeTableCommand, DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb'
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  ElasticLoadBalancingClient,
  paginateDescribeLoadBalancers as paginateClassic,
} from '@aws-sdk/client-elastic-load-balancing'
import {
  ElastiCacheClient,
  paginateDescribeCacheClusters,
  paginateDescribeReplicationGroups,
} from '@aws-sdk/client-elasticache'
import {
  LambdaClient,
  ListTagsCommand,
  paginateListFunctions,
  paginateListLayers,
} from '@aws-sdk/client-lambda'
import { DescribeDomainsCommand, ListDomainNamesCommand, OpenSearchClient } from '@aws-sdk/client-opensearch'
import {
  DescribeDBInstancesCommand,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  RDSClient,
} from '@aws-sdk/client-rds'
import { ListBucketsCommand, paginateListBuckets, S3Client } from '@aws-sdk/client-s3'
import { paginateListEmailIdentities, SESv2Client } from '@aws-sdk/client-sesv2'
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  paginateListQueues,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterEach, describe, expect, it } from 'vitest'
import { demoAccount } from './accounts.ts'
import { type AwsEmulator, startAwsEmulator } from './emulator.ts'
import type { EmulatorOptions } from './world.ts'

const region = 'eu-west-1'
const home = 'us-east-1'
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function start(options: EmulatorOptions = {}): Promise<AwsEmulator> {
  const emulator = await startAwsEmulator({
    regions: { [region]: 9 },
    quirks: { '*': {} },
    surroundings: true,
    ...options,
  })
  open.push(emulator)
  return emulator
}

interface Config {
  region: string
  endpoint: string
  credentials: { accessKeyId: string; secretAccessKey: string }
  maxAttempts: number
  forcePathStyle: boolean
  useQueueUrlAsEndpoint: boolean
}

function client<Client extends { destroy(): void }>(
  Service: new (config: Config) => Client,
  { url }: AwsEmulator,
  where = region,
  credentials: Config['credentials'] = demoAccount,
): Client {
  const one = new Service({
    region: where,
    endpoint: url,
    credentials,
    maxAttempts: 1,
    forcePathStyle: true,
    useQueueUrlAsEndpoint: false,
  })
  open.push({ close: () => one.destroy() })
  return one
}

/** What a paginator gives, page by page. */
async function pages<Page, Item>(
  paginator: AsyncIterable<Page>,
  read: (page: Page) => Item[] | undefined,
): Promise<Item[][]> {
  const found: Item[][] = []
  for await (const page of paginator) found.push(read(page) ?? [])
  return found
}

const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    ({ name, $metadata }: { name: string; $metadata?: { httpStatusCode?: number } }) =>
      `${name} ${$metadata?.httpStatusCode ?? ''}`.trim(),
  )

/** Each service: the SDK's paginator of a listing, with the smallest page that it takes. */
const listings: [
  name: string,
  shelf: string,
  refused: Record<'key' | 'denied' | 'throttled' | 'broken', string>,
  list: (emulator: AwsEmulator, credentials?: Config['credentials']) => Promise<unknown[][]>,
][] = [
  [
    'load balancers',
    'load-balancers',
    query(),
    (emulator, key) =>
      pages(
        paginateDescribeLoadBalancers(
          { client: client(ElasticLoadBalancingV2Client, emulator, region, key), pageSize: 1 },
          {},
        ),
        (page) => page.LoadBalancers,
      ),
  ],
  [
    'classic load balancers',
    'classic-load-balancers',
    query(),
    (emulator, key) =>
      pages(
        paginateClassic(
          { client: client(ElasticLoadBalancingClient, emulator, region, key), pageSize: 1 },
          {},
        ),
        (page) => page.LoadBalancerDescriptions,
      ),
  ],
  [
    'auto scaling groups',
    'auto-scaling-groups',
    query(),
    (emulator, key) =>
      pages(
        paginateDescribeAutoScalingGroups(
          { client: client(AutoScalingClient, emulator, region, key), pageSize: 1 },
          {},
        ),
        (page) => page.AutoScalingGroups,
      ),
  ],
  [
    'databases',
    'databases',
    query(),
    (emulator, key) =>
      pages(
        paginateDescribeDBInstances({ client: client(RDSClient, emulator, region, key), pageSize: 20 }, {}),
        (page) => page.DBInstances,
      ),
  ],
  [
    'database clusters',
    'database-clusters',
    query(),
    (emulator, key) =>
      pages(
        paginateDescribeDBClusters({ client: client(RDSClient, emulator, region, key), pageSize: 20 }, {}),
        (page) => page.DBClusters,
      ),
  ],
  [
    'cache clusters',
    'cache-clusters',
    query(),
    (emulator, key) =>
      pages(
        paginateDescribeCacheClusters(
          { client: client(ElastiCacheClient, emulator, region, key), pageSize: 20 },
          {},
        ),
        (page) => page.CacheClusters,
      ),
  ],
  [
    'replication groups',
    'cache-replication-groups',
    query(),
    (emulator, key) =>
      pages(
        paginateDescribeReplicationGroups(
          { client: client(ElastiCacheClient, emulator, region, key), pageSize: 20 },
          {},
        ),
        (page) => page.ReplicationGroups,
      ),
  ],
  [
    'queues',
    'queues',
    json({ throttled: 'RequestThrottled 400', broken: 'InternalError 500' }),
    (emulator, key) =>
      pages(
        paginateListQueues({ client: client(SQSClient, emulator, region, key), pageSize: 1 }, {}),
        (page) => page.QueueUrls,
      ),
  ],
  [
    'tables',
    'tables',
    json(),
    (emulator, key) =>
      pages(
        paginateListTables({ client: client(DynamoDBClient, emulator, region, key), pageSize: 1 }, {}),
        (page) => page.TableNames,
      ),
  ],
  [
    'functions',
    'functions',
    rest(),
    (emulator, key) =>
      pages(
        paginateListFunctions({ client: client(LambdaClient, emulator, region, key), pageSize: 1 }, {}),
        (page) => page.Functions,
      ),
  ],
  [
    'layers',
    'function-layers',
    rest(),
    (emulator, key) =>
      pages(
        paginateListLayers({ client: client(LambdaClient, emulator, region, key), pageSize: 1 }, {}),
        (page) => page.Layers,
      ),
  ],
  [
    'REST APIs',
    'rest-apis',
    rest({ broken: 'InternalFailure 500' }),
    (emulator, key) =>
      pages(
        paginateGetRestApis({ client: client(APIGatewayClient, emulator, region, key), pageSize: 1 }, {}),
        (page) => page.items,
      ),
  ],
  [
    'mail identities',
    'mail-identities',
    rest({ broken: 'InternalFailure 500' }),
    (emulator, key) =>
      pages(
        paginateListEmailIdentities({ client: client(SESv2Client, emulator, region, key), pageSize: 1 }, {}),
        (page) => page.EmailIdentities,
      ),
  ],
  [
    'search domains',
    'search-domains',
    rest({ throttled: 'ThrottlingException 429', broken: 'InternalException 500' }),
    async (emulator, key) => {
      const answer = await client(OpenSearchClient, emulator, region, key).send(
        new ListDomainNamesCommand({}),
      )
      return (answer.DomainNames ?? []).map((name) => [name])
    },
  ],
  [
    'buckets',
    'buckets',
    {
      key: 'InvalidAccessKeyId 403',
      denied: 'AccessDenied 403',
      throttled: 'SlowDown 503',
      broken: 'InternalError 500',
    },
    (emulator, key) =>
      pages(
        paginateListBuckets({ client: client(S3Client, emulator, home, key), pageSize: 1 }, {}),
        (page) => page.Buckets,
      ),
  ],
  [
    'distributions',
    'distributions',
    query({ broken: 'ServiceFailure 500' }),
    (emulator, key) =>
      pages(
        paginateListDistributions({ client: client(CloudFrontClient, emulator, home, key), pageSize: 1 }, {}),
        (page) => page.DistributionList!.Items,
      ),
  ],
]

function query(more: object = {}) {
  return {
    key: 'InvalidClientTokenId 403',
    denied: 'AccessDenied 403',
    throttled: 'Throttling 400',
    broken: 'InternalFailure 500',
    ...more,
  }
}

function json(more: object = {}) {
  return {
    key: 'UnrecognizedClientException 400',
    denied: 'AccessDeniedException 400',
    throttled: 'ThrottlingException 400',
    broken: 'InternalServerError 500',
    ...more,
  }
}

function rest(more: object = {}) {
  return {
    key: 'UnrecognizedClientException 403',
    denied: 'AccessDeniedException 403',
    throttled: 'TooManyRequestsException 429',
    broken: 'ServiceException 500',
    ...more,
  }
}

describe.each(listings)('%s', (_, shelf, refused, list) => {
  const where = ['buckets', 'distributions'].includes(shelf) ? home : region

  it('come page by page through the paginator, each once', async () => {
    const emulator = await start({ largestPage: 1 })
    const there = emulator.control.things(where, shelf)
    const [[id, thing]] = there as [[string, object]]
    const copy = JSON.stringify(thing).replaceAll(id, `${id}-2`)
    emulator.control.put(where, shelf, `${id}-2`, JSON.parse(copy) as never)
    const found = await list(emulator)
    expect(found.map((page) => page.length)).toEqual(Array.from({ length: there.length + 1 }, () => 1))
    const same = found.flat().map((one) => JSON.stringify(one))
    expect(new Set(same).size).toBe(same.length)
    emulator.control.take(where, shelf, `${id}-2`)
    expect((await list(emulator)).flat()).toHaveLength(there.length)
  })

  it('are none without surroundings, and when the region has nothing to tell', async () => {
    expect((await list(await start({ surroundings: false }))).flat()).toEqual([])
    const emulator = await start()
    emulator.control.setFaults(where, { empty: true })
    expect((await list(emulator)).flat()).toEqual([])
  })

  it('are refused in the words of the service', async () => {
    const emulator = await start()
    const stranger = { accessKeyId: 'AKIAUNKNOWN000000001', secretAccessKey: 'x' }
    expect(await refusalOf(list(emulator, stranger))).toBe(refused.key)
    const wrong = { ...demoAccount, secretAccessKey: 'wrong' }
    expect(await refusalOf(list(emulator, wrong))).toMatch(/^SignatureDoesNotMatch 40/)
    emulator.control.setFaults(where, { throttle: 1 })
    expect(await refusalOf(list(emulator))).toBe(refused.throttled)
    emulator.control.setFaults(where, { failAfterPages: 0 })
    expect(await refusalOf(list(emulator))).toBe(refused.broken)
    emulator.control.clearFaults()
    emulator.control.updateAccount(demoAccount.accessKeyId, { permissions: ['ec2:*'] })
    expect(await refusalOf(list(emulator))).toBe(refused.denied)
    emulator.control.updateAccount(demoAccount.accessKeyId, { permissions: ['*'], expired: true })
    expect(await refusalOf(list(emulator))).toMatch(/^ExpiredToken(Exception)? 40/)
  })

  it('break off when they are to be cut, and when the region is down', async () => {
    const emulator = await start()
    emulator.control.setFaults(where, { cutAfterPages: 0 })
    await expect(list(emulator)).rejects.toThrow()
    emulator.control.clearFaults()
    emulator.control.setFaults(where, { down: true })
    await expect(list(emulator)).rejects.toThrow()
  })
})

describe('load balancers and what is behind them', () => {
  it('name instances that are there', async () => {
    const emulator = await start()
    const elb = client(ElasticLoadBalancingV2Client, emulator)
    const [groups = []] = await pages(
      paginateDescribeTargetGroups({ client: elb }, {}),
      (page) => page.TargetGroups,
    )
    expect(groups.map(({ TargetType }) => TargetType)).toEqual(expect.arrayContaining(['instance', 'ip']))
    const instances = emulator.control.instances(region).map(({ instanceId }) => instanceId)
    let behind = 0
    for (const { TargetGroupArn, TargetType } of groups.filter(
      ({ TargetType }) => TargetType === 'instance',
    )) {
      const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))
      for (const { Target } of health.TargetHealthDescriptions ?? []) {
        expect(TargetType).toBe('instance')
        expect(instances).toContain(Target!.Id)
        behind++
      }
    }
    expect(behind).toBeGreaterThan(3)
    const [group] = groups.filter(({ LoadBalancerArns }) => LoadBalancerArns!.length)
    const [LoadBalancerArn] = group!.LoadBalancerArns!
    const listeners = await pages(
      paginateDescribeListeners({ client: elb }, { LoadBalancerArn }),
      (page) => page.Listeners,
    )
    expect(listeners.flat().every((listener) => listener.LoadBalancerArn === LoadBalancerArn)).toBe(true)
    const { TagDescriptions } = await elb.send(new DescribeTagsCommand({ ResourceArns: [LoadBalancerArn!] }))
    expect(TagDescriptions).toMatchObject([{ ResourceArn: LoadBalancerArn }])
  })

  it('follow their machines: who is terminated is no target any more', async () => {
    const emulator = await start()
    const targets = () =>
      emulator.control
        .things(region, 'target-groups')
        .flatMap(([, thing]) => (thing.Targets ?? []) as { Target: { Id: string } }[])
        .map(({ Target }) => Target.Id)
    const [first] = targets()
    emulator.control.terminateInstances(region, { ids: [first!] })
    expect(targets()).not.toContain(first)
  })

  it('refuse what is not there, and more than they take', async () => {
    const elb = client(ElasticLoadBalancingV2Client, await start())
    const arn = 'arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/x/y'
    const ask = (input: object) => refusalOf(elb.send(new DescribeLoadBalancersCommand(input)))
    expect(await ask({ LoadBalancerArns: [arn] })).toMatch(/^LoadBalancerNotFound/)
    expect(await ask({ PageSize: 401 })).toBe('ValidationError 400')
    expect(await ask({ Marker: 'nonsense' })).toBe('InvalidNextToken 400')
    const TargetGroupArn = arn.replace('loadbalancer/app', 'targetgroup')
    expect(await refusalOf(elb.send(new DescribeTargetHealthCommand({ TargetGroupArn })))).toMatch(
      /^TargetGroupNotFound/,
    )
    const ResourceArns = Array.from({ length: 21 }, () => arn)
    expect(await refusalOf(elb.send(new DescribeTagsCommand({ ResourceArns })))).toBe('ValidationError 400')
  })
})

it('refuses single things that are not there', async () => {
  const emulator = await start()
  const sqs = client(SQSClient, emulator)
  const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/none'
  expect(await refusalOf(sqs.send(new GetQueueAttributesCommand({ QueueUrl })))).toMatch(/^QueueDoesNotExist/)
  const { QueueUrls } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'orders' }))
  expect(QueueUrls).toHaveLength(2)
  const [standard] = QueueUrls!
  const wrong = new GetQueueAttributesCommand({ QueueUrl: standard!, AttributeNames: ['FifoQueue'] })
  expect(await refusalOf(sqs.send(wrong))).toMatch(/^InvalidAttributeName/)
  const dynamo = client(DynamoDBClient, emulator)
  expect(await refusalOf(dynamo.send(new DescribeTableCommand({ TableName: 'none' })))).toBe(
    'ResourceNotFoundException 400',
  )
  const rds = client(RDSClient, emulator)
  expect(await refusalOf(rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'none' })))).toMatch(
    /^DBInstanceNotFound.* 404$/,
  )
  expect(await refusalOf(rds.send(new DescribeDBInstancesCommand({ MaxRecords: 5 })))).toBe(
    'ValidationError 400',
  )
  const lambda = client(LambdaClient, emulator)
  const Resource = 'arn:aws:lambda:eu-west-1:123456789012:function:none'
  expect(await refusalOf(lambda.send(new ListTagsCommand({ Resource })))).toBe(
    'ResourceNotFoundException 404',
  )
  const search = client(OpenSearchClient, emulator)
  const DomainNames = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}bc`)
  expect(await refusalOf(search.send(new DescribeDomainsCommand({ DomainNames })))).toBe(
    'ValidationException 400',
  )
})

it('tells the region of a bucket only to who asks for pages', async () => {
  const s3 = client(S3Client, await start(), home)
  const all = await s3.send(new ListBucketsCommand({}))
  expect(all.Buckets!.map(({ BucketRegion }) => BucketRegion)).toEqual([undefined, undefined, undefined])
  const page = await s3.send(new ListBucketsCommand({ MaxBuckets: 10 }))
  expect(page.Buckets!.map(({ BucketRegion }) => BucketRegion)).toEqual([home, region, region])
})
