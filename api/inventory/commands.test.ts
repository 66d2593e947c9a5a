import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../testing.ts'
import { observeServers, storeConnection } from './testing.ts'

describe('commands that a query costs', () => {
  let api: TestApi
  let token: string

  const measure = async (document: string) => {
    api.commandNames()
    const before = api.commands()
    const { data, errors } = await api.query(document, {}, token)
    expect(errors).toBeUndefined()
    return { data, commands: api.commands() - before, names: api.commandNames().sort().join(' ') }
  }

  beforeAll(async () => {
    api = await startTestApi({ settings: { COST_LIMIT: '1000000' } })
    // The first account reaches everything; what lists cost is told by somebody like others.
    await api.signUp()
    const owner = await api.signUp()
    token = owner.token
    for (let n = 0; n < 50; n++) {
      const { data } = await api.query(
        'mutation ($name: String!) { datacenterCreate(input: { name: $name, provider: "AWS" }) { datacenter { id } } }',
        { name: `Datacenter ${n}` },
        token,
      )
      const connection = await storeConnection(
        api.core,
        owner.userId,
        data.datacenterCreate.datacenter.id,
        `Connection ${n}`,
      )
      await observeServers(
        api.core,
        owner.userId,
        connection,
        Array.from({ length: n === 0 ? 30 : 4 }, (_, m) => ({ name: `server ${n}-${m}`, cpu: m })),
      )
    }
    const { data } = await api.query('{ servers(first: 200) { nodes { id } } }', {}, token)
    for (const { id } of data.servers.nodes)
      await api.query(
        'mutation ($id: ID!) { serverUpdate(input: { id: $id, version: 1, cpu: 64 }) { userErrors { code } } }',
        { id },
        token,
      )
  })
  afterAll(() => api.close())

  it('does not depend on the number of servers', async () => {
    const everything = (first: number) => `{ servers(first: ${first}) { totalCount nodes {
      name lastSeenAt datacenter { name provider } viewerCan { update } access { name level avatarUrl self }
      provenance { field value lastSeenAt connection { name } } drift { field declared observed connection { name } }
      observations { state lastSeenAt values connection { name } run { state } }
      changes(first: 3) { totalCount nodes { action relation asset { name } fields { field before after }
        changeSet { title counts { changed } viewerCanUndo undoneBy { id } run { title } } } }
    } } }`
    const few = await measure(everything(5))
    const many = await measure(everything(200))
    expect(many.names).toEqual(few.names)
    expect(many.commands).toBe(few.commands)
    // Two of them find the relations that lead to the servers, whose changes are told with them.
    expect(few.commands).toBeLessThanOrEqual(28)
    expect(many.data.servers.nodes).toHaveLength(200)
    for (const { changes, drift } of many.data.servers.nodes) {
      expect(changes.totalCount).toBe(3)
      expect(changes.nodes[0].fields).toMatchObject([{ field: 'cpu', after: 64 }])
      expect(drift).toHaveLength(1)
    }
  })

  it('does not depend on the number of datacenters, and pages each of them', async () => {
    const nested = (first: number) => `{ datacenters(first: ${first}) { nodes { name connections { name }
      servers(first: 3, filter: { cpu: { gte: 0 } }, orderBy: [{ field: NAME, direction: DESC }]) {
        totalCount nodes { name datacenter { name } } pageInfo { hasNextPage endCursor } } } } }`
    const few = await measure(nested(5))
    const many = await measure(nested(50))
    expect(many.names).toEqual(few.names)
    expect(many.data.datacenters.nodes).toHaveLength(50)
    for (const { name, servers, connections } of many.data.datacenters.nodes) {
      const n = name.split(' ')[1]
      expect(connections).toEqual([{ name: `Connection ${n}` }])
      expect(servers.totalCount).toBe(n === '0' ? 30 : 4)
      expect(servers.pageInfo.hasNextPage).toBe(true)
      const last = n === '0' ? [29, 28, 27] : [3, 2, 1]
      expect(servers.nodes).toEqual(last.map((m) => ({ name: `server ${n}-${m}`, datacenter: { name } })))
    }
    const counted = await measure('{ datacenters(first: 50) { nodes { servers(first: 0) { totalCount } } } }')
    expect(counted.data.datacenters.nodes).toHaveLength(50)
  })

  it('goes on after a cursor within a datacenter', async () => {
    const page = async (args: string) =>
      (
        await measure(
          `{ datacenters(filter: { name: { eq: "Datacenter 0" } }) { nodes { servers(first: 20, ${args}orderBy: [{ field: NAME }]) {
            nodes { name } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`,
        )
      ).data.datacenters.nodes[0].servers
    const first = await page('')
    const second = await page(`after: "${first.pageInfo.endCursor}", `)
    expect([...first.nodes, ...second.nodes].map(({ name }: { name: string }) => name)).toEqual(
      Array.from({ length: 30 }, (_, m) => `server 0-${m}`),
    )
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
  })
})
