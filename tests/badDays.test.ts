import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { demoAccount } from '../dev/emulators/aws/accounts.ts'
import { startServices } from '../dev/services/services.ts'
import { killed, spawnWorkers, startEstate } from './estate.ts'

type Estate = Awaited<ReturnType<typeof startEstate>>

let estate: Estate | undefined
afterEach(async () => {
  await estate?.close()
  estate = undefined
})

const started = async (...args: Parameters<typeof startEstate>) => (estate = await startEstate(...args))

describe('a key that does not work', () => {
  const test = (own: Estate, input: object = { id: own.connection }) =>
    own.query(
      `mutation ($input: ConnectionTestInput!) { connectionTest(input: $input) { result { ok identity account checks { ok region permission problem { code message remedy } } } userErrors { field message } } }`,
      { input },
    )

  it('is told as whom it signs in, and which permission is missing', async () => {
    const own = await started({ regions: { 'eu-west-1': 5, 'us-east-1': 5 } })
    expect((await test(own)).connectionTest.result).toMatchObject({
      ok: true,
      account: demoAccount.account,
      identity: expect.stringContaining('arn:aws:iam'),
    })
    own.control.updateAccount(demoAccount.accessKeyId, { permissions: ['sts:*'] })
    const { result } = (await test(own)).connectionTest
    expect(result).toMatchObject({ ok: false, account: demoAccount.account })
    expect(result.checks[0]).toMatchObject({
      ok: false,
      permission: 'ec2:DescribeInstances',
      problem: { code: 'PERMISSION_MISSING' },
    })
    const run = await own.syncToTheEnd()
    expect(run).toMatchObject({ state: 'FAILED', problem: { code: 'PERMISSION_MISSING' } })
  })

  it('is refused with a sentence, before anything is stored', async () => {
    const own = await started({ regions: { 'eu-west-1': 5 } })
    const wrong = own.settings.map((one) =>
      one.name === 'secretAccessKey' ? { ...one, value: 'wrong' } : one,
    )
    const { connectionTest } = await test(own, { provider: 'AWS', regions: ['eu-west-1'], settings: wrong })
    expect(connectionTest.result).toMatchObject({
      ok: false,
      checks: [{ problem: { code: 'CREDENTIALS_REFUSED' } }],
    })
    const missing = await test(own, { provider: 'AWS', regions: [], settings: [] })
    expect(missing.connectionTest.userErrors.map((one: { field: string[] }) => one.field[0])).toEqual([
      'accessKeyId',
      'secretAccessKey',
      'regions',
    ])
  })

  it('may have expired, without harm to what is known', async () => {
    const own = await started({ regions: { 'eu-west-1': 5 } })
    await own.syncToTheEnd()
    own.control.updateAccount(demoAccount.accessKeyId, { expired: true })
    expect(await own.syncToTheEnd()).toMatchObject({
      state: 'FAILED',
      problem: { code: 'CREDENTIALS_EXPIRED' },
    })
    expect((await own.servers()).totalCount).toBe(5)
  })

  it('works in spite of a clock that is wrong', async () => {
    const own = await started({ regions: { 'eu-west-1': 5 } })
    own.control.setClock(40 * 60_000)
    expect(await own.syncToTheEnd()).toMatchObject({ state: 'SUCCEEDED' })
  })
})

describe('a cloud on a bad day', () => {
  it('is asked again when it throttles, and the run says how often', async () => {
    const own = await started({ regions: { 'eu-west-1': 50 } })
    own.control.setFaults('eu-west-1', { throttle: 2 })
    const run = await own.syncToTheEnd()
    expect(run).toMatchObject({ state: 'SUCCEEDED', totals: { created: 50 } })
    // One of the two met the sign-in.
    expect(run.scopes[0]!.throttles).toBeGreaterThanOrEqual(1)
  })

  it('loses a region midway: the others go on, and nothing is marked missing', async () => {
    const own = await started({ regions: { 'eu-west-1': 2500, 'us-east-1': 20 } })
    await own.syncToTheEnd()
    own.control.removeInstances('eu-west-1', { count: 500 })
    own.control.setFaults('eu-west-1', { failAfterPages: 1 })
    const run = await own.syncToTheEnd()
    expect(run).toMatchObject({ state: 'PARTIAL', totals: { missing: 0, gone: 0 } })
    expect(run.scopes).toMatchObject([
      { region: 'eu-west-1', state: 'INCOMPLETE', problem: { code: 'SOURCE_FAILED' } },
      { region: 'us-east-1', state: 'COMPLETE' },
    ])
    expect((await own.servers()).totalCount).toBe(2520)
  }, 60_000)

  it('does not answer at all', async () => {
    const own = await started({ regions: { 'eu-west-1': 5 } })
    await own.syncToTheEnd()
    await own.emulator.close()
    const run = await own.syncToTheEnd()
    expect(run).toMatchObject({ state: 'FAILED', problem: { code: 'ENDPOINT_AWAY' } })
    expect((await own.servers()).totalCount).toBe(5)
  }, 60_000)

  it('has an empty region: a complete listing of nothing is an answer', async () => {
    const own = await started({ regions: { 'eu-west-1': 5 } })
    await own.syncToTheEnd()
    own.control.setFaults('eu-west-1', { empty: true })
    expect(await own.syncToTheEnd()).toMatchObject({
      state: 'SUCCEEDED',
      totals: { found: 0, missing: 5, gone: 0 },
    })
    expect((await own.servers()).totalCount).toBe(5)
  })

  it('sends an instance that cannot be read: it is set aside, the rest goes on, nothing is missing', async () => {
    const own = await started({ regions: { 'eu-west-1': 60 } })
    await own.syncToTheEnd()
    own.control.setQuirks('eu-west-1', { withoutInstanceId: 1 })
    const run = await own.syncToTheEnd()
    expect(run).toMatchObject({ state: 'FAILED', problem: { code: 'UNIDENTIFIED_RECORDS' } })
    expect(run.totals).toMatchObject({ quarantined: 1, missing: 0, gone: 0 })
    const { connection } = await own.query(
      `query ($id: ID!) { connection(id: $id) { quarantine { nodes { reason raw externalId } totalCount } } }`,
      { id: own.connection },
    )
    expect(connection.quarantine).toMatchObject({ totalCount: 1, nodes: [{ externalId: null }] })
    expect(connection.quarantine.nodes[0].raw).toHaveProperty('State')
  })

  it('has machines with the same address: they stay two', async () => {
    const own = await started({
      regions: { 'eu-west-1': 60 },
      quirks: { '*': { samePrivateIp: 2, withoutPrivateIp: 2, withoutName: 3 } },
    })
    expect((await own.syncToTheEnd()).totals).toMatchObject({ created: 60, quarantined: 0 })
    const { nodes } = await own.servers({}, 'ipv4Private')
    const addresses = nodes.map((one: { ipv4Private: string | null }) => one.ipv4Private)
    expect(addresses.filter((one: string | null) => one === null)).toHaveLength(2)
    expect(new Set(addresses).size).toBeLessThan(59)
    expect(nodes.every((one: { name: string }) => one.name)).toBe(true)
  })
})

describe('a run', () => {
  it('answers the second click with the running one, and stops when told to', async () => {
    const own = await started({ regions: { 'eu-west-1': 3000 } })
    own.control.setFaults('eu-west-1', { slowMs: 400 })
    const { run } = await own.sync()
    expect(await own.sync()).toMatchObject({ alreadyRunning: true, run: { id: run.id } })
    await own.watch(run.id, (one) => (one.totals.created ?? 0) > 0)
    await own.query(`mutation ($id: ID!) { runCancel(input: { id: $id }) { run { cancelRequested } } }`, run)
    const end = await own.watch(run.id)
    expect(end).toMatchObject({ state: 'CANCELLED', totals: { missing: 0 } })
    expect(end.totals.created).toBeLessThan(3000)
    own.control.clearFaults()
    expect(await own.syncToTheEnd()).toMatchObject({ state: 'SUCCEEDED', totals: { found: 3000 } })
    expect((await own.servers()).totalCount).toBe(3000)
  }, 60_000)

  it('is taken up by another worker when its own is killed, and nothing is there twice', async () => {
    const own = await started({ regions: { 'eu-west-1': 4000 } }, { workers: 'none' })
    own.control.setFaults('eu-west-1', { slowMs: 300 })
    const first = await spawnWorkers(own.api)
    const { run } = await own.sync()
    await own.watch(run.id, (one) => (one.totals.created ?? 0) >= 1000)
    await killed(first, 'SIGKILL')
    own.control.clearFaults()
    const second = await spawnWorkers(own.api)
    try {
      const end = await own.watch(run.id, (one) => one.state === 'SUCCEEDED' || one.state === 'FAILED')
      expect(end).toMatchObject({ state: 'SUCCEEDED', attempt: 2 })
      expect((await own.servers()).totalCount).toBe(4000)
      const { db } = own.api.core
      expect(await db.collection('changes').countDocuments({ recordKind: 'SERVER' })).toBe(4000)
      // One that the dead worker had only begun is taken back when its lease is over.
      const left = () => db.collection('changeSets').countDocuments({ applied: false })
      await expect.poll(left, { timeout: 60_000, interval: 500 }).toBe(0)
    } finally {
      await killed(second, 'SIGTERM')
    }
  }, 120_000)

  it('outlives a Redis that is restarted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maestro-redis-'))
    const services = await startServices({ dataDir: folder, mongoUri: inject('mongoUri') })
    try {
      const own = await started(
        { regions: { 'eu-west-1': 4000 } },
        { settings: { REDIS_URL: services.redisUrl } },
      )
      own.control.setFaults('eu-west-1', { slowMs: 300 })
      const { run } = await own.sync()
      await own.watch(run.id, (one) => (one.totals.created ?? 0) > 0)
      await services.redis!.restart()
      let state = 'RUNNING'
      while (state === 'RUNNING') {
        await pause(200)
        const answer = await own.query(`query ($id: ID!) { run(id: $id) { state totals { found } } }`, run)
        state = answer.run.state
      }
      expect(state).toBe('SUCCEEDED')
      expect((await own.servers()).totalCount).toBe(4000)
      await estate!.close()
      estate = undefined
    } finally {
      await services.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }, 120_000)
})
