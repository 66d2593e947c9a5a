import {
  DescribeAvailabilityZonesCommand,
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  EC2Client,
  paginateDescribeInstances,
  type DescribeInstancesCommandInput,
  type EC2ClientConfig,
  type Instance,
} from '@aws-sdk/client-ec2'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, describe, expect, it } from 'vitest'
import { demoAccount } from './accounts.ts'
import { startAwsEmulator, type AwsEmulator } from './emulator.ts'
import { remoteControl } from './remoteControl.ts'
import type { EmulatorOptions } from './world.ts'

const region = 'eu-west-1'
const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function start(options: EmulatorOptions = {}): Promise<AwsEmulator> {
  const emulator = await startAwsEmulator({ regions: { [region]: 400 }, ...options })
  open.push(emulator)
  return emulator
}

function client({ url }: { url: string }, config: EC2ClientConfig = {}): EC2Client {
  const ec2 = new EC2Client({ region, endpoint: url, credentials: demoAccount, maxAttempts: 1, ...config })
  open.push({ close: () => ec2.destroy() })
  return ec2
}

function sts({ url }: { url: string }, credentials = demoAccount): STSClient {
  const client = new STSClient({ region, endpoint: url, credentials, maxAttempts: 1 })
  open.push({ close: () => client.destroy() })
  return client
}

async function list(ec2: EC2Client, pageSize = 100, pages: number[] = []): Promise<Instance[]> {
  const found: Instance[] = []
  for await (const page of paginateDescribeInstances({ client: ec2, pageSize }, {})) {
    const instances = page.Reservations!.flatMap((reservation) => reservation.Instances!)
    pages.push(instances.length)
    found.push(...instances)
  }
  return found
}

const ids = (instances: Instance[]) => instances.map((instance) => instance.InstanceId)
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: { name: string; $metadata?: { httpStatusCode?: number } }) =>
      `${error.name} ${error.$metadata?.httpStatusCode ?? ''}`.trim(),
  )

describe('the estate', () => {
  it('lists every instance once, page by page, through the paginator', async () => {
    const emulator = await start({ quirks: { '*': {} } })
    const pages: number[] = []
    const found = await list(client(emulator), 150, pages)
    expect(pages).toEqual([150, 150, 100])
    expect(new Set(ids(found)).size).toBe(400)
    expect(ids(found)).toEqual(emulator.control.instances(region).map((instance) => instance.instanceId))
    expect(emulator.control.calls()).toEqual({ DescribeInstances: 3 })
  })

  it('gives the fields of a real instance', async () => {
    const emulator = await start({ quirks: { '*': {} } })
    const found = await list(client(emulator))
    const running = found.filter((instance) => instance.State?.Name === 'running')
    expect(running.length).toBeGreaterThan(300)
    for (const instance of running) {
      expect(instance).toMatchObject({
        InstanceId: expect.stringMatching(/^i-0[0-9a-f]{16}$/),
        ImageId: expect.stringMatching(/^ami-/),
        PrivateIpAddress: expect.stringMatching(/^10\./),
        PrivateDnsName: expect.stringMatching(/^ip-10-.*eu-west-1\.compute\.internal$/),
        Placement: {
          AvailabilityZone: expect.stringMatching(/^eu-west-1[abc]$/),
          Tenancy: expect.any(String),
        },
        LaunchTime: expect.any(Date),
        SecurityGroups: [{ GroupId: expect.any(String) }, {}],
        NetworkInterfaces: [{ MacAddress: expect.stringMatching(/^02(:[0-9a-f]{2}){5}$/) }],
        CpuOptions: { CoreCount: expect.any(Number) },
        PlatformDetails: expect.any(String),
      })
      expect(instance.BlockDeviceMappings![0]!.Ebs!.VolumeId).toMatch(/^vol-0/)
      expect(instance.Tags!.map((tag) => tag.Key)).toEqual(
        expect.arrayContaining(['Name', 'Environment', 'Role', 'Owner']),
      )
    }
    expect(new Set(running.map((instance) => instance.PrivateIpAddress)).size).toBe(running.length)
    expect(new Set(running.map((instance) => instance.Architecture))).toEqual(new Set(['x86_64', 'arm64']))
    expect(found.some((instance) => instance.PublicIpAddress)).toBe(true)
  })

  it('is the same for the same seed and another for another', async () => {
    const [one, same, other] = [
      await start({ seed: 'a' }),
      await start({ seed: 'a' }),
      await start({ seed: 'b' }),
    ]
    const first = await list(client(one))
    expect(await list(client(same))).toEqual(first)
    expect(ids(await list(client(other)))).not.toEqual(ids(first))
  })

  it('has the oddities of real estates, in the numbers asked for', async () => {
    const quirks = {
      withoutName: 7,
      withoutPrivateIp: 3,
      terminated: 4,
      shuttingDown: 2,
      samePrivateIp: 2,
      longTags: 2,
      unusualNames: 40,
    }
    const emulator = await start({ quirks: { [region]: quirks } })
    const found = await list(client(emulator))
    const name = (instance: Instance) => instance.Tags!.find((tag) => tag.Key === 'Name')?.Value
    expect(found.filter((instance) => !name(instance)).length).toBe(7)
    const terminated = found.filter((instance) => instance.State?.Name === 'terminated')
    expect(terminated.length).toBe(4)
    expect(terminated.every((instance) => !instance.PrivateIpAddress && !instance.VpcId)).toBe(true)
    expect(found.filter((instance) => !instance.PrivateIpAddress).length).toBe(3 + 4)
    expect(found.filter((instance) => instance.State?.Name === 'shutting-down').length).toBe(2)
    const addresses = found.flatMap((instance) => instance.PrivateIpAddress ?? [])
    expect(addresses.length - new Set(addresses).size).toBe(2)
    const tags = found.flatMap((instance) => instance.Tags!)
    expect(tags.filter((tag) => tag.Key!.length === 128 && tag.Value!.length === 256).length).toBe(2)
    expect(found.some((instance) => name(instance)?.startsWith('🚀'))).toBe(true)
    expect(found.some((instance) => name(instance)?.startsWith('خادم-الإنتاج'))).toBe(true)
    expect(found.some((instance) => name(instance)?.startsWith(`Zoë's <database> & "cache"`))).toBe(true)
  })

  it('repeats an instance on the page after, as often as asked', async () => {
    const emulator = await start({ quirks: { [region]: { repeated: 2 } } })
    const pages: number[] = []
    const found = await list(client(emulator), 100, pages)
    expect(pages).toEqual([100, 100, 100, 100, 2])
    expect(found.length - new Set(ids(found)).size).toBe(2)
    expect(found[99]!.InstanceId).toBe(found[100]!.InstanceId)
  })

  it('can list a record without id, and one the SDK itself cannot read', async () => {
    const emulator = await start({ quirks: { [region]: { withoutInstanceId: 1 } } })
    const found = await list(client(emulator))
    expect(found.length).toBe(400)
    expect(found.filter((instance) => !instance.InstanceId).length).toBe(1)
    emulator.control.setQuirks(region, { malformedLaunchTime: 1 })
    await expect(list(client(emulator))).rejects.toThrow()
    emulator.control.setQuirks(region, {})
    expect((await list(client(emulator))).every((instance) => instance.InstanceId)).toBe(true)
  })

  it('keeps the accounts of two keys apart, and shows one account to both of its keys', async () => {
    const twin = { ...demoAccount, accessKeyId: 'AKIAMAESTRODEMO00002' }
    const stranger = { ...demoAccount, accessKeyId: 'AKIAMAESTRODEMO00003', account: '210987654321' }
    const emulator = await start({
      accounts: [demoAccount, twin, stranger],
      estates: { [stranger.account]: { [region]: 20 } },
    })
    const first = ids(await list(client(emulator)))
    expect(ids(await list(client(emulator, { credentials: twin })))).toEqual(first)
    const others = ids(await list(client(emulator, { credentials: stranger })))
    expect(others.length).toBe(20)
    expect(others.filter((id) => first.includes(id))).toEqual([])
  })

  it('keeps a bounded store of pages, and pages of realistic size', async () => {
    const emulator = await start({ regions: { [region]: 3000 }, cacheBytes: 5_000_000, quirks: { '*': {} } })
    const { pages, bytes } = emulator.control.warm(region)
    expect(pages).toBe(3)
    expect(bytes / 3000).toBeGreaterThan(3000)
    expect(bytes / 3000).toBeLessThan(5500)
    expect((await list(client(emulator), 1000)).length).toBe(3000)
  })
})

describe('the questions', () => {
  it('finds instances by id and by filter', async () => {
    const emulator = await start({ quirks: { '*': {} } })
    const ec2 = client(emulator)
    const some = emulator.control
      .instances(region)
      .slice(5, 8)
      .map((instance) => instance.instanceId)
    const byId = await ec2.send(new DescribeInstancesCommand({ InstanceIds: some }))
    expect(byId.Reservations!.flatMap((reservation) => ids(reservation.Instances!))).toEqual(some)
    const byFilter = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: 'instance-id', Values: some },
          { Name: 'tag:Environment', Values: ['production'] },
        ],
      }),
    )
    const environments = byFilter.Reservations!.flatMap((reservation) =>
      reservation.Instances!.map((it) => it.Tags!.find((tag) => tag.Key === 'Environment')!.Value),
    )
    expect(environments.length).toBeGreaterThan(0)
    expect(new Set(environments)).toEqual(new Set(['production']))
  })

  it('refuses what EC2 refuses', async () => {
    const ec2 = client(await start())
    const ask = (input: DescribeInstancesCommandInput) =>
      codeOf(ec2.send(new DescribeInstancesCommand(input)))
    expect(await ask({ MaxResults: 3 })).toBe('InvalidParameterValue 400')
    expect(await ask({ MaxResults: 1001 })).toBe('InvalidParameterValue 400')
    expect(await ask({ NextToken: 'bm9uc2Vuc2U=' })).toBe('InvalidNextToken 400')
    expect(await ask({ InstanceIds: ['i-0123456789abcdef0'] })).toBe('InvalidInstanceID.NotFound 400')
    expect(await ask({ InstanceIds: ['server-7'] })).toBe('InvalidInstanceID.Malformed 400')
    expect(await ask({ Filters: [{ Name: 'colour', Values: ['red'] }] })).toBe('InvalidParameterValue 400')
  })

  it('names the regions and the zones', async () => {
    const ec2 = client(await start({ regions: { 'af-south-1': 5, [region]: 5 } }))
    const { Regions } = await ec2.send(new DescribeRegionsCommand({}))
    expect(Regions!.find((it) => it.RegionName === region)!.OptInStatus).toBe('opt-in-not-required')
    expect(Regions!.find((it) => it.RegionName === 'af-south-1')!.OptInStatus).toBe('opted-in')
    expect(Regions!.find((it) => it.RegionName === 'me-south-1')).toBeUndefined()
    const all = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }))
    expect(all.Regions!.find((it) => it.RegionName === 'me-south-1')!.OptInStatus).toBe('not-opted-in')
    const { AvailabilityZones } = await ec2.send(new DescribeAvailabilityZonesCommand({}))
    expect(AvailabilityZones!.map((zone) => zone.ZoneId)).toEqual(['euw1-az1', 'euw1-az2', 'euw1-az3'])
  })

  it('says who is asking', async () => {
    const identity = await sts(await start()).send(new GetCallerIdentityCommand({}))
    expect(identity).toMatchObject({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/maestro' })
  })

  it('does not know other actions', async () => {
    const emulator = await start()
    const ec2 = client(emulator)
    ec2.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string; headers: Record<string, string> }
        request.body = request.body.replace('DescribeRegions', 'RunInstances')
        request.headers['content-length'] = String(request.body.length)
        return next(args)
      },
      { step: 'build', priority: 'high' },
    )
    expect(await codeOf(ec2.send(new DescribeRegionsCommand({})))).toBe('InvalidAction 400')
  })
})

describe('keys', () => {
  it('refuses an unknown key and a wrong secret, as EC2 and as STS', async () => {
    const emulator = await start()
    const unknown = { ...demoAccount, accessKeyId: 'AKIANOBODYKNOWSTHIS1' }
    const wrong = { ...demoAccount, secretAccessKey: 'not+the+secret' }
    const ask = new DescribeInstancesCommand({})
    expect(await codeOf(client(emulator, { credentials: unknown }).send(ask))).toBe('AuthFailure 401')
    expect(await codeOf(client(emulator, { credentials: wrong }).send(ask))).toBe('SignatureDoesNotMatch 403')
    const who = new GetCallerIdentityCommand({})
    expect(await codeOf(sts(emulator, unknown).send(who))).toBe('InvalidClientTokenId 403')
    expect(await codeOf(sts(emulator, wrong).send(who))).toBe('SignatureDoesNotMatch 403')
  })

  it('refuses an unsigned request', async () => {
    const { url } = await start()
    const answer = await fetch(url, { method: 'POST', body: 'Action=DescribeInstances&Version=2016-11-15' })
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('<Response><Errors><Error><Code>MissingAuthenticationToken</Code>')
  })

  it('names the missing permission, and tries it out with DryRun', async () => {
    const emulator = await start({ accounts: [{ ...demoAccount, permissions: ['ec2:DescribeRegions'] }] })
    const ec2 = client(emulator)
    const dry = () => codeOf(ec2.send(new DescribeInstancesCommand({ DryRun: true })))
    expect(await dry()).toBe('UnauthorizedOperation 403')
    await expect(ec2.send(new DescribeInstancesCommand({}))).rejects.toThrow('ec2:DescribeInstances')
    expect((await ec2.send(new DescribeRegionsCommand({}))).Regions!.length).toBeGreaterThan(10)
    emulator.control.updateAccount(demoAccount.accessKeyId, { permissions: ['ec2:Describe*'] })
    expect(await dry()).toBe('DryRunOperation 412')
  })

  it('wants the session token of temporary credentials, and says when they have expired', async () => {
    const temporary = { ...demoAccount, sessionToken: 'the+session+token==' }
    const emulator = await start({ accounts: [temporary] })
    const ask = new DescribeInstancesCommand({ MaxResults: 5 })
    expect(await codeOf(client(emulator, { credentials: temporary }).send(ask))).toBe('no error')
    expect(
      await codeOf(client(emulator, { credentials: { ...temporary, sessionToken: 'old' } }).send(ask)),
    ).toBe('AuthFailure 401')
    emulator.control.updateAccount(temporary.accessKeyId, { expired: true })
    expect(await codeOf(client(emulator, { credentials: temporary }).send(ask))).toBe('RequestExpired 400')
    expect(await codeOf(sts(emulator, temporary).send(new GetCallerIdentityCommand({})))).toBe(
      'ExpiredToken 403',
    )
  })

  it('refuses a clock that is off, until the client corrects it by the Date header', async () => {
    const hour = 3600_000
    const emulator = await start({ skewMs: hour, sendDate: false })
    const ask = new DescribeInstancesCommand({ MaxResults: 5 })
    expect(await codeOf(client(emulator).send(ask))).toBe('RequestExpired 400')
    expect(await codeOf(sts(emulator).send(new GetCallerIdentityCommand({})))).toBe(
      'SignatureDoesNotMatch 403',
    )
    emulator.control.setClock(-hour, false)
    expect(await codeOf(client(emulator).send(ask))).toBe('SignatureDoesNotMatch 403')
    emulator.control.setClock(hour, true)
    expect(await codeOf(client(emulator, { maxAttempts: 3 }).send(ask))).toBe('no error')
  })

  it('knows no invented region', async () => {
    const emulator = await start()
    const ask = new DescribeInstancesCommand({})
    expect(await codeOf(client(emulator, { region: 'mars-north-1' }).send(ask))).toBe('AuthFailure 403')
  })
})

describe('bad days', () => {
  it('fails after a page, again and again, until it is cleared', async () => {
    const emulator = await start({ faults: { [region]: { failAfterPages: 2 } } })
    const pages: number[] = []
    expect(await codeOf(list(client(emulator, { maxAttempts: 2 }), 100, pages))).toBe('InternalError 500')
    expect(pages).toEqual([100, 100])
    expect(emulator.control.calls(region)).toEqual({ DescribeInstances: 4 })
    emulator.control.clearFaults(region)
    expect((await list(client(emulator))).length).toBeGreaterThanOrEqual(400)
  })

  it('throttles the next calls, which the retries of the SDK outlast', async () => {
    const emulator = await start()
    emulator.control.setFaults(region, { throttle: 2 })
    expect(await codeOf(list(client(emulator)))).toBe('RequestLimitExceeded 503')
    expect((await list(client(emulator, { maxAttempts: 3 }))).length).toBeGreaterThanOrEqual(400)
  })

  it('slows pages down', async () => {
    const emulator = await start({ faults: { [region]: { slowMs: 150 } } })
    const began = performance.now()
    await client(emulator).send(new DescribeInstancesCommand({ MaxResults: 5 }))
    expect(performance.now() - began).toBeGreaterThan(140)
  })

  it('lets the key expire midway', async () => {
    const emulator = await start({ faults: { [region]: { expireAfterPages: 1 } } })
    const pages: number[] = []
    expect(await codeOf(list(client(emulator, { maxAttempts: 3 }), 100, pages))).toBe('RequestExpired 400')
    expect(pages.length).toBe(1)
    const elsewhere = client(emulator, { region: 'us-east-1' })
    expect(await codeOf(list(elsewhere))).toBe('RequestExpired 400')
  })

  it('is empty when told to be', async () => {
    const emulator = await start()
    emulator.control.setFaults(region, { empty: true })
    expect(await list(client(emulator))).toEqual([])
    emulator.control.setFaults(region, { empty: false })
    expect((await list(client(emulator))).length).toBeGreaterThanOrEqual(400)
  })

  it('resets connections of a region that is down, and only of that', async () => {
    const emulator = await start({ faults: { [region]: { down: true } }, regions: { 'us-east-1': 9 } })
    await expect(list(client(emulator))).rejects.toThrow(/ECONNRESET|socket hang up/)
    expect((await list(client(emulator, { region: 'us-east-1' }))).length).toBe(9)
  })

  it('breaks off in the middle of a page', async () => {
    const emulator = await start({ faults: { [region]: { cutAfterPages: 1 } } })
    const pages: number[] = []
    await expect(list(client(emulator), 100, pages)).rejects.toThrow()
    expect(pages).toEqual([100])
  })
})

describe('changes at run time', () => {
  it('changes, ends, forgets, brings back and adds instances', async () => {
    const emulator = await start({ quirks: { '*': {} } })
    const { control } = emulator
    const ec2 = client(emulator)
    const before = new Map((await list(ec2)).map((instance) => [instance.InstanceId!, instance]))
    const changed = control.changeInstances(region, { count: 10 })
    const ended = control.terminateInstances(region, { count: 3 })
    const removed = control.removeInstances(region, { ids: [...before.keys()].slice(-4) })
    const added = control.addInstances(region, 6)
    const after = new Map((await list(ec2)).map((instance) => [instance.InstanceId!, instance]))
    expect(after.size).toBe(400 - 4 + 6)
    const different = [...before.keys()].filter(
      (id) => after.has(id) && JSON.stringify(after.get(id)) !== JSON.stringify(before.get(id)),
    )
    expect(new Set(different)).toEqual(new Set([...changed, ...ended]))
    expect(after.get(changed[5]!)!.InstanceType).toBe('m7i.xlarge')
    expect(ended.map((id) => after.get(id)!.State!.Name)).toEqual(Array(3).fill('terminated'))
    expect(removed.filter((id) => after.has(id))).toEqual([])
    expect(added.filter((id) => !after.has(id))).toEqual([])
    expect(control.restoreInstances(region)).toEqual(removed)
    expect((await list(ec2)).length).toBe(406)
  })

  it('goes through the side door from another process', async () => {
    const emulator = await start({ quirks: { '*': {} } })
    const remote = remoteControl(emulator.url)
    const [id] = await remote.changeInstances(region, { count: 1 }, { tags: { Owner: null, Note: 'a & b' } })
    const tags = (await list(client(emulator))).find((instance) => instance.InstanceId === id)!.Tags!
    expect(tags.map((tag) => tag.Key)).not.toContain('Owner')
    expect(tags).toContainEqual({ Key: 'Note', Value: 'a & b' })
    expect((await remote.calls())['DescribeInstances']).toBe(4)
    await expect(remote.removeInstances(region, { ids: ['i-0'] })).rejects.toThrow(
      'never had an instance i-0',
    )
  })
})
