import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schedulesOf } from '../core/scheduling/schedule.ts'
import { scheduleAll } from '../core/scheduling/schedules.ts'
import { tick } from '../core/scheduling/tick.ts'
import { decodeId } from '../core/platform/ids.ts'
import { runsOf } from '../core/runs/run.ts'
import { demoAccount } from '../dev/emulators/aws/accounts.ts'
import { startEstate } from './estate.ts'

const minute = 60_000

interface Told {
  id: string
  version: number
  resource: string
  everyMinutes: number | null
  cron: string | null
  paused: boolean
  nextAt: string
  lastAt: string | null
  failures: number
  slowedBy: number
  missed: number
  lastRun: { id: string; state: string; title: string } | null
}

describe('a connection that is read by itself', () => {
  let estate: Awaited<ReturnType<typeof startEstate>>
  beforeAll(async () => {
    estate = await startEstate({ regions: { 'eu-west-1': 5 } })
  })
  afterAll(() => estate?.close())

  const schedules = async (): Promise<Told[]> =>
    (
      await estate.query(
        `query ($id: ID!) { connection(id: $id) { schedules { id version resource everyMinutes cron paused nextAt lastAt
          failures slowedBy missed lastRun { id state title } } } }`,
        { id: estate.connection },
      )
    ).connection.schedules
  const instances = async () => (await schedules()).find(({ resource }) => resource === 'instances')!
  const update = async (input: object) =>
    (
      await estate.query(
        `mutation ($input: ScheduleUpdateInput!) { scheduleUpdate(input: $input) {
          schedule { version everyMinutes cron paused nextAt } userErrors { code field message } } }`,
        { input },
      )
    ).scheduleUpdate
  const due = async (at: Date, over: object = {}) =>
    schedulesOf(estate.api.core).updateOne(
      { _id: decodeId((await instances()).id).id },
      { $set: { nextAt: at, ...over } },
    )
  const runs = () => runsOf(estate.api.core).countDocuments({ kind: 'crawl' })
  const ended = async () => {
    await expect
      .poll(async () => (await instances()).lastRun?.state, { timeout: 30_000 })
      .toMatch(/ED$|PARTIAL/)
    return instances()
  }

  it('has a schedule for each resource from the start, within its first period', async () => {
    const one = await instances()
    expect(one).toMatchObject({ everyMinutes: 5, cron: null, paused: false, lastRun: null, slowedBy: 1 })
    expect(+new Date(one.nextAt) - Date.now()).toBeLessThanOrEqual(5 * minute)
    await scheduleAll(estate.api.core)
    expect(await instances()).toEqual(one)
  })

  it('is read when it is due, once, although several look at the same moment', async () => {
    const before = await runs()
    const was = new Date(Date.now() - 1000)
    await due(was)
    await Promise.all([1, 2, 3, 4].map(() => tick(estate.api.core)))
    expect(await runs()).toBe(before + 1)
    const one = await ended()
    expect(one.lastRun).toMatchObject({ state: 'SUCCEEDED', title: 'Sync instances of aws-prod' })
    expect(new Date(one.nextAt)).toEqual(new Date(+was + 5 * minute))
    expect((await estate.servers()).totalCount).toBe(5)
  })

  it('is not begun again where the one who began it was lost before he could say so', async () => {
    await tick(estate.api.core)
    const before = await runs()
    const at = new Date(Date.now() - 1000)
    await due(at)
    await tick(estate.api.core)
    await ended()
    await due(at)
    await tick(estate.api.core)
    expect(await runs()).toBe(before + 1)
  })

  it('tells what was missed, and keeps its beat', async () => {
    const at = new Date(Date.now() - 61 * minute)
    await due(at, { missed: 0 })
    await tick(estate.api.core)
    const one = await ended()
    expect(one.missed).toBe(12)
    expect((+new Date(one.nextAt) - +at) % (5 * minute)).toBe(0)
    expect(+new Date(one.nextAt)).toBeGreaterThan(Date.now())
  })

  it('is read less often after repeated failures, says so, and recovers by itself', async () => {
    const { control, api } = estate
    control.updateAccount(demoAccount.accessKeyId, { expired: true })
    for (let failures = 1; failures <= 3; failures++) {
      await due(new Date(Date.now() - 1000))
      await tick(api.core)
      await ended()
      await tick(api.core)
      expect(await instances()).toMatchObject({ failures, slowedBy: failures < 3 ? 1 : 2 })
    }
    const slowed = await instances()
    expect(+new Date(slowed.nextAt) - +new Date(slowed.lastAt!)).toBe(10 * minute)
    control.updateAccount(demoAccount.accessKeyId, { expired: false })
    await due(new Date(Date.now() - 1000))
    await tick(api.core)
    await ended()
    await tick(api.core)
    expect(await instances()).toMatchObject({ failures: 0, slowedBy: 1 })
  })

  it('waits while another run of the connection does something else', async () => {
    const { control, api, connection } = estate
    control.setFaults('eu-west-1', { slowMs: 2_000 })
    await schedulesOf(api.core).updateOne(
      { _id: decodeId((await instances()).id).id },
      { $set: { resource: 'something else', nextAt: new Date(0) } },
    )
    const { run } = (
      await estate.query(
        `mutation ($id: ID!) { connectionSync(input: { id: $id, resources: ["instances"] }) { run { id } userErrors { message } } }`,
        { id: connection },
      )
    ).connectionSync
    await tick(api.core)
    const other = (await schedules()).find(({ resource }) => resource === 'something else')
    expect(+new Date(other!.nextAt) - Date.now()).toBeGreaterThan(20_000)
    expect(other!.lastRun?.id).not.toBe(run.id)
    control.clearFaults('eu-west-1')
    await estate.watch(run.id)
    await schedulesOf(api.core).updateOne(
      { _id: decodeId(other!.id).id },
      { $set: { resource: 'instances', nextAt: new Date(Date.now() + minute) } },
    )
  })

  it('can be paused, and be read as a cron expression says', async () => {
    const { id, version: first } = await instances()
    const paused = await update({ id, version: first, paused: true })
    expect(paused).toMatchObject({ userErrors: [], schedule: { paused: true, everyMinutes: 5 } })
    const before = await runs()
    await due(new Date(0))
    await tick(estate.api.core)
    expect(await runs()).toBe(before)

    const { version } = paused.schedule
    const nightly = await update({ id, version, cron: '0 3 * * *', timeZone: 'Europe/Berlin', paused: false })
    expect(nightly).toMatchObject({ userErrors: [], schedule: { cron: '0 3 * * *', everyMinutes: null } })
    expect(new Date(nightly.schedule.nextAt).getUTCMinutes()).toBe(0)
    expect((await update({ id, version, paused: true })).userErrors).toMatchObject([{ code: 'CONFLICT' }])
    const again = await update({ id, version: nightly.schedule.version, everyMinutes: 30 })
    expect(again.schedule).toMatchObject({ cron: null, everyMinutes: 30 })
  })

  it.each([
    [{ everyMinutes: 0 }, 'everyMinutes'],
    [{ cron: 'often' }, 'cron'],
    [{ cron: '0 6 * * *', timeZone: 'Nowhere' }, 'timeZone'],
    [{ cron: '0 6 * * *', everyMinutes: 5 }, 'everyMinutes'],
  ])('refuses %j, and names the field', async (changes, field) => {
    const { id, version } = await instances()
    expect(await update({ id, version, ...changes })).toMatchObject({
      schedule: null,
      userErrors: [{ code: 'INVALID', field: [field] }],
    })
  })

  it('shows the next times before anything is saved', async () => {
    const ask = `query ($when: WhenInput!) { schedulePreview(when: $when) { times userErrors { field } } }`
    const { schedulePreview } = await estate.query(ask, {
      when: { cron: '0 6 * * 1-5', timeZone: 'Asia/Tokyo' },
    })
    expect(schedulePreview.times).toHaveLength(5)
    for (const time of schedulePreview.times) expect(time).toMatch(/T21:00:00/)
    const wrong = await estate.query(ask, { when: { cron: '61 * * * *' } })
    expect(wrong.schedulePreview).toEqual({ times: [], userErrors: [{ field: ['cron'] }] })
  })

  it('is nobody else’s to see or change', async () => {
    const { id, version } = await instances()
    const stranger = await estate.api.signUp('Stranger')
    const { errors } = await estate.api.query(
      `mutation ($id: ID!, $version: Int!) { scheduleUpdate(input: { id: $id, version: $version, paused: true }) { userErrors { code } } }`,
      { id, version },
      stranger.token,
    )
    expect(errors![0]!.extensions!.code).toBe('NOT_FOUND')
  })

  it('refuses to sync resources that the provider does not have', async () => {
    const { connectionSync } = await estate.query(
      `mutation ($id: ID!) { connectionSync(input: { id: $id, resources: ["castles"] }) { run { id } userErrors { field message } } }`,
      { id: estate.connection },
    )
    expect(connectionSync.userErrors).toEqual([
      { field: ['resources'], message: expect.stringContaining('instances') as string },
    ])
  })
})
