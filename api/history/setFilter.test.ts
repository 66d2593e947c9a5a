import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../testing.ts'

describe('change sets by what is wanted of them', () => {
  let api: TestApi
  let ada: string
  let grace: string
  const at: Record<string, string> = {}

  const ask = async (document: string, variables: object = {}, as = ada) => {
    const { data, errors } = await api.query(document, variables as Record<string, unknown>, as)
    expect(errors).toBeUndefined()
    return data
  }
  const titles = async (filter: object, as = ada) => {
    const { changeSets } = await ask(
      'query ($filter: ChangeSetFilterInput) { changeSets(first: 50, filter: $filter) { nodes { title } totalCount } }',
      { filter },
      as,
    )
    const found = changeSets.nodes.map(({ title }: { title: string }) => title)
    expect(changeSets.totalCount).toBe(found.length)
    return found
  }
  const add = async (type: string, input: object, as = ada) => {
    const field = type.toLowerCase()
    const { save } = await ask(
      `mutation ($input: ${type}CreateInput!) { save: ${field}Create(input: $input) { made: ${field} { id } userErrors { message } } }`,
      { input },
      as,
    )
    expect(save.userErrors).toEqual([])
    return save.made.id as string
  }

  beforeAll(async () => {
    api = await startTestApi()
    await api.signUp()
    ada = (await api.signUp('Ada Lovelace')).token
    grace = (await api.signUp('Grace Hopper')).token
    const server = await add('Server', { name: 'web-1', cpu: 2 })
    await add('System', { name: 'billing' })
    await add('Server', { name: 'secret' }, grace)
    at.before = new Date().toISOString()
    const { serverUpdate } = await ask(
      'mutation ($input: ServerUpdateInput!) { serverUpdate(input: $input) { userErrors { message } } }',
      { input: { id: server, version: 1, cpu: 4 } },
    )
    expect(serverUpdate.userErrors).toEqual([])
    const app = await add('App', { name: 'shop' })
    const { relationsUpdate } = await ask(
      'mutation ($input: RelationsUpdateInput!) { relationsUpdate(input: $input) { userErrors { message } } }',
      { input: { add: [{ kind: 'RUNS_ON', from: app, to: server }] } },
    )
    expect(relationsUpdate.userErrors).toEqual([])
  })
  afterAll(() => api.close())

  it.each([
    [{}, 5],
    [{ kinds: ['SERVER'] }, 2],
    [{ kinds: ['SYSTEM', 'APP'] }, 2],
    [{ fields: ['cpu'] }, 1],
    [{ fields: ['description'] }, 0],
    [{ actor: 'LOVE' }, 5],
    [{ actor: 'Grace' }, 0],
    [{ origins: ['CRAWL', 'UNDO'] }, 0],
    [{ origins: ['MANUAL'], kinds: ['SYSTEM'] }, 1],
  ])('%j', async (filter, count) => {
    expect(await titles(filter)).toHaveLength(count)
  })

  it('by time', async () => {
    const [later, earlier] = [await titles({ since: at.before }), await titles({ until: at.before })]
    expect([later.length, earlier.length]).toEqual([3, 2])
  })

  it('never by what is invisible', async () => {
    expect(await titles({ kinds: ['SERVER'] }, grace)).toEqual(['Add secret'])
    expect(await titles({ kinds: ['SYSTEM'] }, grace)).toEqual([])
    expect(await titles({ fields: ['cpu'] }, grace)).toEqual([])
  })

  it('refuse what cannot be a field', async () => {
    const { errors } = await api.query(
      '{ changeSets(filter: { fields: ["a.b"] }) { nodes { id } } }',
      {},
      ada,
    )
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT')
  })

  it('are told with a relation in the history of both its ends, page by page', async () => {
    const history = async (list: string, args: string) => {
      const data = await ask(
        `{ ${list} { nodes { changes(${args}) { totalCount nodes { relation asset { name } } pageInfo { hasNextPage endCursor } } } } }`,
      )
      return data[list.split('(')[0]!].nodes[0].changes
    }
    const edge = { relation: 'RUNS_ON', asset: { name: 'shop' } }
    const app = await history('apps(filter: { name: { eq: "shop" } })', 'first: 1')
    expect([app.nodes, app.totalCount]).toEqual([[edge], 2])
    const server = 'servers(filter: { name: { eq: "web-1" } })'
    const first = await history(server, 'first: 2')
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [edge, { relation: null, asset: { name: 'web-1' } }],
      pageInfo: { hasNextPage: true },
    })
    const rest = await history(server, `first: 2, after: "${first.pageInfo.endCursor}"`)
    expect(rest).toMatchObject({
      nodes: [{ relation: null, asset: { name: 'web-1' } }],
      pageInfo: { hasNextPage: false },
    })
  })

  it('tell both ends of a relation', async () => {
    const { changeSets } = await ask(
      '{ changeSets(first: 1) { nodes { changes { nodes { relation asset { name } relatedTo { name } } } } } }',
    )
    expect(changeSets.nodes[0].changes.nodes).toEqual([
      { relation: 'RUNS_ON', asset: { name: 'shop' }, relatedTo: { name: 'web-1' } },
    ])
  })
})
