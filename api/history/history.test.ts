import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { principalOf } from '../../core/accounts/user.ts'
import { decodeId, encodeId } from '../../core/platform/ids.ts'
import { observeServers, storeConnection } from '../inventory/testing.ts'
import { startTestApi, type TestApi } from '../testing.ts'

describe('history', () => {
  let api: TestApi
  let owner: { token: string; userId: string }
  let reader: { token: string; userId: string }
  let datacenter: string
  let connection: Awaited<ReturnType<typeof storeConnection>>

  const ask = async (document: string, variables: object = {}, token = owner.token) => {
    const { data, errors } = await api.query(document, variables as Record<string, unknown>, token)
    if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions)
    return data
  }
  const share = (asset: string, user: string) =>
    api.core.db.collection('assets').updateOne({ _id: decodeId(asset).id }, {
      $push: { access: { ...principalOf(decodeId(user).id), level: 'READ' } },
    } as never)

  beforeAll(async () => {
    api = await startTestApi()
    // The first account reaches everything; these two are people like others.
    await api.signUp()
    owner = await api.signUp()
    reader = await api.signUp('Rita Reader')
    const made = await ask(
      'mutation { datacenterCreate(input: { name: "Dublin", provider: "AWS" }) { datacenter { id } } }',
    )
    datacenter = made.datacenterCreate.datacenter.id
    connection = await storeConnection(api.core, owner.userId, datacenter, 'Production')
  })
  afterAll(() => api.close())

  it('tells what happened to an asset in the words of its fields, newest first', async () => {
    const [id] = await observeServers(api.core, owner.userId, connection, [{ name: 'web-1', cpu: 2 }])
    await ask(serverUpdate, { input: { id, version: 1, cpu: 4, tags: [{ key: 'a', value: 'b' }] } })
    await ask(
      'mutation ($id: ID!) { assetsRetire(input: { assets: [{ id: $id, version: 2 }] }) { userErrors { code } } }',
      { id },
    )

    const { server } = await ask(
      `query ($id: ID!) { server(id: $id) { changes { totalCount nodes {
        action version relation asset { name } fields { field before after } changeSet { title origin actor run { id } }
      } } } }`,
      { id },
    )

    expect(server.changes.totalCount).toBe(4)
    expect(server.changes.nodes).toMatchObject([
      {
        action: 'RETIRED',
        version: 3,
        relation: null,
        fields: [{ field: 'retiredAt', before: null, after: expect.stringMatching(/^\d{4}-.*Z$/) }],
        changeSet: { title: 'Retire web-1', origin: 'MANUAL', actor: 'Ada Lovelace' },
      },
      {
        action: 'CHANGED',
        version: 2,
        fields: [
          { field: 'tags', before: [], after: [{ key: 'a', value: 'b' }] },
          { field: 'cpu', before: 2, after: 4 },
        ],
      },
      {
        action: 'CREATED',
        relation: 'LOCATED_IN',
        asset: { name: 'web-1' },
        changeSet: { title: 'Read eu-west-1', origin: 'CRAWL', actor: 'Crawl', run: null },
      },
      { action: 'CREATED', version: 1, relation: null, asset: { name: 'web-1' } },
    ])
    const [, , edge, created] = server.changes.nodes
    expect(edge.fields).toEqual([
      { field: 'to', before: null, after: 'Dublin' },
      { field: 'properties', before: null, after: {} },
      { field: 'validFrom', before: null, after: expect.any(String) },
    ])
    const values = Object.fromEntries(
      created.fields.map(({ field, after }: { field: string; after: unknown }) => [field, after]),
    )
    expect(values).toMatchObject({ name: 'web-1', cpu: 2, datacenter: 'Dublin', status: 'UNKNOWN' })
    expect(Object.keys(values)).not.toEqual(expect.arrayContaining(['observations']))
    for (const hidden of [
      'observations',
      'declared',
      'drift',
      'identifiers',
      'seenIn',
      'access',
      'workspace',
    ])
      expect(values).not.toHaveProperty(hidden)
  })

  it('pages through changes and change sets', async () => {
    const [id] = await observeServers(api.core, owner.userId, connection, [{ name: 'busy' }])
    for (let version = 1; version <= 4; version++)
      await ask(serverUpdate, { input: { id, version, role: `role ${version}` } })

    const seen: number[] = []
    for (let after: string | null = null, more = true; more;) {
      const { server } = await ask(
        'query ($id: ID!, $after: String) { server(id: $id) { changes(first: 2, after: $after) { totalCount nodes { version } pageInfo { hasNextPage endCursor } } } }',
        { id, after },
      )
      seen.push(...server.changes.nodes.map(({ version }: { version: number }) => version))
      expect(server.changes.totalCount).toBe(6)
      more = server.changes.pageInfo.hasNextPage
      after = server.changes.pageInfo.endCursor
    }
    expect(seen).toEqual([5, 4, 3, 2, 1, 1])

    const first = (
      await ask('{ changeSets(first: 2) { totalCount nodes { id at } pageInfo { endCursor } } }')
    ).changeSets
    const next = (
      await ask('query ($after: String) { changeSets(first: 200, after: $after) { nodes { id } } }', {
        after: first.pageInfo.endCursor,
      })
    ).changeSets
    const all = [...first.nodes, ...next.nodes].map(({ id }: { id: string }) => id)
    expect(new Set(all).size).toBe(first.totalCount)
    expect(all).toHaveLength(first.totalCount)
  })

  it('shows others only the records that they may see, and edges only with both ends', async () => {
    const [open, closed] = await observeServers(api.core, owner.userId, connection, [
      { name: 'open-1' },
      { name: 'closed-1' },
    ])
    expect((await ask('{ changeSets { totalCount } }', {}, reader.token)).changeSets.totalCount).toBe(0)

    await share(open!, reader.userId)
    const before = (await ask(changeSets, {}, reader.token)).changeSets
    expect(before.totalCount).toBe(1)
    expect(before.nodes[0].changes).toEqual({
      totalCount: 1,
      nodes: [{ relation: null, asset: { name: 'open-1' } }],
    })
    const server = (await ask(serverChanges, { id: open }, reader.token)).server
    expect(server.changes.nodes.map(({ relation }: { relation: string }) => relation)).toEqual([null])
    expect(server.changes.nodes[0].fields.map(({ field }: { field: string }) => field)).not.toContain(
      'datacenter',
    )

    await share(datacenter, reader.userId)
    const after = (await ask(serverChanges, { id: open }, reader.token)).server
    expect(after.changes.nodes.map(({ relation }: { relation: string }) => relation)).toEqual([
      'LOCATED_IN',
      null,
    ])
    await expect(ask(serverChanges, { id: closed }, reader.token)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('fills a page with what may be seen, however much lies between', async () => {
    const viewer = await api.signUp('Vera Viewer')
    const ids = await observeServers(
      api.core,
      owner.userId,
      connection,
      Array.from({ length: 40 }, (_, n) => ({ name: `row-${n}` })),
    )
    for (const n of [3, 20, 37]) await share(ids[n]!, viewer.userId)
    const seen: string[] = []
    for (let after: string | null = null, more = true; more;) {
      const { changeSets } = await ask(
        `query ($after: String) { changeSets { totalCount nodes { changes(first: 1, after: $after) {
          totalCount nodes { asset { name } } pageInfo { hasNextPage endCursor } } } } }`,
        { after },
        viewer.token,
      )
      expect(changeSets.totalCount).toBe(1)
      const { changes } = changeSets.nodes[0]
      expect(changes.totalCount).toBe(3)
      seen.push(...changes.nodes.map(({ asset }: { asset: { name: string } }) => asset.name))
      more = changes.pageInfo.hasNextPage
      after = changes.pageInfo.endCursor
    }
    expect(seen.sort()).toEqual(['row-20', 'row-3', 'row-37'])
  })

  it('does not count a change that its record has not reached', async () => {
    const [id] = await observeServers(api.core, owner.userId, connection, [{ name: 'pending' }])
    const record = decodeId(id!).id
    await api.core.db.collection('changes').insertOne({
      ...{
        _id: new ObjectId(),
        set: new ObjectId(),
        at: new Date(),
        collection: 'assets',
        record,
        subject: record,
      },
      ...{ recordKind: 'SERVER', version: 2, action: 'CHANGED', before: {}, after: { role: 'never' } },
    })
    const { server } = await ask(serverChanges, { id })
    expect(server.changes.nodes.map(({ version }: { version: number }) => version)).toEqual([1, 1])
  })

  it('says who has undone what, and who could', async () => {
    const [id] = await observeServers(api.core, owner.userId, connection, [{ name: 'flip' }])
    const { serverUpdate: answer } = await ask(serverUpdate, { input: { id, version: 1, role: 'a' } })
    const set = answer.changeSet.id
    const state = async () =>
      (
        await ask('query ($set: ID!) { changeSet(id: $set) { viewerCanUndo undoneBy { id title } } }', {
          set,
        })
      ).changeSet
    expect(await state()).toEqual({ viewerCanUndo: true, undoneBy: null })
    const { changeSetRevert } = await ask(
      'mutation ($set: ID!) { changeSetRevert(input: { id: $set }) { changeSet { id title } userErrors { code } } }',
      { set },
    )
    expect(await state()).toEqual({ viewerCanUndo: false, undoneBy: changeSetRevert.changeSet })
    expect(changeSetRevert.changeSet.title).toBe('Undo: Change flip')
    const { node } = await ask('query ($set: ID!) { node(id: $set) { __typename id } }', { set })
    expect(node).toEqual({ __typename: 'ChangeSet', id: set })
  })

  it('announces change sets to those who may see them, of the kinds that they ask for', async () => {
    const watch = (kinds: string[] | null, token: string) => {
      const events = api.subscribe(
        'subscription ($kinds: [AssetKind!]) { changeSets(kinds: $kinds) { title changes { nodes { asset { name } } } } }',
        { kinds },
        token,
      )
      const titles: string[] = []
      const errors: unknown[] = []
      const done = (async () => {
        for await (const { data, errors: failed } of events) {
          if (failed) errors.push(failed)
          else titles.push(data.changeSets.title)
        }
      })()
      return { titles, errors, end: async () => (await events.return?.(), done) }
    }
    const all = watch(null, owner.token)
    const places = watch(['DATACENTER'], owner.token)
    const others = watch(null, (await api.signUp('Olga Other')).token)
    await eventually(async () => {
      const name = `probe ${Math.random()}`
      await ask(datacenterCreate, { input: { name, provider: 'own' } })
      await pause(50)
      expect(all.titles.length && places.titles.length).toBeGreaterThan(0)
    })
    all.titles.length = places.titles.length = 0

    await observeServers(api.core, owner.userId, connection, [{ name: 'live-1' }])
    await ask(datacenterCreate, { input: { name: 'Last', provider: 'own' } })

    await eventually(async () => {
      expect(all.titles).toEqual(['Read eu-west-1', 'Add Last'])
      expect(places.titles).toEqual(['Add Last'])
    })
    expect(others.titles).toEqual([])
    expect([...all.errors, ...places.errors, ...others.errors]).toEqual([])
    await Promise.all([all.end(), places.end(), others.end()])
  })

  it('finds everything by node, and says when an id is none', async () => {
    const { nodes } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', {
      ids: [
        owner.userId,
        datacenter,
        encodeId('Server', new ObjectId()),
        reader.userId,
        encodeId('Connection', connection._id),
      ],
    })
    expect(nodes).toEqual([
      { __typename: 'User', id: owner.userId },
      { __typename: 'Datacenter', id: datacenter },
      null,
      null,
      { __typename: 'Connection', id: encodeId('Connection', connection._id) },
    ])
    await expect(ask('{ node(id: "nonsense") { id } }')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    await expect(
      ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array(201).fill(datacenter) }),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function eventually(check: () => Promise<void>) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await check()
    } catch (error) {
      if (attempt === 50) throw error
      await pause(50)
    }
  }
}

const serverUpdate =
  'mutation ($input: ServerUpdateInput!) { serverUpdate(input: $input) { changeSet { id } userErrors { code } } }'
const datacenterCreate =
  'mutation ($input: DatacenterCreateInput!) { datacenterCreate(input: $input) { userErrors { code } } }'
const changeSets =
  '{ changeSets { totalCount nodes { changes { totalCount nodes { relation asset { name } } } } } }'
const serverChanges =
  'query ($id: ID!) { server(id: $id) { changes { nodes { version relation fields { field } } } } }'
