import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Document } from 'mongodb'
import { decodeId } from '../../core/platform/ids.ts'
import { explain } from '../../dev/bench/explain.ts'
import { startTestApi, type TestApi } from '../testing.ts'

describe('facets of a list', () => {
  let api: TestApi
  let owner: string
  let stranger: string
  const places: Record<string, string> = {}

  beforeAll(async () => {
    api = await startTestApi()
    // The first account reaches everything; these two are like others.
    await api.signUp()
    owner = (await api.signUp()).token
    stranger = (await api.signUp()).token
    for (const name of ['Frankfurt', 'Dublin'])
      places[name] = await add(owner, 'datacenter', { name, provider: 'own' })
    const { Frankfurt, Dublin } = places
    await add(owner, 'server', { name: 'a', environment: 'production', role: 'web', datacenter: Frankfurt })
    await add(owner, 'server', { name: 'b', environment: 'production', role: 'db', datacenter: Frankfurt })
    await add(owner, 'server', { name: 'c', environment: 'staging', status: 'ACTIVE', datacenter: Dublin })
    await add(owner, 'server', { name: 'd' })
    await add(stranger, 'server', { name: 'z', environment: 'secret', role: 'web' })
    await moveOutOfSight()
  })
  afterAll(() => api.close())

  async function add(token: string, kind: string, input: object): Promise<string> {
    const type = kind.charAt(0).toUpperCase() + kind.slice(1)
    const { data } = await api.query(
      `mutation ($input: ${type}CreateInput!) { ${kind}Create(input: $input) { ${kind} { id } } }`,
      { input },
      token,
    )
    return data[`${kind}Create`][kind].id as string
  }

  /** Puts the stranger's server into a datacenter that she does not see, as somebody who sees both can. */
  const moveOutOfSight = () =>
    api.core.db
      .collection('assets')
      .updateOne({ name: 'z' }, { $set: { datacenter: decodeId(places.Dublin!).id } })

  const facets = async (token: string, list: string, by: string, first = 20) => {
    const { data, errors } = await api.query(
      `{ ${list} { facets(by: [${by}], first: ${first}) { field values { value label count } otherCount missingCount } } }`,
      {},
      token,
    )
    if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions)
    return data[list.split(/[ (]/)[0]!].facets
  }
  const value = (text: string, count: number) => ({ value: text, label: text, count })

  it('count each value, what is beyond the first and what has none', async () => {
    expect(await facets(owner, 'servers', 'ENVIRONMENT, ROLE, STATUS')).toEqual([
      {
        field: 'environment',
        values: [value('production', 2), value('staging', 1)],
        otherCount: 0,
        missingCount: 1,
      },
      { field: 'role', values: [value('db', 1), value('web', 1)], otherCount: 0, missingCount: 2 },
      { field: 'status', values: [value('UNKNOWN', 3), value('ACTIVE', 1)], otherCount: 0, missingCount: 0 },
    ])
    expect(await facets(owner, 'servers', 'ENVIRONMENT', 1)).toEqual([
      { field: 'environment', values: [value('production', 2)], otherCount: 1, missingCount: 1 },
    ])
  })

  it('count under the filter of the list', async () => {
    expect(await facets(owner, 'servers(filter: { environment: { eq: "production" } })', 'ROLE')).toEqual([
      { field: 'role', values: [value('db', 1), value('web', 1)], otherCount: 0, missingCount: 0 },
    ])
    expect(await facets(owner, 'servers(filter: { name: { eq: "nobody" } })', 'ROLE')).toEqual([
      { field: 'role', values: [], otherCount: 0, missingCount: 0 },
    ])
  })

  it('name what a reference leads to, and take its id back as a filter', async () => {
    const [{ values, missingCount }] = await facets(owner, 'servers', 'DATACENTER')
    expect(values).toEqual([
      { value: places.Frankfurt, label: 'Frankfurt', count: 2 },
      { value: places.Dublin, label: 'Dublin', count: 1 },
    ])
    expect(missingCount).toBe(1)
    const { data } = await api.query(
      `{ servers(filter: { datacenter: { eq: "${values[0].value}" } }) { totalCount } }`,
      {},
      owner,
    )
    expect(data.servers.totalCount).toBe(2)
  })

  it('tell nothing of what somebody may not see, neither assets nor targets', async () => {
    expect(await facets(stranger, 'servers', 'ENVIRONMENT, DATACENTER')).toEqual([
      { field: 'environment', values: [value('secret', 1)], otherCount: 0, missingCount: 0 },
      { field: 'datacenter', values: [], otherCount: 0, missingCount: 1 },
    ])
    const [{ values }] = await facets(owner, 'servers', 'ENVIRONMENT')
    expect(values).not.toContainEqual(value('secret', 1))
  })

  it('count all kinds in one list', async () => {
    expect(await facets(owner, 'assets', 'KIND')).toEqual([
      { field: 'kind', values: [value('SERVER', 4), value('DATACENTER', 2)], otherCount: 0, missingCount: 0 },
    ])
  })

  it('of nested lists are those of each parent, in one command for all of them', async () => {
    const ask = async (first: number) => {
      const before = api.commands()
      const { data } = await api.query(
        `{ datacenters(first: ${first}) { nodes { name servers { facets(by: [ENVIRONMENT]) { values { value count } } } } } }`,
        {},
        owner,
      )
      return { nodes: data.datacenters.nodes, commands: api.commands() - before }
    }
    const one = await ask(1)
    const two = await ask(2)
    expect(two.commands).toBe(one.commands)
    expect(two.nodes).toEqual([
      { name: 'Dublin', servers: { facets: [{ values: [{ value: 'staging', count: 1 }] }] } },
      { name: 'Frankfurt', servers: { facets: [{ values: [{ value: 'production', count: 2 }] }] } },
    ])
  })

  it('are one command over an index, however many fields', async () => {
    const sent: Document[] = []
    const client = api.core.orm.em.getConnection().getClient()
    const listen = ({ commandName, command }: { commandName: string; command: Document }) =>
      void (commandName === 'aggregate' && JSON.stringify(command).includes('$facet') && sent.push(command))
    client.on('commandStarted', listen)
    await facets(owner, 'servers', 'ENVIRONMENT, ROLE, STATUS, REGION, DATACENTER')
    client.off('commandStarted', listen)
    expect(sent).toHaveLength(1)
    const told = await explain(api.core.db, { name: 'aggregate', command: sent[0]! })
    expect(told.collectionScans).toBe(0)
    expect(told.indexes).not.toEqual([])
  })

  it('refuse too many fields and values, and one twice', async () => {
    await expect(facets(owner, 'servers', 'ROLE', 101)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    await expect(facets(owner, 'servers', 'ROLE, ROLE')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    const many =
      'ENVIRONMENT, ROLE, STATUS, REGION, ZONE, DATACENTER, OS_BASE, OS_VERSION, VENDOR, IMAGE, FLAVOR'
    await expect(facets(owner, 'servers', many)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})
