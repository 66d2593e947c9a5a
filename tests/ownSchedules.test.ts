import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeId, decodeId } from '../core/platform/ids.ts'
import { deliveriesOf } from '../core/scheduling/delivery.ts'
import { occurrencesOf, sweepOccurrences } from '../core/scheduling/occurrence.ts'
import { ownSchedulesOf } from '../core/scheduling/ownSchedule.ts'
import { schedulesOf } from '../core/scheduling/schedule.ts'
import { tick } from '../core/scheduling/tick.ts'
import { tickOwn } from '../core/scheduling/tickOwn.ts'
import { codes, mutate } from './access/ask.ts'
import { startEstate } from './estate.ts'
import { startReceiver } from './receiver.ts'

const minute = 60_000
const scheduleFields = `id version name inWords everyMinutes cron paused nextAt lastAt failures missed
  action { type resources target { ... on Connection { name } ... on Webhook { name } } }
  followedBy { id after delaySeconds to { name } }
  occurrences { nodes { cause by state problem missed run { title state } delivery { state answer { status } } } }`

describe('own schedules', () => {
  let estate: Awaited<ReturnType<typeof startEstate>>
  let receiver: Awaited<ReturnType<typeof startReceiver>>
  let webhook: string
  beforeAll(async () => {
    estate = await startEstate({ regions: { 'eu-west-1': 3 } })
  })
  afterAll(() => estate?.close())
  beforeEach(async () => {
    receiver = await startReceiver()
    webhook = await estate.create('webhook', 'WebhookCreateInput', { name: 'Chat', url: receiver.url })
  })
  afterEach(() => receiver.close())

  const call = (name: string, input: Record<string, unknown>, fields = '', as = estate.token) =>
    mutate(estate.api, as, name, input, fields)
  const create = (input: object = {}, as = estate.token) =>
    call(
      'ownScheduleCreate',
      { name: 'Nightly', action: { type: 'WEBHOOK', target: webhook }, ...input },
      `schedule { ${scheduleFields} }`,
      as,
    )
  const made = async (name = 'Nightly', input: object = {}) => {
    const answer = await create({ name, ...input })
    expect(answer.userErrors).toEqual([])
    return answer.schedule as { id: string; version: number; nextAt: string | null }
  }
  const look = async (id: string) =>
    (await estate.query(`query ($id: ID!) { ownSchedule(id: $id) { ${scheduleFields} } }`, { id }))
      .ownSchedule
  const past = async (id: string) => (await look(id)).occurrences.nodes
  const due = (id: string, at = new Date(Date.now() - 1000)) =>
    ownSchedulesOf(estate.api.core).updateOne({ _id: decodeId(id).id }, { $set: { nextAt: at } })
  const look4 = () => Promise.all([1, 2, 3, 4].map(() => tickOwn(estate.api.core)))
  const settled = async (id: string, count = 1) => {
    await expect
      .poll(
        async () => {
          await look4()
          const all = await past(id)
          return (
            all.length >= count &&
            all.every(({ state }: { state: string }) => /ED$/.test(state) && state !== 'STARTED')
          )
        },
        { timeout: 20_000 },
      )
      .toBe(true)
    return past(id)
  }
  const run = async (id: string) => expect(codes(await call('ownScheduleRun', { id }))).toEqual([])
  const chain = (from: string, to: string, after = 'SUCCESS', delaySeconds = 0) =>
    call('chainCreate', { from, to, after, delaySeconds }, 'chain { id }')

  it('sends a message when it is due, once, although several look at the same moment', async () => {
    const one = await made('Hourly', { everyMinutes: 60 })
    expect(+new Date(one.nextAt!) - Date.now()).toBeGreaterThan(59 * minute)
    const at = new Date(Date.now() - 1000)
    await due(one.id, at)
    await look4()
    const [only] = await settled(one.id)
    expect(await past(one.id)).toHaveLength(1)
    expect(only).toMatchObject({ cause: 'TIME', state: 'SUCCEEDED', delivery: { state: 'DELIVERED' } })
    expect(receiver.received).toHaveLength(1)
    expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({
      type: 'schedule.due',
      data: { schedule: 'Hourly', cause: 'TIME' },
    })
    expect(new Date((await look(one.id)).nextAt)).toEqual(new Date(+at + 60 * minute))
  })

  it('reads some resources of a connection, by hand also while it is paused', async () => {
    const action = { type: 'CRAWL', target: estate.connection, resources: ['instances'] }
    const one = await made('Read', { action, cron: '0 6 * * 1-5', timeZone: 'Europe/Berlin', paused: true })
    expect(await look(one.id)).toMatchObject({
      inWords: 'From Monday to Friday at 06:00 in Europe/Berlin',
      action: { type: 'CRAWL', resources: ['instances'], target: { name: 'aws-prod' } },
    })
    await due(one.id)
    await look4()
    expect(await past(one.id)).toEqual([])
    await run(one.id)
    expect(await settled(one.id)).toMatchObject([
      { cause: 'PERSON', by: 'Ada', state: 'SUCCEEDED', run: { title: 'Sync instances of aws-prod' } },
    ])
    expect((await estate.servers()).totalCount).toBe(3)
  })

  it('tells what was missed while nothing was running, and keeps its beat', async () => {
    const one = await made('Often', { everyMinutes: 5 })
    const at = new Date(Date.now() - 61 * minute)
    await due(one.id, at)
    await look4()
    const [only] = await settled(one.id)
    expect(only.missed).toBe(12)
    const now = await look(one.id)
    expect(now.missed).toBe(12)
    expect((+new Date(now.nextAt) - +at) % (5 * minute)).toBe(0)
    expect(receiver.received).toHaveLength(1)
  })

  // W-SCH-01: an answer of 400 with a body counted as success, and started what follows.
  it('has failed where the other side refuses, and starts what follows a failure alone', async () => {
    receiver.answer((response) => void response.writeHead(410).end('{"fine": true}'))
    const [first, well, badly, always] = await Promise.all([
      made('First'),
      made('Well', { paused: true }),
      made('Badly', { paused: true }),
      made('Always', { paused: true }),
    ])
    await chain(first.id, well.id)
    await chain(first.id, badly.id, 'FAILURE')
    await chain(first.id, always.id, 'ALWAYS')
    await run(first.id)
    expect(await settled(first.id)).toMatchObject([
      { state: 'FAILED', delivery: { answer: { status: 410 } } },
    ])
    expect((await settled(badly.id))[0]).toMatchObject({ cause: 'CHAIN', state: 'SKIPPED' })
    expect(await settled(always.id)).toHaveLength(1)
    expect(await past(well.id)).toEqual([])
    expect((await look(first.id)).failures).toBe(1)
  })

  // W-SCH-04: one failure switched a schedule off until a person switched it on again.
  it('goes on after failures, and forgets them when it works', async () => {
    const one = await made('Stubborn', { everyMinutes: 1 })
    receiver.status(410)
    for (const failures of [1, 2]) {
      await due(one.id)
      await look4()
      await settled(one.id, failures)
      expect(await look(one.id)).toMatchObject({ failures, paused: false })
    }
    receiver.well()
    await due(one.id)
    await look4()
    await settled(one.id, 3)
    expect(await look(one.id)).toMatchObject({ failures: 0, paused: false })
  })

  it('does not start a second time what still waits to begin', async () => {
    const other = { type: 'CRAWL', target: estate.connection, resources: ['volumes'] }
    const resources = (await estate.query('{ crawlers { provider resources { name } } }')).crawlers.find(
      ({ provider }: { provider: string }) => provider === 'AWS',
    ).resources
    expect(resources.length).toBeGreaterThan(1)
    other.resources = [resources.find(({ name }: { name: string }) => name !== 'instances').name]
    const one = await made('Waits', { everyMinutes: 1, action: other })
    estate.control.setFaults('eu-west-1', { slowMs: 2_000 })
    const { run: busy } = (
      await estate.query(
        `mutation ($id: ID!) { connectionSync(input: { id: $id, resources: ["instances"] }) { run { id } } }`,
        { id: estate.connection },
      )
    ).connectionSync
    await due(one.id)
    await look4()
    await due(one.id, new Date(Date.now() - 10))
    await look4()
    estate.control.clearFaults('eu-west-1')
    expect((await past(one.id)).map(({ state }: { state: string }) => state).sort()).toEqual([
      'SKIPPED',
      'WAITING',
    ])
    await estate.watch(busy.id)
    await call('ownScheduleDelete', { id: one.id, version: 1 })
  })

  // W-SCH-02: chains could loop without limit, and got swapped arguments.
  it('refuses a loop and names it, however far around', async () => {
    const [a, b, c] = await Promise.all([made('A'), made('B'), made('C')])
    expect(codes(await chain(a.id, b.id))).toEqual([])
    expect(codes(await chain(b.id, c.id))).toEqual([])
    const loop = await chain(c.id, a.id, 'ALWAYS')
    expect(codes(loop)).toEqual(['CYCLE'])
    expect(loop.userErrors[0].message).toContain('C → A → B → C')
    expect(codes(await chain(a.id, a.id))).toEqual(['CYCLE'])
    expect((await look(c.id)).followedBy).toEqual([])
    const both = await Promise.all([chain(c.id, a.id), chain(b.id, a.id)])
    expect(both.map(codes)).toEqual([['CYCLE'], ['CYCLE']])
  })

  it('follows one after the other, each with its own action, once and after its delay', async () => {
    const first = await made('One')
    const then = await made('Two', {
      action: { type: 'CRAWL', target: estate.connection, resources: ['instances'] },
    })
    const last = await made('Three')
    await chain(first.id, then.id)
    await chain(then.id, last.id, 'SUCCESS', 3600)
    await run(first.id)
    await settled(first.id)
    expect(await settled(then.id)).toMatchObject([
      { cause: 'CHAIN', run: { title: 'Sync instances of aws-prod' } },
    ])
    await look4()
    expect(await past(last.id)).toMatchObject([{ cause: 'CHAIN', state: 'WAITING' }])
    const waits = await occurrencesOf(estate.api.core).findOne({ schedule: decodeId(last.id).id })
    expect(+waits!.dueAt - Date.now()).toBeGreaterThan(59 * minute)
    expect((await look(first.id)).followedBy).toMatchObject([{ after: 'SUCCESS', to: { name: 'Two' } }])
  })

  it('follows a schedule of a connection', async () => {
    const { core } = estate.api
    const next = await made('After the crawl')
    const source = await schedulesOf(core).findOne({ resource: 'instances' })
    const from = encodeId('Schedule', source!._id)
    expect(codes(await chain(from, next.id))).toEqual([])
    await schedulesOf(core).updateOne({ _id: source!._id }, { $set: { nextAt: new Date(Date.now() - 1000) } })
    await expect
      .poll(
        async () => {
          await Promise.all([tick(core), tick(core)])
          return (await past(next.id)).length
        },
        { timeout: 20_000 },
      )
      .toBe(1)
    expect(await settled(next.id)).toMatchObject([{ cause: 'CHAIN', state: 'SUCCEEDED' }])
    const { connection } = await estate.query(
      'query ($id: ID!) { connection(id: $id) { schedules { resource followedBy { id to { name } } } } }',
      { id: estate.connection },
    )
    const [told] = connection.schedules.filter(
      ({ resource }: { resource: string }) => resource === 'instances',
    )
    expect(told.followedBy).toMatchObject([{ to: { name: 'After the crawl' } }])
    expect(codes(await call('chainDelete', { id: told.followedBy[0].id }))).toEqual([])
  })

  // W-SCH-05: every run was kept with all of its response.
  it('forgets what it did after its time', async () => {
    const one = await made('Old')
    await run(one.id)
    await settled(one.id)
    await sweepOccurrences(estate.api.core)
    expect(await past(one.id)).toHaveLength(1)
    const { schedule } = (await occurrencesOf(estate.api.core).findOne({ schedule: decodeId(one.id).id }))!
    await occurrencesOf(estate.api.core).updateMany({ schedule }, { $set: { expiresAt: new Date(0) } })
    await sweepOccurrences(estate.api.core)
    expect(await past(one.id)).toEqual([])
  })

  it.each([
    [{ name: '' }, 'name'],
    [{ everyMinutes: 0 }, 'everyMinutes'],
    [{ everyMinutes: 5, cron: '0 6 * * *' }, 'everyMinutes'],
    [{ cron: 'often' }, 'cron'],
    [{ cron: '0 6 * * *', timeZone: 'Nowhere' }, 'timeZone'],
  ])('is refused with %j, and the field is named', async (input, field) => {
    expect(await create(input)).toMatchObject({ schedule: null, userErrors: [{ field: [field] }] })
  })

  it('is changed, ended and deleted; the webhook that it calls stays until then', async () => {
    const one = await made('Changes', { everyMinutes: 5 })
    const update = (input: object) =>
      call('ownScheduleUpdate', { id: one.id, ...input }, `schedule { ${scheduleFields} }`)
    const nightly = await update({ version: 1, cron: '0 3 * * *' })
    expect(nightly.schedule).toMatchObject({ everyMinutes: null, cron: '0 3 * * *', version: 2 })
    expect(codes(await update({ version: 1, paused: true }))).toEqual(['CONFLICT'])
    expect((await update({ version: 2, paused: true })).schedule).toMatchObject({
      paused: true,
      cron: '0 3 * * *',
    })
    expect((await update({ version: 3, cron: null })).schedule).toMatchObject({ cron: null, nextAt: null })
    const refused = await call('webhookDelete', { id: webhook, version: 1 })
    expect(refused.userErrors).toMatchObject([{ code: 'IN_USE' }])
    expect(refused.userErrors[0].message).toContain('Changes')
    expect(codes(await call('ownScheduleDelete', { id: one.id, version: 4 }))).toEqual([])
    expect(codes(await call('webhookDelete', { id: webhook, version: 1 }))).toEqual([])
  })

  it('is nobody else’s, and does nothing for those who may not do it themselves', async () => {
    const grace = await estate.api.signUp('Grace')
    expect(codes(await create({}, grace.token))).toEqual(['NOT_FOUND'])
    const crawl = { type: 'CRAWL', target: estate.connection }
    expect(codes(await create({ action: crawl }, grace.token))).toEqual(['NOT_FOUND'])
    await call('accessUpdate', { ids: [webhook], set: [{ principal: grace.userId, level: 'READ' }] })
    expect(codes(await create({}, grace.token))).toEqual(['FORBIDDEN'])
    const one = await made('Private')
    for (const name of ['ownScheduleRun', 'ownScheduleDelete', 'ownScheduleUpdate'])
      expect(
        codes(
          await call(name, { id: one.id, ...(name !== 'ownScheduleRun' && { version: 1 }) }, '', grace.token),
        ),
      ).toEqual(['NOT_FOUND'])
    await call('accessUpdate', { ids: [one.id], set: [{ principal: grace.userId, level: 'READ' }] })
    expect(codes(await call('ownScheduleRun', { id: one.id }, '', grace.token))).toEqual(['FORBIDDEN'])
    expect(await deliveriesOf(estate.api.core).countDocuments({ requestedBy: 'Private' })).toBe(0)
  })

  it('shows its next times in words before it is saved', async () => {
    const { schedulePreview } = await estate.query(
      '{ schedulePreview(when: { cron: "0 6 * * 1", timeZone: "Asia/Tokyo" }) { inWords timesInWords userErrors { field } } }',
    )
    expect(schedulePreview.inWords).toBe('Every Monday at 06:00 in Asia/Tokyo')
    expect(schedulePreview.timesInWords).toHaveLength(5)
    for (const time of schedulePreview.timesInWords) expect(time).toMatch(/^Monday, .* at 06:00$/)
  })
})
