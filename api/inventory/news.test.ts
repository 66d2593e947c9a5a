import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { randomBytes } from 'node:crypto'
import { changeSetsOf, recordsOf } from '../../core/history/records.ts'
import { teamPrincipal } from '../../core/accounts/team.ts'
import { principalOf } from '../../core/accounts/user.ts'
import type { AccessEntry } from '../../core/platform/access.ts'
import { makePerson, makeTeam, type Person } from '../../tests/access/people.ts'
import { makeAssets, type Thing } from '../../tests/access/things.ts'
import { startTestApi, type TestApi } from '../testing.ts'

// Tests say by their assertions what they expect of an answer.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any

let api: TestApi
let ada: Person
let bob: Person
const open: AsyncIterableIterator<unknown>[] = []

beforeAll(async () => void (api = await startTestApi()))
afterAll(() => api.close())
beforeEach(async () => {
  ada = await makePerson(api.core, 'Ada')
  bob = await makePerson(api.core, 'Bob')
})
afterEach(async () => void (await Promise.all(open.splice(0).map((events) => events.return?.()))))

const document = `subscription ($filter: InventoryChangedFilter, $after: String) {
  inventoryChanged(filter: $filter, after: $after) { cursor many
    changes { action id asset { id name ... on Server { role datacenter { name } } } } } }`

/** Watches, and has been told where it stands. */
async function watch(person: Person, variables: object = {}, own = api) {
  const events = own.subscribe(document, variables as Record<string, unknown>, person.token)
  open.push(events)
  const next = async (): Promise<Loose> => {
    const { value } = await events.next()
    if (value.errors) throw Object.assign(new Error(value.errors[0].message), value.errors[0].extensions)
    return value.data.inventoryChanged
  }
  const begun = await next()
  expect(begun).toMatchObject({ many: false, changes: [] })
  return { events, next, cursor: begun.cursor as string }
}
const told = ({ changes }: { changes: { action: string; asset: { name: string } | null }[] }) =>
  changes.map(({ action, asset }) => [action, asset?.name ?? null])

const entry = (person: Person, level: AccessEntry['level']): AccessEntry => ({
  ...principalOf(person._id),
  level,
})
const make = async (names: string[], access: AccessEntry[], facts: object = {}, kind = 'SERVER') =>
  (
    await makeAssets(
      api.core,
      'Add things',
      names.map((name) => ({ kind, facts: { name, ...facts }, access })),
    )
  ).things
async function ask(name: string, input: object, token = ada.token, more = '') {
  const { data, errors } = await api.query(
    `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { answer: ${name}(input: $input) { ${more} userErrors { code message } } }`,
    { input },
    token,
  )
  expect([errors, data?.answer.userErrors]).toEqual([undefined, []])
  return data.answer as Loose
}
const set = (things: Thing[], server: object) =>
  ask('assetsUpdate', { ids: things.map(({ id }) => id), set: { server } })

describe('news of the inventory', () => {
  it('tell of what is added, updated, retired and restored, as the queries do', async () => {
    const { next } = await watch(ada)
    const [place] = await make(['Dublin'], [entry(ada, 'ADMIN')], { provider: 'own' }, 'DATACENTER')
    expect(told(await next())).toEqual([['ADDED', 'Dublin']])
    const [server] = await make(['web-1'], [entry(ada, 'ADMIN')])
    expect(told(await next())).toEqual([['ADDED', 'web-1']])
    await set([server!], { role: 'web', datacenter: place!.id })
    expect((await next()).changes).toEqual([
      {
        action: 'UPDATED',
        id: server!.id,
        asset: { id: server!.id, name: 'web-1', role: 'web', datacenter: { name: 'Dublin' } },
      },
    ])
    await ask('assetsRetire', { assets: [{ id: server!.id, version: 2 }] })
    expect(told(await next())).toEqual([['RETIRED', 'web-1']])
    await ask('assetsRestore', { assets: [{ id: server!.id, version: 3 }] })
    expect(told(await next())).toEqual([['RESTORED', 'web-1']])
  })

  it('keep to kinds, ids and the filter of a list, and say what no longer fits it', async () => {
    const access = [entry(ada, 'ADMIN')]
    const things = await make(['a', 'b'], access, { role: 'web' })
    const byKind = await watch(ada, { filter: { kinds: ['CLIENT'] } })
    const byId = await watch(ada, { filter: { ids: [things[1]!.id] } })
    const byFilter = await watch(ada, { filter: { where: { servers: { role: { eq: 'web' } } } } })
    await set(things, { cpu: 1 })
    await make(['c'], access, {}, 'CLIENT')
    await set(things, { role: 'api' })
    await set(things, { cpu: 2 })
    await make(['d'], access, { role: 'web' })
    expect(told(await byKind.next())).toEqual([['ADDED', 'c']])
    expect(told(await byId.next())).toEqual([['UPDATED', 'b']])
    const heard = [...told(await byFilter.next())]
    while (!heard.some(([, name]) => name === 'd')) heard.push(...told(await byFilter.next()))
    expect(heard.filter(([action]) => action === 'LEFT').length).toBeGreaterThanOrEqual(2)
    expect(heard.filter(([action]) => action !== 'LEFT').every(([, name]) => name !== 'c')).toBe(true)
    expect(heard.at(-1)).toEqual(['ADDED', 'd'])
  })

  it('are of what may be seen at that moment, whatever is shared and taken back meanwhile', async () => {
    const { next } = await watch(bob)
    const [hidden] = await make(['hidden'], [entry(ada, 'ADMIN')])
    const [shared] = await make(['shared'], [entry(ada, 'ADMIN'), entry(bob, 'READ')])
    expect(told(await next())).toEqual([['ADDED', 'shared']])
    await set([hidden!, shared!], { role: 'x' })
    expect(told(await next())).toEqual([['UPDATED', 'shared']])
    await ask('accessUpdate', { ids: [shared!.id], remove: [bob.id] })
    expect((await next()).changes).toEqual([{ action: 'LEFT', id: shared!.id, asset: null }])
    await set([hidden!, shared!], { role: 'y' })
    // The next that is heard is the next that may be seen.
    const [last] = await make(['last'], [entry(ada, 'ADMIN'), entry(bob, 'READ')])
    expect((await next()).changes).toMatchObject([{ action: 'ADDED', id: last!.id }])
    const root = await makePerson(api.core, 'Root', { administrator: true })
    await ask('accessUpdate', { ids: [hidden!.id], set: [{ principal: bob.id, level: 'READ' }] }, root.token)
    expect(told(await next())).toEqual([['ADDED', 'hidden']])
  })

  it('end with a membership, on the socket that is open', async () => {
    const team = await makeTeam(api.core, 'Team', [
      [ada, 'ADMIN'],
      [bob, 'READ'],
    ])
    const access = [{ ...teamPrincipal(team._id), level: 'ADMIN' as const }]
    const { next } = await watch(bob)
    const [server] = await make(['of-team'], access)
    expect(told(await next())).toEqual([['ADDED', 'of-team']])
    await ask('teamMembersUpdate', { id: team.id, remove: [bob.id] })
    await new Promise((resolve) => setTimeout(resolve, 300))
    await set([server!], { role: 'secret' })
    await make(['own'], [entry(bob, 'ADMIN')])
    expect(told(await next())).toEqual([['ADDED', 'own']])
  })

  it('go on from a cursor: what was missed comes first, each thing once', async () => {
    const access = [entry(ada, 'ADMIN')]
    const before = await watch(ada)
    const [one] = await make(['one'], access)
    const { cursor } = await before.next()
    await before.events.return!()
    await set([one!], { role: 'a' })
    await set([one!], { role: 'b' })
    await make(['two'], access)
    const after = await watch(ada, { after: cursor })
    const missed = await after.next()
    expect(told(missed)).toEqual([
      ['UPDATED', 'one'],
      ['ADDED', 'two'],
    ])
    expect(missed.changes[0].asset.role).toBe('b')
    await set([one!], { role: 'c' })
    expect(told(await after.next())).toEqual([['UPDATED', 'one']])
    const again = await watch(ada, { after: missed.cursor })
    expect(told(await again.next())).toEqual([['UPDATED', 'one']])
  })

  it('refuse a cursor that is none, is of elsewhere, or lies beyond what is remembered', async () => {
    await make(['x'], [entry(ada, 'ADMIN')])
    const cursorOf = (place: number) => Buffer.from(`news:${place}`).toString('base64url')
    for (const after of ['nonsense', cursorOf(1e12)])
      await expect(watch(ada, { after })).rejects.toBeDefined()
    const [last] = await changeSetsOf(api.core)
      .find({ place: { $gt: 0 } })
      .sort({ place: -1 })
      .limit(1)
      .toArray()
    await changeSetsOf(api.core).updateOne({ _id: last!._id }, { $set: { compacted: true } })
    const refused = await watch(ada, { after: cursorOf(last!.place!) }).catch((error: unknown) => error)
    expect(JSON.stringify(refused)).toContain('BAD_USER_INPUT')
    await expect(watch(ada, { filter: { where: {} } })).rejects.toBeDefined()
  })

  it('of a burst only say that lists are to be read again, to those whom it concerns', async () => {
    const mine = await watch(ada)
    const foreign = await watch(bob)
    const names = Array.from({ length: 1000 }, (_, n) => `burst-${n}`)
    for (let n = 0; n < 10; n++) await make(names, [entry(ada, 'ADMIN')])
    const ending = setInterval(() => void make(['end'], [entry(ada, 'ADMIN')]), 500)
    let bursts = 0
    for (;;) {
      const { many, changes } = await mine.next()
      if (changes.length) break
      expect(many).toBe(true)
      bursts++
    }
    clearInterval(ending)
    expect(bursts).toBeGreaterThanOrEqual(1)
    expect(bursts).toBeLessThan(8)
    await make(['for bob'], [entry(ada, 'ADMIN'), entry(bob, 'READ')])
    expect(told(await foreign.next())).toEqual([['ADDED', 'for bob']])
  }, 60_000)

  it('cost as many commands for one thing as for two hundred', async () => {
    const { next } = await watch(ada)
    const measure = async (count: number) => {
      const things = Array.from({ length: count }, () => randomBytes(4).toString('hex'))
      await make(things, [entry(ada, 'ADMIN')])
      const before = api.commands()
      const news = await next()
      expect(news.changes).toHaveLength(count)
      return api.commands() - before
    }
    // What is read before and after the news comes is the same each time.
    await measure(3)
    const [few, many] = [await measure(1), await measure(200)]
    expect(many).toBeLessThanOrEqual(few + 1)
  })

  it('cross processes, and are numbered without gaps when several write at once', async () => {
    const { MONGODB_DATABASE, SESSION_SECRET } = api.core.config
    const other = await startTestApi({ settings: { MONGODB_DATABASE, SESSION_SECRET } })
    try {
      const { next } = await watch(ada, {}, other)
      const names = Array.from({ length: 20 }, (_, n) => `p-${n}`)
      await Promise.all(names.map((name) => make([name], [entry(ada, 'ADMIN')])))
      const heard: string[] = []
      while (heard.length < names.length) heard.push(...told(await next()).map(([, name]) => name!))
      expect(heard.sort()).toEqual(names.sort())
      const places = (
        await changeSetsOf(api.core)
          .find({ place: { $gt: 0 } })
          .sort({ place: 1 })
          .toArray()
      ).map(({ place }) => place)
      expect(places).toEqual(places.map((_, index) => index + 1))
      expect(await recordsOf(api.core, 'assets').countDocuments({ name: /^p-/ })).toBe(20)
    } finally {
      await other.core.db.client.close().catch(() => undefined)
    }
  })
})
