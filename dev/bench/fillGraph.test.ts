import { type Document, ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../../api/testing.ts'
import { principalOf } from '../../core/accounts/user.ts'
import { decodeId, encodeId } from '../../core/platform/ids.ts'
import { type FilledGraph, fillGraph } from './fillGraph.ts'
import { graphId, graphSize } from './graph.ts'

describe('a graph that is filled in bulk', () => {
  let api: TestApi
  let token: string
  let graph: FilledGraph

  const ask = async (document: string, variables = {}) => {
    const { data, errors } = await api.query(document, variables, token)
    expect(errors).toBeUndefined()
    return data
  }

  beforeAll(async () => {
    api = await startTestApi({ settings: { COST_LIMIT: '1000000' } })
    await api.signUp()
    const owner = await api.signUp()
    token = owner.token
    const access = { ...principalOf(decodeId(owner.userId).id), level: 'ADMIN' as const }
    graph = await fillGraph(api.core.db, graphSize(1 / 100), () => [access])
  })
  afterAll(() => api.close())

  it('has what its size says, live and retired', async () => {
    const counted =
      await ask(`{ servers(first: 1) { totalCount } retired: servers(first: 1, filter: { retired: { eq: true } }) { totalCount }
      apps(first: 1) { totalCount } systems(first: 1) { totalCount } clients(first: 1) { totalCount } }`)
    expect(counted).toEqual({
      servers: { totalCount: 995 },
      retired: { totalCount: 5 },
      apps: { totalCount: 200 },
      systems: { totalCount: 20 },
      clients: { totalCount: 4 },
    })
    expect(await api.core.db.collection('relations').countDocuments()).toBe(4_000)
    expect(await api.core.db.collection('changes').countDocuments()).toBe(10_000)
    expect(graph.sets).toHaveLength(100)
    expect(graph.sets.reduce((sum, { changes }) => sum + changes, 0)).toBe(10_000)
  })

  it('holds together, level by level', async () => {
    const { systems } = await ask(`{ systems(first: 5) { nodes { name clients { totalCount }
      entryApps { nodes { name } } apps(first: 20) { totalCount nodes { name servers(first: 1) { nodes { name datacenter { name } } } } } } } }`)
    for (const { clients, apps, entryApps } of systems.nodes) {
      expect(clients.totalCount).toBe(2)
      expect(entryApps.nodes.length).toBeLessThanOrEqual(1)
      expect(apps.totalCount).toBeGreaterThan(15)
      for (const { servers } of apps.nodes)
        for (const { datacenter } of servers.nodes) expect(datacenter.name).toMatch(/^Datacenter \d+$/)
    }
    expect(JSON.stringify(systems)).toContain('Datacenter 0')
    const { app } = await ask('query ($id: ID!) { app(id: $id) { dependents(first: 1) { totalCount } } }', {
      id: encodeId('App', graph.hub),
    })
    expect(app.dependents.totalCount).toBeGreaterThan(45)
  })

  it('has the history that leads to each record', async () => {
    for (const name of ['assets', 'relations']) {
      const records = await api.core.db.collection(name).find().toArray()
      const changes = await api.core.db
        .collection('changes')
        .find({ collection: name })
        .sort({ version: 1 })
        .toArray()
      const made = new Map<string, Document>()
      for (const { record, version, before, after, at } of changes) {
        const held = made.get(String(record))
        expect(held?.version ?? 0).toBe(version - 1)
        const kept = Object.entries(held ?? {}).filter(([field]) => !(field in (before ?? {})))
        made.set(String(record), {
          ...Object.fromEntries(kept),
          ...after,
          _id: record,
          version,
          updatedAt: at,
        })
      }
      expect(records.map(({ _id }) => String(_id)).sort()).toEqual([...made.keys()].sort())
      for (const record of records) expect(made.get(String(record._id))).toEqual(record)
    }
  })

  it('tells the history of an asset, newest first, with what each change set did', async () => {
    const { server } = await ask(
      `query ($id: ID!) { server(id: $id) { version changes(first: 100) { totalCount nodes { version action relation
        changeSet { at counts { created changed } } fields { field before after } } } } }`,
      { id: encodeId('Server', graphId('SERVER', 3)) },
    )
    const own = server.changes.nodes.filter(({ relation }: { relation: string | null }) => !relation)
    expect(own.map(({ version }: { version: number }) => version)).toEqual(
      Array.from({ length: server.version }, (_, n) => server.version - n),
    )
    expect(server.version).toBeGreaterThan(2)
    expect(own.at(-1).action).toBe('CREATED')
    const times = server.changes.nodes.map(({ changeSet }: { changeSet: { at: string } }) => changeSet.at)
    expect(times).toEqual(times.toSorted().reverse())
    const { changeSets } = await ask('{ changeSets(first: 100) { totalCount nodes { id title } } }')
    expect(changeSets.totalCount).toBe(100)
    expect(changeSets.nodes[0].id).toBe(encodeId('ChangeSet', new ObjectId(graph.sets.at(-1)!._id)))
  })

  it('touches no record twice in one change set', async () => {
    const twice = await api.core.db
      .collection('changes')
      .aggregate([
        { $group: { _id: { set: '$set', record: '$record' }, count: { $sum: 1 } } },
        { $match: { count: { $gt: 1 } } },
      ])
      .toArray()
    expect(twice).toEqual([])
  })
})
