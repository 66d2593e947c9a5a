import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../testing.ts'

const edit = `mutation ($input: RelationsUpdateInput!) {
  relationsUpdate(input: $input) {
    relations { id kind version from { name } to { name } properties { protocol port entry role } }
    changeSet { id title }
    userErrors { code field message }
  }
}`

describe('relations between assets', () => {
  let api: TestApi
  let token: string
  let stranger: string
  const ids: Record<string, string> = {}

  const ask = async (document: string, variables: object = {}, as = token) => {
    const { data, errors } = await api.query(document, variables as Record<string, unknown>, as)
    expect(errors).toBeUndefined()
    return data
  }
  const add = async (type: string, name: string, more: object = {}, as = token) => {
    const field = type.charAt(0).toLowerCase() + type.slice(1)
    const data = await ask(
      `mutation ($input: ${type}CreateInput!) { ${field}Create(input: $input) { ${field} { id } userErrors { message } } }`,
      { input: { name, ...more } },
      as,
    )
    expect(data[`${field}Create`].userErrors).toEqual([])
    ids[name] = data[`${field}Create`][field].id as string
    return ids[name]
  }
  const relate = async (input: object, as = token) => (await ask(edit, { input }, as)).relationsUpdate

  beforeAll(async () => {
    api = await startTestApi({ settings: { COST_LIMIT: '1000000' } })
    await api.signUp()
    token = (await api.signUp()).token
    stranger = (await api.signUp()).token
    for (const name of ['web-1', 'web-2', 'db-1']) await add('Server', name)
    await add('App', 'shop')
    await add('App', 'orders', {
      family: 'DATABASE',
      databaseEngine: 'ORACLE',
      spec: { oracle: { port: 1521, sgaMiB: 4096, asmGroups: [{ name: 'DATA', sizeGiB: 500 }] } },
    })
    await add('App', 'front', { family: 'LOAD_BALANCER', spec: { loadBalancer: { healthCheck: '/health' } } })
    await add('System', 'billing')
    await add('Client', 'ACME')
    await add('App', 'secret', {}, stranger)
    const { userErrors } = await relate({
      add: [
        { kind: 'RUNS_ON', from: ids.shop, to: ids['web-1'] },
        { kind: 'RUNS_ON', from: ids.shop, to: ids['web-2'] },
        { kind: 'RUNS_ON', from: ids.orders, to: ids['db-1'], properties: { role: 'primary' } },
        { kind: 'DEPENDS_ON', from: ids.shop, to: ids.orders, properties: { protocol: 'tcp', port: 1521 } },
        { kind: 'TARGETS', from: ids.front, to: ids['web-1'] },
        { kind: 'TARGETS', from: ids.front, to: ids.shop },
        { kind: 'PART_OF', from: ids.front, to: ids.billing, properties: { entry: true } },
        { kind: 'PART_OF', from: ids.shop, to: ids.billing },
        { kind: 'SERVES', from: ids.billing, to: ids.ACME },
      ],
    })
    expect(userErrors).toEqual([])
  })
  afterAll(() => api.close())

  const names = (connection: { nodes: { name: string }[] }) => connection.nodes.map(({ name }) => name)

  it('are read from both ends, with what is known of them', async () => {
    const { app, server, client } = await ask(
      `query ($app: ID!, $server: ID!, $client: ID!) {
        app(id: $app) {
          servers(orderBy: [{ field: NAME, direction: DESC }]) { nodes { name } totalCount }
          dependencies { edges { node { name spec { ... on OracleSpec { sgaMiB asmGroups { name sizeGiB } } } } relation { properties { protocol port } } } }
          systems { nodes { name entryApps { nodes { name } } apps { nodes { name } } clients { nodes { name } } } }
          targetedBy { nodes { name targets { nodes { name __typename } } } }
        }
        server(id: $server) { apps { edges { node { name dependents { nodes { name } } } relation { properties { role } } } } }
        client(id: $client) { systems { nodes { apps { nodes { servers(first: 1) { nodes { name } pageInfo { hasNextPage } } } } } } }
      }`,
      { app: ids.shop, server: ids['db-1'], client: ids.ACME },
    )
    expect(names(app.servers)).toEqual(['web-2', 'web-1'])
    expect(app.servers.totalCount).toBe(2)
    expect(app.dependencies.edges).toEqual([
      {
        node: { name: 'orders', spec: { sgaMiB: 4096, asmGroups: [{ name: 'DATA', sizeGiB: 500 }] } },
        relation: { properties: { protocol: 'tcp', port: 1521 } },
      },
    ])
    const [system] = app.systems.nodes
    expect([names(system.apps), names(system.entryApps), names(system.clients)]).toEqual([
      ['front', 'shop'],
      ['front'],
      ['ACME'],
    ])
    expect(app.targetedBy.nodes[0].targets.nodes).toEqual([
      { name: 'shop', __typename: 'App' },
      { name: 'web-1', __typename: 'Server' },
    ])
    expect(server.apps.edges).toEqual([
      {
        node: { name: 'orders', dependents: { nodes: [{ name: 'shop' }] } },
        relation: { properties: { role: 'primary' } },
      },
    ])
    expect(client.systems.nodes[0].apps.nodes[1].servers).toEqual({
      nodes: [{ name: 'web-1' }],
      pageInfo: { hasNextPage: true },
    })
  })

  it.each([
    [
      'servers',
      'apps: { some: { systems: { some: { clients: { some: { name: { eq: "ACME" } } } } } } }',
      ['web-1', 'web-2'],
    ],
    ['servers', 'apps: { some: { family: { eq: DATABASE } } }', ['db-1']],
    ['servers', 'apps: { none: { name: { eq: "shop" } } }', ['db-1']],
    ['servers', 'not: { targetedBy: { some: {} } }', ['db-1', 'web-2']],
    [
      'servers',
      'or: [{ name: { eq: "db-1" } }, { targetedBy: { some: { name: { eq: "front" } } } }]',
      ['db-1', 'web-1'],
    ],
    ['apps', 'targets: { some: { kind: { eq: SERVER } } }', ['front']],
    ['systems', 'entryApps: { some: { name: { eq: "shop" } } }', []],
    ['systems', 'apps: { some: { name: { eq: "shop" } } }', ['billing']],
    ['apps', 'port: { eq: 1521 }', ['orders']],
    ['assets', 'kind: { in: [SYSTEM, CLIENT] }', ['ACME', 'billing']],
  ])('%s that fulfil { %s }', async (list, filter, expected) => {
    expect(names((await ask(`{ ${list}(filter: { ${filter} }) { nodes { name } } }`))[list])).toEqual(
      expected,
    )
  })

  it('page through a relation both ways', async () => {
    const page = async (args: string) =>
      (
        await ask(
          `{ app(id: "${ids.shop}") { servers(${args}) { nodes { name } pageInfo { startCursor endCursor hasNextPage } } } }`,
        )
      ).app.servers
    const first = await page('first: 1')
    const second = await page(`first: 1, after: "${first.pageInfo.endCursor}"`)
    const back = await page(`last: 1, before: "${second.pageInfo.startCursor}"`)
    expect([first, second, back].map(names)).toEqual([['web-1'], ['web-2'], ['web-1']])
    expect(second.pageInfo.hasNextPage).toBe(false)
  })

  it.each([
    [
      'kinds that do not go together',
      () => ({ kind: 'RUNS_ON', from: ids.shop, to: ids.ACME }),
      'INVALID',
      ['add', '0', 'kind'],
    ],
    ['itself', () => ({ kind: 'DEPENDS_ON', from: ids.shop, to: ids.shop }), 'CYCLE', ['add', '0', 'to']],
    [
      'what is invisible',
      () => ({ kind: 'DEPENDS_ON', from: ids.shop, to: ids.secret }),
      'NOT_FOUND',
      ['add', '0', 'to'],
    ],
    [
      'a property of another kind',
      () => ({ kind: 'PART_OF', from: ids.shop, to: ids.billing, properties: { port: 1 } }),
      'INVALID',
      ['add', '0', 'properties', 'port'],
    ],
    [
      'a port that is none',
      () => ({ kind: 'DEPENDS_ON', from: ids.shop, to: ids.orders, properties: { port: 70000 } }),
      'INVALID',
      ['add', '0', 'properties', 'port'],
    ],
    [
      'a text without end',
      () => ({ kind: 'DEPENDS_ON', from: ids.shop, to: ids.orders, properties: { notes: 'x'.repeat(2000) } }),
      'TOO_LONG',
      ['add', '0', 'properties', 'notes'],
    ],
  ])('refuse %s, and then nothing is done', async (_name, wrong, code, field) => {
    const good = { kind: 'DEPENDS_ON', from: ids.orders, to: ids.shop }
    const { userErrors, changeSet } = await relate({ add: [wrong(), good] })
    expect(userErrors).toMatchObject([{ code, field }])
    expect(changeSet).toBeNull()
    const { app } = await ask(`{ app(id: "${ids.orders}") { dependencies { totalCount } } }`)
    expect(app.dependencies.totalCount).toBe(0)
  })

  it('say where a relation of one is set', async () => {
    await add('Volume', 'disk-1')
    const { userErrors } = await relate({
      add: [{ kind: 'ATTACHED_TO', from: ids['disk-1'], to: ids['db-1'] }],
    })
    expect(userErrors).toMatchObject([{ code: 'UNSUPPORTED', field: ['add', '0', 'kind'] }])
    expect(userErrors[0].message).toContain('set the field server of disk-1')
  })

  it('change, end, come back, and each step can be undone', async () => {
    const added = await relate({
      add: [{ kind: 'SERVES', from: ids.billing, to: await add('Client', 'Globex') }],
    })
    const [edge] = added.relations
    const stale = await relate({ change: [{ id: edge.id, version: 7, properties: { notes: 'late' } }] })
    expect(stale.userErrors).toMatchObject([{ code: 'CONFLICT' }])
    const ended = await relate({ remove: [{ id: edge.id, version: edge.version }] })
    expect(ended.userErrors).toEqual([])
    const clients = async () =>
      names((await ask(`{ system(id: "${ids.billing}") { clients { nodes { name } } } }`)).system.clients)
    expect(await clients()).toEqual(['ACME'])
    const again = await relate({ add: [{ kind: 'SERVES', from: ids.billing, to: ids.Globex }] })
    expect(again.relations[0].id).not.toBe(edge.id)
    expect(await clients()).toEqual(['ACME', 'Globex'])
    // Twice is once.
    expect(
      (await relate({ add: [{ kind: 'SERVES', from: ids.billing, to: ids.Globex }] })).changeSet,
    ).toBeNull()
  })

  it('show nothing of what is invisible', async () => {
    const { relationsUpdate } = await ask(
      edit,
      { input: { add: [{ kind: 'DEPENDS_ON', from: ids.secret, to: ids.shop }] } },
      stranger,
    )
    expect(relationsUpdate.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['add', '0', 'to'] }])
    const { app, apps } = await ask(
      `{ app(id: "${ids.secret}") { relations(direction: FORWARD) { totalCount } dependencies { totalCount } }
         apps(filter: { dependents: { some: {} } }) { totalCount } }`,
      {},
      stranger,
    )
    expect([app.relations.totalCount, app.dependencies.totalCount, apps.totalCount]).toEqual([0, 0, 0])
  })

  it('cost one command per level, however many parents', async () => {
    const document = (first: number) =>
      `{ apps(first: ${first}, orderBy: [{ field: NAME, direction: DESC }]) { nodes { servers(first: 5, filter: { name: { contains: "w" } }) { nodes { apps(first: 5) { nodes { systems(first: 5) { nodes { name } } } } } } } } }`
    const commands = async (first: number) => {
      const before = api.commands()
      await ask(document(first))
      return api.commands() - before
    }
    await commands(1)
    expect(await commands(3)).toBe(await commands(1))
  })

  it('keep a network from being inside itself, however far around', async () => {
    const outer = await add('Network', 'outer')
    const middle = await add('Network', 'middle', { family: 'SUBNET', parent: outer })
    const inner = await add('Network', 'inner', { family: 'SUBNET', parent: middle })
    const into = async (id: string, parent: string) =>
      (
        await ask(
          'mutation ($input: NetworkUpdateInput!) { networkUpdate(input: $input) { userErrors { code field } } }',
          { input: { id, version: 1, parent } },
        )
      ).networkUpdate.userErrors
    expect(await into(outer, inner)).toEqual([{ code: 'CYCLE', field: ['parent'] }])
    expect(await into(outer, outer)).toEqual([{ code: 'CYCLE', field: ['parent'] }])
    expect(await into(inner, outer)).toEqual([])
    const { network } = await ask(`{ network(id: "${outer}") { networks { nodes { name } } } }`)
    expect(names(network.networks)).toEqual(['inner', 'middle'])
  })

  it('refuse a specification of another family', async () => {
    const { appCreate } = await ask(
      'mutation ($input: AppCreateInput!) { appCreate(input: $input) { app { id } userErrors { code field } } }',
      { input: { name: 'queue', family: 'BROKER', spec: { serverless: { handler: 'main' } } } },
    )
    expect(appCreate).toEqual({ app: null, userErrors: [{ code: 'INVALID', field: ['spec', 'handler'] }] })
  })
})
