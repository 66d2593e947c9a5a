import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { principalOf } from '../../core/accounts/user.ts'
import { recordsOf } from '../../core/history/records.ts'
import { decodeId } from '../../core/platform/ids.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { dice, World } from './world.ts'

let api: TestApi

beforeAll(async () => {
  api = await startTestApi({ settings: { COST_LIMIT: '10000000' } })
  await api.signUp()
})
afterAll(() => api.close())

/** Everything that can be seen of an inventory. `asOf` stands where the moment goes. */
const copy = `query ($asOf: DateTimeISO) {
  byName: servers(first: 200, asOf: $asOf) { totalCount nodes {
    id version name role cpu environment status createdAt updatedAt retiredAt identifiers tags { key value }
    datacenter { name } mergedInto { name } lastSeenAt
    drift { field declared observed } observations { state values changedAt }
    provenance { field origin value declaredBy }
    apps { totalCount edges { node { name } relation { version properties { role notes } } } facets(by: [STATUS]) { values { value count } } }
    relations(direction: BACKWARD) { totalCount nodes { kind version from { name } to { name } properties { notes } } }
    changes(first: 50) { totalCount nodes { action version } }
  } facets(by: [STATUS, ENVIRONMENT, DATACENTER]) { field missingCount otherCount values { value label count } } }
  byCpu: servers(first: 200, asOf: $asOf, orderBy: [{ field: CPU, direction: DESC }, { field: UPDATED_AT }]) { nodes { name cpu } }
  retired: servers(first: 200, asOf: $asOf, filter: { retired: { eq: true } }) { totalCount nodes { name retiredAt } }
  narrow: servers(first: 200, asOf: $asOf, filter: { or: [{ environment: { eq: "test" } }, { not: { cpu: { gte: 2 } } }], tag: { key: "team" } }) {
    totalCount nodes { name } }
  running: servers(first: 200, asOf: $asOf, filter: { apps: { some: { dependencies: { none: { name: { eq: "app-1" } } } } } }) { nodes { name } }
  drifted: servers(first: 200, asOf: $asOf, filter: { drifted: { eq: true } }) { nodes { name } }
  apps(first: 200, asOf: $asOf) { totalCount nodes { name servers(orderBy: [{ field: NAME, direction: DESC }]) { nodes { name cpu datacenter { name } } }
    dependencies { nodes { name } } dependents { nodes { name } } } }
  datacenters(first: 200, asOf: $asOf) { nodes { name servers { totalCount nodes { name cpu } facets(by: [ENVIRONMENT]) { values { value count } missingCount } } } }
  assets(first: 200, asOf: $asOf, orderBy: [{ field: CREATED_AT, direction: DESC }]) { totalCount nodes { name kind } facets(by: [KIND]) { values { value count } } }
}`

async function world(seed: number, steps: number) {
  const owner = await api.signUp(`Ada ${seed}`)
  const world = new World(api, owner, dice(seed))
  const see = async (asOf: Date | null) => {
    const { data, errors } = await api.query(copy, { asOf: asOf?.toISOString() ?? null }, owner.token)
    expect(errors, `seed ${seed}`).toBeUndefined()
    return data as object
  }
  await world.begin()
  const moments: { at: Date; seen: object; deed: string }[] = []
  for (let n = 0; n < steps; n++) {
    const deed = await world.step()
    await delay(2)
    const at = new Date()
    await delay(2)
    moments.push({ at, seen: await see(null), deed })
  }
  return { owner, world, see, moments }
}

describe('the inventory as it was', () => {
  const seeds = process.env.SEED
    ? [Number(process.env.SEED)]
    : [1, 2, 3].map(() => Math.floor(Math.random() * 1e9))

  it.each(seeds)('is what a copy taken then shows, whatever has happened since (seed %i)', async (seed) => {
    const { see, moments } = await world(seed, 30)
    for (const [index, { at, seen, deed }] of moments.entries())
      expect(await see(at), `seed ${seed}, step ${index}: ${deed}`).toEqual(seen)
  })
})

const diffed = `name role environment cpu status tags { key value } datacenter { name }`
const copyOfServers = `{ all: servers(first: 200) { nodes { id ${diffed} } }
  narrow: servers(first: 200, filter: { environment: { eq: "test" }, apps: { none: { name: { contains: "1" } } } }) { nodes { id ${diffed} } } }`
const narrow = { environment: { eq: 'test' }, apps: { none: { name: { contains: '1' } } } }
const diff = `query ($from: DateTimeISO!, $to: DateTimeISO, $filter: JSON, $after: String) {
  inventoryDiff(from: $from, to: $to, kind: SERVER, filter: $filter, first: 7, after: $after) {
    totalCount nodes { what asset { id name } fields { field before after } } pageInfo { hasNextPage endCursor } } }`

describe('the difference between two moments', () => {
  type Row = { id: string; [field: string]: unknown }
  const shown = (value: unknown) =>
    value && typeof value === 'object' && 'name' in value ? (value.name as string) : value

  /** What comparing two copies tells. */
  function compared(before: Row[], after: Row[]) {
    const was = new Map(before.map((row) => [row.id, row]))
    const is = new Map(after.map((row) => [row.id, row]))
    return [...new Set([...was.keys(), ...is.keys()])].flatMap((id) => {
      const [old, own] = [was.get(id), is.get(id)]
      if (!old || !own) return [{ id, what: own ? 'CAME' : 'WENT', fields: [] as object[] }]
      const fields = Object.keys(own)
        .map((field) => ({ field, before: shown(old[field]), after: shown(own[field]) }))
        .filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after))
      return fields.length ? [{ id, what: 'CHANGED', fields }] : []
    })
  }
  const byId = (rows: { id: string; fields: object[] }[]) =>
    rows
      .map((row) => ({
        ...row,
        fields: row.fields.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
      }))
      .sort((a, b) => a.id.localeCompare(b.id))

  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
  it(`is what comparing two copies tells (seed ${seed})`, async () => {
    const random = dice(seed)
    const owner = await api.signUp(`Dora ${seed}`)
    const world = new World(api, owner, random)
    const query = async (document: string, variables: object = {}) => {
      const { data, errors } = await api.query(document, variables as Record<string, unknown>, owner.token)
      expect(errors, `seed ${seed}`).toBeUndefined()
      return data
    }
    await world.begin()
    const moments: { at: Date; all: { nodes: Row[] }; narrow: { nodes: Row[] } }[] = []
    for (let n = 0; n < 25; n++) {
      for (let deeds = 0; deeds < 3; deeds++) await world.step()
      await delay(2)
      moments.push({ at: new Date(), ...(await query(copyOfServers)) })
      await delay(2)
    }
    for (let n = 0; n < 30; n++) {
      const [a, b] = [Math.floor(random() * 25), Math.floor(random() * 25)]
      const [from, to] = [moments[Math.min(a, b)]!, moments[Math.max(a, b)]!]
      for (const name of ['all', 'narrow'] as const) {
        const found: { id: string; what: string; fields: object[] }[] = []
        let total = 0
        for (let after: string | null = null, more = true; more;) {
          const { inventoryDiff } = await query(diff, {
            from: from.at.toISOString(),
            to: to === moments.at(-1) ? null : to.at.toISOString(),
            filter: name === 'narrow' ? narrow : null,
            after,
          })
          for (const { asset, ...rest } of inventoryDiff.nodes) found.push({ id: asset.id, ...rest })
          total = inventoryDiff.totalCount
          more = inventoryDiff.pageInfo.hasNextPage
          after = inventoryDiff.pageInfo.endCursor
        }
        const expected = byId(compared(from[name].nodes, to[name].nodes))
        expect(byId(found), `seed ${seed}, ${name}, ${a} ${b}`).toEqual(expected)
        expect(total).toBe(expected.length)
      }
    }
  })
})

describe('a list of the past', () => {
  const ask = async (token: string, document: string, variables: object = {}) => {
    const { data, errors } = await api.query(document, variables as Record<string, unknown>, token)
    if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions)
    return data
  }
  const moment = async () => {
    await delay(2)
    const now = new Date().toISOString()
    await delay(2)
    return now
  }
  const create = async (token: string, name: string, more: object = {}) =>
    (
      await ask(
        token,
        'mutation ($input: ServerCreateInput!) { serverCreate(input: $input) { server { id } } }',
        {
          input: { name, ...more },
        },
      )
    ).serverCreate.server.id as string
  const update = (token: string, id: string, version: number, more: object) =>
    ask(
      token,
      'mutation ($input: ServerUpdateInput!) { serverUpdate(input: $input) { userErrors { message } } }',
      {
        input: { id, version, ...more },
      },
    )

  it('is read page by page in both directions, whatever happens between the pages', async () => {
    const { token } = await api.signUp()
    const ids: string[] = []
    for (let n = 0; n < 9; n++) ids.push(await create(token, `page-${n}`, { cpu: n }))
    const asOf = await moment()
    for (const n of [1, 4, 5]) await update(token, ids[n]!, 1, { name: `moved-${n}`, cpu: 100 - n })
    await create(token, 'page-10')

    const list = `query ($first: Int, $after: String, $last: Int, $before: String, $asOf: DateTimeISO) {
      servers(first: $first, after: $after, last: $last, before: $before, asOf: $asOf, orderBy: [{ field: CPU, direction: DESC }]) {
        totalCount nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
    const seen: string[] = []
    for (let after: string | null = null, more = true, page = 0; more; page++) {
      // The cursor goes on at its moment, also when that is not named again.
      const { servers } = await ask(token, list, { first: 4, after, asOf: page === 1 ? null : asOf })
      seen.push(...servers.nodes.map(({ name }: { name: string }) => name))
      expect(servers.totalCount).toBe(9)
      await update(token, ids[8 - page]!, 1, { role: 'changed between' })
      more = servers.pageInfo.hasNextPage
      after = servers.pageInfo.endCursor
    }
    expect(seen).toEqual(Array.from({ length: 9 }, (_, n) => `page-${8 - n}`))

    const end = (await ask(token, list, { last: 3, asOf })).servers
    expect(end.nodes.map(({ name }: { name: string }) => name)).toEqual(['page-2', 'page-1', 'page-0'])
    const before = (await ask(token, list, { last: 2, before: end.pageInfo.startCursor, asOf })).servers
    expect(before.nodes.map(({ name }: { name: string }) => name)).toEqual(['page-4', 'page-3'])

    for (const other of [new Date(Date.parse(asOf) - 5).toISOString()])
      await expect(
        ask(token, list, { first: 2, after: end.pageInfo.startCursor, asOf: other }),
      ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    const now = (await ask(token, list, { first: 2 })).servers.pageInfo.endCursor
    await expect(ask(token, list, { first: 2, after: now, asOf })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })

  it('shows nothing of what one may not see today, and what one may see today from its beginning', async () => {
    const owner = await api.signUp()
    const other = await api.signUp()
    const id = await create(owner.token, 'shared')
    const early = await moment()
    await update(owner.token, id, 1, { role: 'later' })
    const look = (asOf: string) =>
      ask(
        other.token,
        'query ($asOf: DateTimeISO) { servers(asOf: $asOf) { totalCount nodes { name role } } }',
        { asOf },
      )
    const single = (asOf: string) =>
      ask(
        other.token,
        'query ($id: ID!, $asOf: DateTimeISO) { server(id: $id, asOf: $asOf) { role } node(id: $id, asOf: $asOf) { id } }',
        { id, asOf },
      )
    const entry = { ...principalOf(decodeId(other.userId).id), level: 'READ' }
    const share = (operator: '$push' | '$pull') =>
      recordsOf(api.core, 'assets').updateOne({ _id: decodeId(id).id }, {
        [operator]: { access: entry },
      } as never)
    expect((await look(early)).servers).toEqual({ totalCount: 0, nodes: [] })
    await expect(single(early)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await share('$push')
    expect((await look(early)).servers).toEqual({ totalCount: 1, nodes: [{ name: 'shared', role: null }] })
    expect(await single(early)).toEqual({ server: { role: null }, node: { id } })
    const shared = await moment()
    await share('$pull')
    expect((await look(shared)).servers).toEqual({ totalCount: 0, nodes: [] })
    await expect(single(shared)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('costs as many commands however many assets have changed since', async () => {
    const { token } = await api.signUp()
    const cost = async (changes: number) => {
      const asOf = await moment()
      for (let n = 0; n < changes; n++) await create(token, `cost-${changes}-${n}`)
      const mid = await moment()
      const { servers } = await ask(token, '{ servers(first: 200) { nodes { id version } } }')
      for (const { id, version } of servers.nodes) await update(token, id, version, { cpu: version })
      api.commandNames()
      const before = api.commands()
      const data = await ask(
        token,
        `query ($asOf: DateTimeISO) { servers(first: 100, asOf: $asOf, filter: { apps: { none: { name: { eq: "x" } } } }) { totalCount
          nodes { name datacenter { name } apps { nodes { name } } } facets(by: [STATUS]) { values { count } } } }`,
        { asOf: mid },
      )
      expect(data.servers.totalCount).toBe(servers.nodes.length)
      expect(Date.parse(asOf)).toBeLessThan(Date.parse(mid))
      return { commands: api.commands() - before, names: api.commandNames().sort().join(' ') }
    }
    const few = await cost(2)
    const many = await cost(30)
    expect(many).toEqual(few)
  })
})
