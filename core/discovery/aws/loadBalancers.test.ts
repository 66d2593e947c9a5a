import { afterEach, describe, expect, it } from 'vitest'
import { emulatedAccount, region } from './testing.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function account(...options: Parameters<typeof emulatedAccount>) {
  const there = await emulatedAccount(...options)
  open.push(there)
  return there
}

type Things = Awaited<ReturnType<typeof emulatedAccount>>['control']

const balancerOf = (control: Things, type: string) =>
  control.things(region, 'load-balancers').find(([, thing]) => thing.Type === type)!
const groupOf = (control: Things, word: string) =>
  control.things(region, 'target-groups').find(([id]) => id.includes(`-${word}/`))!
const targets = (...ids: string[]) =>
  ids.map((Id) => ({ Target: { Id, Port: 80 }, TargetHealth: { State: 'healthy' } }))

describe('load balancers', () => {
  it('are read with their listeners, health checks, targets and networks', async () => {
    const { control, one } = await account()
    const [arn, balancer] = balancerOf(control, 'application')
    const [, web] = groupOf(control, 'web')
    const { values, relations, ended } = await one('load-balancers', arn)
    expect(ended).toBe(false)
    expect(values).toMatchObject({
      name: balancer.LoadBalancerName,
      status: 'ACTIVE',
      providerStatus: 'active',
      providerId: arn,
      region,
      environment: 'production',
      family: 'LOAD_BALANCER',
      product: 'AWS Application Load Balancer',
      engine: 'application',
      managed: true,
      endpoint: balancer.DNSName,
      scheme: 'internet-facing',
      healthCheck: 'HTTP:traffic-port/health',
      listeners: [
        { protocol: 'HTTP', port: 80 },
        { protocol: 'HTTPS', port: 443, targetPort: 80, certificate: expect.stringMatching(/:acm:/) },
      ],
    })
    const members = (web.Targets as { Target: { Id: string } }[]).map(({ Target }) => Target.Id)
    expect(members).toHaveLength(4)
    const found = relations!.filter(({ kind }) => kind === 'TARGETS')
    expect(found.map(({ to }) => to)).toEqual(
      members.toSorted().map((externalId) => ({ resource: 'instances', externalId })),
    )
    expect(found.find(({ to }) => to.externalId === members[0])!.properties).toEqual({
      port: 80,
      protocol: 'http',
      notes: 'Also on port 8080.',
    })
    expect(relations!.filter(({ to }) => to.resource === 'subnets').length).toBeGreaterThan(0)
    expect(relations!.filter(({ to }) => to.resource === 'security-groups').length).toBeGreaterThan(0)
  })

  it('name addresses among their extras, as these may belong to anybody', async () => {
    const { control, one } = await account()
    const [arn] = balancerOf(control, 'network')
    const { values, relations } = await one('load-balancers', arn)
    expect(values).toMatchObject({ product: 'AWS Network Load Balancer', scheme: 'internal', tags: [] })
    expect(relations!.filter(({ kind }) => kind === 'TARGETS')).toEqual([])
    expect(values.extras).toContainEqual({
      key: 'target address',
      value: expect.stringMatching(/^10\.[\d.]+ port 5432$/),
    })
  })

  it('lose the targets that are deregistered, drained or not', async () => {
    const { control, one } = await account()
    const [arn] = balancerOf(control, 'application')
    const [id, group] = groupOf(control, 'web')
    const draining = { Target: { Id: 'i-2', Port: 80 }, TargetHealth: { State: 'draining' } }
    control.put(region, 'target-groups', id, { ...group, Targets: [...targets('i-1'), draining] })
    const [adminId, admin] = groupOf(control, 'admin')
    control.put(region, 'target-groups', adminId, { ...admin, Targets: null })
    const { relations } = await one('load-balancers', arn)
    expect(relations!.filter(({ kind }) => kind === 'TARGETS').map(({ to }) => to.externalId)).toEqual([
      'i-1',
    ])
  })

  it('lead to functions and to other load balancers, too', async () => {
    const { control, one } = await account()
    const [arn] = balancerOf(control, 'application')
    const [network] = balancerOf(control, 'network')
    const lambda = `arn:aws:lambda:${region}:123456789012:function:checkout`
    for (const [word, type, id] of [
      ['web', 'lambda', `${lambda}:live`],
      ['admin', 'alb', network],
    ] as const) {
      const [groupId, group] = groupOf(control, word)
      control.put(region, 'target-groups', groupId, { ...group, TargetType: type, Targets: targets(id) })
    }
    const { relations } = await one('load-balancers', arn)
    expect(relations!.filter(({ kind }) => kind === 'TARGETS').map(({ to }) => to)).toEqual([
      { resource: 'functions', externalId: lambda },
      { resource: 'load-balancers', externalId: network },
    ])
  })

  it('are the same whatever order AWS answers in', async () => {
    const { control, one } = await account()
    const [arn, balancer] = balancerOf(control, 'application')
    const before = await one('load-balancers', arn)
    const [id, group] = groupOf(control, 'web')
    const turned = (value: unknown) => (value as string[]).toReversed()
    control.put(region, 'target-groups', id, { ...group, Targets: turned(group.Targets) })
    control.put(region, 'load-balancers', arn, {
      ...balancer,
      AvailabilityZones: turned(balancer.AvailabilityZones),
      SecurityGroups: turned(balancer.SecurityGroups),
      Tags: turned(balancer.Tags),
    })
    expect(await one('load-balancers', arn)).toEqual(before)
  })

  it('are read to the last page, their groups and listeners as well', async () => {
    const { control, list } = await account({ largestPage: 2 })
    const [arn, balancer] = balancerOf(control, 'application')
    for (let i = 0; i < 5; i++) {
      const more = `${arn}-${i}`
      control.put(region, 'load-balancers', more, { ...balancer, LoadBalancerArn: more, Tags: [] })
      const [id, group] = groupOf(control, 'admin')
      const Targets = targets(`i-${i}`)
      const its = { ...group, TargetGroupArn: `${id}-${i}`, LoadBalancerArns: [more], Targets }
      control.put(region, 'target-groups', `${id}-${i}`, its)
      const listener = { ListenerArn: `${more}/l`, LoadBalancerArn: more, Port: 8000 + i, Protocol: 'HTTP' }
      control.put(region, 'listeners', `${more}/l`, listener)
    }
    const { pages, things } = await list('load-balancers')
    expect(things).toHaveLength(control.things(region, 'load-balancers').length)
    expect(pages.length).toBe(Math.ceil(things.length / 2))
    for (let i = 0; i < 5; i++) {
      const { values, relations } = things.find(({ externalId }) => externalId === `${arn}-${i}`)!
      expect(relations!.filter(({ kind }) => kind === 'TARGETS')).toMatchObject([
        { to: { externalId: `i-${i}` } },
      ])
      expect(values.listeners).toEqual([{ protocol: 'HTTP', port: 8000 + i }])
    }
  })

  it('are set aside without an id, and degraded when they are impaired', async () => {
    const { control, list, one } = await account()
    const [arn, balancer] = balancerOf(control, 'application')
    control.put(region, 'load-balancers', 'zzz', { ...balancer, LoadBalancerArn: null })
    const { things, unreadable } = await list('load-balancers')
    expect(things.length).toBe(control.things(region, 'load-balancers').length - 1)
    expect(unreadable).toMatchObject([
      { externalId: null, reason: expect.stringContaining('LoadBalancerArn') },
    ])
    control.put(region, 'load-balancers', arn, { ...balancer, State: { Code: 'active_impaired' } })
    expect((await one('load-balancers', arn)).values.status).toBe('DEGRADED')
  })

  it('are not read without one of their permissions, while others are', async () => {
    const { control, list, context } = await account()
    const may = (...permissions: string[]) =>
      control.updateAccount(context.settings.accessKeyId!, { permissions })
    may('elasticloadbalancing:DescribeLoadBalancers', 'ec2:*')
    await expect(list('load-balancers')).rejects.toMatchObject({ code: 'PERMISSION_MISSING' })
    await expect(list('classic-load-balancers')).rejects.toMatchObject({ code: 'PERMISSION_MISSING' })
    expect((await list('instances')).things).toHaveLength(12)
  })

  it('give up with a problem when the listing breaks off', async () => {
    const { control, list } = await account({ largestPage: 1 })
    control.setFaults(region, { throttle: 2 })
    expect((await list('load-balancers')).things).not.toEqual([])
    control.setFaults(region, { expireAfterPages: 1 })
    await expect(list('load-balancers')).rejects.toMatchObject({ code: 'CREDENTIALS_EXPIRED' })
  })
})

describe('classic load balancers', () => {
  it('are read with their instances, and known by region and name', async () => {
    const { control, list } = await account()
    const [[name, balancer]] = control.things(region, 'classic-load-balancers') as [[string, never]]
    const { things } = await list('classic-load-balancers')
    expect(things).toHaveLength(1)
    const [{ externalId, values, relations }] = things as [(typeof things)[0]]
    expect(externalId).toBe(`${region}/${name}`)
    expect(values).toMatchObject({
      name,
      product: 'AWS Classic Load Balancer',
      environment: 'staging',
      healthCheck: 'HTTP:8080/ping',
      listeners: [
        { protocol: 'TCP', port: 25, targetPort: 2525 },
        { protocol: 'HTTP', port: 80, targetPort: 8080 },
      ],
    })
    const members = (balancer as { Instances: { InstanceId: string }[] }).Instances
    expect(relations!.filter(({ kind }) => kind === 'TARGETS')).toEqual(
      members
        .map(({ InstanceId }) => InstanceId)
        .sort()
        .map((id) => ({
          kind: 'TARGETS',
          to: { resource: 'instances', externalId: id },
          properties: { port: 2525, protocol: 'tcp', notes: 'Also on port 8080.' },
        })),
    )
  })

  it('are read to the last page', async () => {
    const { control, list } = await account({ largestPage: 2 })
    const [[, balancer]] = control.things(region, 'classic-load-balancers') as [[string, object]]
    for (let i = 0; i < 5; i++)
      control.put(region, 'classic-load-balancers', `b${i}`, {
        ...balancer,
        LoadBalancerName: `b${i}`,
        Tags: [],
      })
    expect((await list('classic-load-balancers')).things).toHaveLength(6)
  })
})
