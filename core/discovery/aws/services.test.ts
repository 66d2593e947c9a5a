import { afterEach, describe, expect, it } from 'vitest'
import { assertSpecFits } from '../../inventory/appSpec.ts'
import { kindOf } from '../../inventory/kinds.ts'
import '../../inventory/app.ts'
import { aws } from './aws.ts'
import { emulatedAccount, region } from './testing.ts'

const home = 'us-east-1'
const account = '123456789012'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function start(...options: Parameters<typeof emulatedAccount>) {
  const there = await emulatedAccount(...options)
  open.push(there)
  return there
}

type Account = Awaited<ReturnType<typeof emulatedAccount>>

const named = async ({ list }: Account, resource: string, name: string) => {
  const found = (await list(resource)).things.filter(({ values }) => values.name === name)
  expect(found).toHaveLength(1)
  return found[0]!
}
const extra = (values: Record<string, unknown>, key: string) =>
  (values.extras as { key: string; value: string }[])
    .filter((one) => one.key === key)
    .map(({ value }) => value)
const related = (thing: { relations?: { kind: string; to: { externalId: string } }[] }, kind: string) =>
  (thing.relations ?? []).filter((one) => one.kind === kind).map(({ to }) => to.externalId)

/** Each listing with the shelf that it reads, how many things it makes of it, and what it may not do without. */
const listings = [
  ['auto-scaling-groups', 'auto-scaling-groups', 2, 'autoscaling:DescribeAutoScalingGroups'],
  ['databases', 'databases', 4, 'rds:DescribeDBInstances'],
  ['cache-clusters', 'cache-clusters', 1, 'elasticache:DescribeCacheClusters'],
  ['cache-replication-groups', 'cache-replication-groups', 1, 'elasticache:DescribeReplicationGroups'],
  ['tables', 'tables', 2, 'dynamodb:ListTables'],
  ['search-domains', 'search-domains', 1, 'es:ListDomainNames'],
  ['queues', 'queues', 3, 'sqs:ListQueues'],
  ['functions', 'functions', 3, 'lambda:ListFunctions'],
  ['function-layers', 'function-layers', 1, 'lambda:ListLayers'],
  ['rest-apis', 'rest-apis', 2, 'apigateway:GET'],
  ['mail', 'mail-identities', 1, 'ses:ListEmailIdentities'],
  ['buckets', 'buckets', 3, 's3:ListAllMyBuckets'],
  ['distributions', 'distributions', 1, 'cloudfront:ListDistributions'],
] as const
const regionOf = (resource: string) => (['buckets', 'distributions'].includes(resource) ? home : region)

describe.each(listings)('%s', (resource, shelf, count, permission) => {
  it('are apps that fit their family, the same each time, and on pages of one the same', async () => {
    const there = await start()
    const { things, unreadable } = await there.list(resource)
    expect(unreadable).toEqual([])
    expect(things).toHaveLength(count)
    expect(new Set(things.map(({ externalId }) => externalId)).size).toBe(count)
    const kind = kindOf('APP')
    const facts = new Set(kind.facts.map(({ name }) => name))
    for (const { values } of things) {
      assertSpecFits(kind, values, {} as never)
      expect(Object.keys(values).filter((name) => !facts.has(name))).toEqual([])
      expect(values.status).not.toBe('UNKNOWN')
      expect(values.managed).toBe(true)
    }
    const byId = (list: typeof things) => list.toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1))
    const small = await start({ largestPage: 1 })
    expect(byId((await small.list(resource)).things)).toEqual(byId(things))
  })

  it('are read to the last page', async () => {
    const there = await start({ largestPage: 2 })
    const where = regionOf(resource)
    const [[id, thing]] = there.control.things(where, shelf) as [[string, object]]
    for (let i = 0; i < 5; i++) {
      const copy = JSON.stringify(thing).replaceAll(id, `${id}-${i}`)
      there.control.put(where, shelf, `${id}-${i}`, JSON.parse(copy) as never)
    }
    if (resource !== 'mail') expect((await there.list(resource)).things).toHaveLength(count + 5)
    else expect((await named(there, 'mail', `SES ${region}`)).values.domains).toHaveLength(2 + 5)
  })

  it('are none where there are none', async () => {
    const there = await start({ surroundings: false })
    expect(await there.list(resource)).toMatchObject({ things: [], unreadable: [] })
  })

  it('cannot be read without the permission, which harms nothing else', async () => {
    const there = await start()
    const permissions = [...new Set(aws.resources.flatMap((one) => one.permissions))]
    there.control.updateAccount(there.context.settings.accessKeyId!, {
      permissions: permissions.filter((one) => one !== permission),
    })
    await expect(there.list(resource)).rejects.toMatchObject({ code: 'PERMISSION_MISSING' })
    const refused = (await aws.check(there.context)).filter(({ ok }) => !ok)
    expect(refused.map((one) => one.problem!.code)).toContain('PERMISSION_MISSING')
    expect(refused.map((one) => one.permission)).toContain(permission)
    for (const [other] of listings)
      if (!aws.resources.find(({ name }) => name === other)!.permissions.includes(permission))
        await there.list(other)
  })

  it('wait when they are asked to slow down, and give up with a problem when the listing fails', async () => {
    const there = await start()
    const where = regionOf(resource)
    there.control.setFaults(where, { throttle: 1 })
    expect((await there.list(resource)).things).toHaveLength(count)
    expect(there.counts.throttles).toBe(1)
    there.control.setFaults(where, { expireAfterPages: 0 })
    await expect(there.list(resource)).rejects.toMatchObject({ code: 'CREDENTIALS_EXPIRED' })
    there.control.clearFaults()
    await expect(there.list(resource)).rejects.toMatchObject({ code: 'CREDENTIALS_EXPIRED' })
    there.context.settings.secretAccessKey = 'wrong'
    await expect(there.list(resource)).rejects.toMatchObject({ code: 'CREDENTIALS_REFUSED' })
  })
})

describe('auto scaling groups', () => {
  it('run on their machines, until these leave', async () => {
    const there = await start()
    const group = await named(there, 'auto-scaling-groups', 'web')
    expect(group.values).toMatchObject({
      family: 'AUTO_SCALING',
      product: 'Amazon EC2 Auto Scaling',
      environment: 'production',
      minSize: 0,
      maxSize: 6,
      desiredCapacity: 2,
      healthCheckType: 'ELB',
    })
    expect(extra(group.values, 'launch template')).toEqual(['web'])
    expect(related(group, 'RUNS_ON')).toHaveLength(2)
    expect(related(group, 'CONNECTED_TO').every((id) => id.startsWith('subnet-'))).toBe(true)
    const [id, thing] = there.control
      .things(region, 'auto-scaling-groups')
      .find(([one]) => one.endsWith('/web'))!
    const [first, second] = thing.Instances as { InstanceId: string }[]
    const Instances = [{ ...first!, LifecycleState: 'Terminating:Wait' }, second!]
    there.control.put(region, 'auto-scaling-groups', id, { ...thing, Instances })
    expect(related(await named(there, 'auto-scaling-groups', 'web'), 'RUNS_ON')).toEqual([second!.InstanceId])
    there.control.put(region, 'auto-scaling-groups', id, { ...thing, Status: 'Delete in progress' })
    expect((await named(there, 'auto-scaling-groups', 'web')).ended).toBe(true)
  })
})

describe('databases', () => {
  it('have the form of their engine, and know their cluster', async () => {
    const there = await start()
    expect((await named(there, 'databases', 'orders')).values).toMatchObject({
      product: 'Amazon RDS for PostgreSQL',
      databaseEngine: 'OTHER',
      engine: 'postgres',
      engineVersion: '16.3',
      port: 5432,
      endpoint: expect.stringMatching(/^orders\..*rds\.amazonaws\.com$/),
      instanceType: 'db.r6g.large',
      databaseType: 'relational',
      environment: 'production',
    })
    expect((await named(there, 'databases', 'erp')).values).toMatchObject({
      status: 'STOPPED',
      databaseEngine: 'ORACLE',
      product: 'Amazon RDS for Oracle',
    })
    const [one, two] = [
      await named(there, 'databases', 'ledger-1'),
      await named(there, 'databases', 'ledger-2'),
    ]
    expect(one.values).toMatchObject({ databaseEngine: 'MYSQL', product: 'Amazon Aurora MySQL' })
    expect(extra(one.values, 'cluster')).toEqual(['ledger'])
    expect(extra(one.values, 'role in the cluster')).toEqual(['writer'])
    expect(extra(two.values, 'role in the cluster')).toEqual(['reader'])
    expect(related(one, 'CONNECTED_TO').some((id) => id.startsWith('sg-'))).toBe(true)
    expect(related(one, 'CONNECTED_TO').some((id) => id.startsWith('subnet-'))).toBe(true)
  })

  it.each([
    ['deleting', 'UNKNOWN', true],
    ['backing-up', 'ACTIVE', false],
    ['storage-full', 'DEGRADED', false],
    ['incompatible-network', 'DEGRADED', false],
    ['inaccessible-encryption-credentials-recoverable', 'DEGRADED', false],
    ['something-new', 'UNKNOWN', false],
  ])('that are %s', async (word, status, ended) => {
    const there = await start()
    const [[id, thing]] = there.control.things(region, 'databases') as [[string, object]]
    there.control.put(region, 'databases', id, { ...thing, DBInstanceStatus: word, Endpoint: null })
    expect(await there.one('databases', id)).toMatchObject({ ended, values: { status } })
  })

  it('are set aside without an id', async () => {
    const there = await start()
    there.control.put(region, 'databases', 'odd', { DBInstanceIdentifier: 'odd', Engine: 'mysql' })
    const { things, unreadable } = await there.list('databases')
    expect(things).toHaveLength(4)
    expect(unreadable).toMatchObject([{ externalId: null, reason: expect.stringContaining('DbiResourceId') }])
  })
})

describe('caches', () => {
  it('are groups with their members, and clusters that stand alone', async () => {
    const there = await start()
    const group = await named(there, 'cache-replication-groups', 'sessions')
    expect(group.values).toMatchObject({
      product: 'Amazon ElastiCache for Valkey',
      engine: 'valkey',
      engineVersion: '8.0',
      endpoint: expect.stringMatching(/^sessions\./),
      port: 6379,
      description: 'Who is signed in',
      cacheNodes: [
        { name: 'sessions-001', role: 'primary', zone: `${region}a`, port: 6379 },
        { name: 'sessions-002', role: 'replica', zone: `${region}b`, port: 6379 },
      ],
    })
    expect(related(group, 'CONNECTED_TO')).toHaveLength(1)
    const cluster = await named(there, 'cache-clusters', 'pages')
    expect(cluster.values).toMatchObject({
      product: 'Amazon ElastiCache for Memcached',
      engineVersion: '1.6.22',
      port: 11211,
      cacheNodes: [{ name: '0001' }, { name: '0002' }],
    })
    expect(cluster.values.zone).toBeUndefined()
  })
})

describe('queues', () => {
  it('are an app each, which lead to where their dead letters go', async () => {
    const there = await start()
    const url = `https://sqs.${region}.amazonaws.com/${account}/orders`
    const queue = await named(there, 'queues', 'orders')
    expect(queue).toMatchObject({
      externalId: `arn:aws:sqs:${region}:${account}:orders`,
      values: {
        family: 'BROKER',
        product: 'Amazon SQS',
        endpoint: url,
        queues: [{ name: 'orders', url }],
        environment: 'production',
      },
    })
    expect(related(queue, 'TARGETS')).toEqual([`arn:aws:sqs:${region}:${account}:orders-failed`])
    expect(extra((await named(there, 'queues', 'ledger.fifo')).values, 'fifo')).toEqual(['true'])
    expect(JSON.stringify(queue)).not.toContain('ApproximateNumber')
  })
})

describe('tables', () => {
  it('are read with what is set, not with what is in them', async () => {
    const there = await start()
    const table = await named(there, 'tables', 'carts')
    expect(table.values).toMatchObject({
      product: 'Amazon DynamoDB',
      tables: ['carts'],
      environment: 'production',
      databaseType: 'key value',
    })
    expect(extra(table.values, 'billing mode')).toEqual(['PAY_PER_REQUEST'])
    expect(extra(table.values, 'key')).toEqual(['at (RANGE)', 'id (HASH)'])
    expect(extra((await named(there, 'tables', 'prices')).values, 'read capacity')).toEqual(['5'])
  })

  it('have all of their tags, which come in pages', async () => {
    const there = await start()
    const [[id, thing]] = there.control.things(region, 'tables') as [[string, object]]
    const Tags = Array.from({ length: 25 }, (_, i) => ({ Key: `key ${i}`, Value: 'x' }))
    there.control.put(region, 'tables', id, { ...thing, Tags })
    expect((await named(there, 'tables', id)).values.tags).toHaveLength(25)
  })
})

describe('functions', () => {
  it('name their layers and networks, and never the values of their environment', async () => {
    const there = await start()
    const one = await named(there, 'functions', 'checkout')
    expect(one.values).toMatchObject({
      family: 'SERVERLESS',
      product: 'AWS Lambda',
      language: 'JavaScript',
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      memoryMiB: 512,
      timeoutSeconds: 30,
      environment: 'production',
      description: 'Takes the money',
    })
    expect(extra(one.values, 'environment variable')).toEqual(['DATABASE_PASSWORD', 'MODE'])
    expect(JSON.stringify(one)).not.toContain('hunter2')
    const [layer] = (await there.list('function-layers')).things
    expect(related(one, 'DEPENDS_ON')).toEqual([layer!.externalId])
    expect(related(one, 'CONNECTED_TO').length).toBeGreaterThan(1)
    expect(layer!.values).toMatchObject({
      name: 'common',
      family: 'SERVERLESS_LAYER',
      runtime: 'nodejs20.x, nodejs22.x',
    })
    expect((await named(there, 'functions', 'report')).values).toMatchObject({ tags: [], status: 'ACTIVE' })
  })
})

describe('REST APIs', () => {
  it('are reached at their own address, unless that is switched off', async () => {
    const there = await start()
    const [id] = there.control.things(region, 'rest-apis').find(([, { name }]) => name === 'shop')!
    const api = await named(there, 'rest-apis', 'shop')
    expect(api).toMatchObject({
      externalId: `${region}/${id}`,
      values: {
        product: 'Amazon API Gateway',
        endpoint: `https://${id}.execute-api.${region}.amazonaws.com`,
        environment: 'production',
        description: 'For the shop',
      },
    })
    expect((await named(there, 'rest-apis', 'partners')).values.endpoint).toBeUndefined()
  })
})

describe('mail', () => {
  it('is one app for each region, with its domains', async () => {
    const there = await start({ regions: { [region]: 2, 'us-east-2': 2 } })
    const { externalId, values } = await named(there, 'mail', `SES ${region}`)
    expect(externalId).toBe(region)
    expect(values).toMatchObject({
      family: 'SMTP',
      status: 'ACTIVE',
      endpoint: `email-smtp.${region}.amazonaws.com`,
      domains: ['news.example.com', 'shop.example.com'],
    })
    expect(extra(values, 'address')).toEqual(['help@example.org'])
    expect(extra(values, 'not verified')).toEqual(['news.example.com'])
    expect(extra(values, 'may not send')).toEqual(['news.example.com'])
    expect((await there.list('mail', 'us-east-2')).things).toMatchObject([{ externalId: 'us-east-2' }])
  })
})

describe('search domains', () => {
  it('are read five at a time', async () => {
    const there = await start()
    const { values, relations } = await named(there, 'search-domains', 'logs')
    expect(values).toMatchObject({
      family: 'DATABASE',
      product: 'Amazon OpenSearch Service',
      engine: 'OpenSearch',
      engineVersion: '2.13',
      endpoint: `https://vpc-logs-x.${region}.es.amazonaws.com`,
      databaseType: 'search',
      instanceType: 'r6g.large.search',
      environment: 'staging',
    })
    expect(relations!.length).toBe(2)
  })
})

describe('buckets and distributions', () => {
  it('belong to no region of the connection, and hang together', async () => {
    const there = await start()
    const bucket = await there.one('buckets', `invoices-${account}`)
    expect(bucket.values).toMatchObject({
      product: 'Amazon S3',
      region,
      endpoint: `https://invoices-${account}.s3.${region}.amazonaws.com`,
    })
    const distribution = await named(there, 'distributions', 'example.com')
    expect(distribution.values).toMatchObject({
      product: 'Amazon CloudFront',
      status: 'ACTIVE',
      providerStatus: 'Deployed',
      environment: 'production',
      endpoint: expect.stringMatching(/\.cloudfront\.net$/),
      domains: [expect.stringMatching(/cloudfront/), 'example.com', 'www.example.com'],
      cacheBehaviors: [
        {
          path: '/static/*',
          ttlSeconds: 86400,
          viewerProtocol: 'https-only',
          origin: expect.stringMatching(/\.s3\./),
        },
        { path: '*', origin: 'shop.example.net', viewerProtocol: 'redirect-to-https' },
      ],
    })
    expect(related(distribution, 'DEPENDS_ON')).toEqual([`assets-${account}`])
  })
})

describe('what is deleted while it is read', () => {
  it.each([
    ['load-balancers', 'load-balancers', 3],
    ['load-balancers', 'target-groups', 2],
    ['classic-load-balancers', 'classic-load-balancers', 2],
    ['queues', 'queues', 2],
    ['tables', 'tables', 2],
    ['functions', 'functions', 2],
    ['search-domains', 'search-domains', 3],
    ['distributions', 'distributions', 2],
  ])('hinders nothing else of %s', async (resource, shelf, call) => {
    const there = await start()
    const where = regionOf(resource)
    const things = there.control.things(where, shelf)
    const before = (await there.list(resource)).things.length
    let calls = 0
    there.context.turn = () => {
      if (++calls === call) there.control.take(where, shelf, things[0]![0])
      return Promise.resolve()
    }
    const { things: found, unreadable } = await there.list(resource)
    expect(unreadable).toEqual([])
    expect(found.length).toBeGreaterThanOrEqual(before - 1)
    expect(there.control.things(where, shelf)).toHaveLength(things.length - 1)
    const after = await there.list(resource)
    expect(after.things).toHaveLength(shelf === 'target-groups' ? before : before - 1)
  })
})
