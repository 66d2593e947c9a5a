import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../testing.ts'

describe('lists of assets', () => {
  let api: TestApi
  let token: string
  let frankfurt: string
  const ids: Record<string, string> = {}

  beforeAll(async () => {
    api = await startTestApi()
    token = (await api.signUp()).token
    frankfurt = await add('datacenter', { name: 'Frankfurt', provider: 'own', regions: ['north', 'south'] })
    for (const input of servers) ids[input.name] = await add('server', input)
    await add('server', { name: 'web-11', datacenter: frankfurt, cpu: 4 }).then((id) => (ids['web-11'] = id))
  })
  afterAll(() => api.close())

  async function add(kind: string, input: object): Promise<string> {
    const type = kind.charAt(0).toUpperCase() + kind.slice(1)
    const { data, errors } = await api.query(
      `mutation ($input: ${type}CreateInput!) { ${kind}Create(input: $input) { ${kind} { id } userErrors { field message } } }`,
      { input },
      token,
    )
    const answer = data?.[`${kind}Create`]
    if (!answer?.[kind]) throw new Error(JSON.stringify(errors ?? answer))
    return answer[kind].id as string
  }

  const list = async (args: string, fields = 'nodes { name }') => {
    const { data, errors } = await api.query(`{ servers(${args}) { ${fields} } }`, {}, token)
    if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions)
    return data.servers
  }
  const names = async (filter: string) =>
    ((await list(`filter: {${filter}}`)).nodes as { name: string }[]).map(({ name }) => name)

  it.each([
    ['name: { eq: "web-2" }', ['web-2']],
    ['name: { ne: "web-2" }', ['DB-1', 'db-2', 'web-10', 'web-11']],
    ['name: { in: ["web-2", "DB-1", "nobody"] }', ['DB-1', 'web-2']],
    ['name: { nin: ["web-2", "DB-1"] }', ['db-2', 'web-10', 'web-11']],
    ['name: { contains: "B-" }', ['DB-1', 'db-2', 'web-2', 'web-10', 'web-11']],
    ['name: { contains: "." }', []],
    ['name: { startsWith: "WEB" }', ['web-2', 'web-10', 'web-11']],
    ['environment: { exists: true }', ['DB-1', 'web-2']],
    ['environment: { exists: false }', ['db-2', 'web-10', 'web-11']],
    ['environment: { ne: "production" }', ['db-2', 'web-2', 'web-10', 'web-11']],
    ['cpu: { eq: 4 }', ['web-2', 'web-11']],
    ['cpu: { ne: 4 }', ['DB-1', 'db-2', 'web-10']],
    ['cpu: { in: [8, 16] }', ['DB-1', 'web-10']],
    ['cpu: { gt: 4, lt: 16 }', ['web-10']],
    ['cpu: { gte: 8 }', ['DB-1', 'web-10']],
    ['cpu: { lte: 4 }', ['web-2', 'web-11']],
    ['cpu: { exists: false }', ['db-2']],
    ['status: { eq: STOPPED }', ['DB-1']],
    ['status: { ne: STOPPED }', ['db-2', 'web-2', 'web-10', 'web-11']],
    ['status: { in: [STOPPED, ACTIVE] }', ['DB-1', 'web-2']],
    ['status: { nin: [STOPPED, ACTIVE] }', ['db-2', 'web-10', 'web-11']],
    ['createdAt: { gt: "2020-01-01T00:00:00Z" }, name: { eq: "DB-1" }', ['DB-1']],
    ['updatedAt: { lte: "2020-01-01T00:00:00Z" }', []],
    ['launchedAt: { exists: true }', []],
    ['tag: { key: "team" }', ['DB-1', 'web-2']],
    ['tag: { key: "team", value: { eq: "blue" } }', ['web-2']],
    ['tag: { key: "team", value: { startsWith: "R" } }', ['DB-1']],
    ['identifier: { eq: "10.0.0.2" }', ['web-2']],
    ['drifted: { eq: true }', []],
    ['and: [{ cpu: { eq: 4 } }, { name: { startsWith: "web" } }]', ['web-2', 'web-11']],
    ['or: [{ cpu: { eq: 16 } }, { name: { eq: "db-2" } }]', ['DB-1', 'db-2']],
    ['or: []', []],
    ['not: { name: { startsWith: "web" } }', ['DB-1', 'db-2']],
    ['not: { or: [{ cpu: { eq: 4 } }, { cpu: { exists: false } }] }', ['DB-1', 'web-10']],
    ['name: null', ['DB-1', 'db-2', 'web-2', 'web-10', 'web-11']],
  ])('filters by %s', async (filter, expected) => {
    expect(await names(filter)).toEqual(expected)
  })

  it('filters by reference and by id', async () => {
    expect(await names(`datacenter: { eq: "${frankfurt}" }`)).toEqual(['web-11'])
    expect(await names(`id: { in: ["${ids['DB-1']}", "${ids['web-2']}"] }`)).toEqual(['DB-1', 'web-2'])
    await expect(names(`datacenter: { eq: "${ids['DB-1']}" }`)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })

  it('filters lists by one of their values', async () => {
    const { data } = await api.query(
      '{ a: datacenters(filter: { regions: { eq: "south" } }) { totalCount } b: datacenters(filter: { zones: { exists: true } }) { totalCount } }',
      {},
      token,
    )
    expect(data).toEqual({ a: { totalCount: 1 }, b: { totalCount: 0 } })
  })

  it('refuses what is too deep, too long or unknown, by name', async () => {
    const deep = 'not: { '.repeat(7) + 'name: { eq: "x" }' + ' }'.repeat(7)
    await expect(names(deep)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    const many = JSON.stringify(Array.from({ length: 501 }, (_, n) => `n${n}`))
    await expect(names(`name: { in: ${many} }`)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    await expect(list('first: 201')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    await expect(list('first: 1, last: 1')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    await expect(list('after: "nonsense"')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  it.each([
    ['{ field: NAME }', ['DB-1', 'db-2', 'web-2', 'web-10', 'web-11']],
    ['{ field: NAME, direction: DESC }', ['web-11', 'web-10', 'web-2', 'db-2', 'DB-1']],
    ['{ field: CPU }, { field: NAME, direction: DESC }', ['db-2', 'web-11', 'web-2', 'web-10', 'DB-1']],
    ['{ field: CPU, direction: DESC }, { field: NAME }', ['DB-1', 'web-10', 'web-2', 'web-11', 'db-2']],
    [
      '{ field: IPV4_PRIVATE, direction: DESC }, { field: NAME }',
      ['web-2', 'DB-1', 'db-2', 'web-10', 'web-11'],
    ],
    ['{ field: MEMORY_GIB }, { field: NAME }', ['db-2', 'web-2', 'web-10', 'web-11', 'DB-1']],
  ])('orders by %s, and pages through it both ways', async (order, expected) => {
    for (const size of [1, 2, 3]) {
      const forwards: string[] = []
      for (let after = '', more = true; more;) {
        const page = await list(`first: ${size}, orderBy: [${order}]${after}`, connection)
        forwards.push(...page.nodes.map(({ name }: { name: string }) => name))
        more = page.pageInfo.hasNextPage
        after = `, after: "${page.pageInfo.endCursor}"`
        expect(page.totalCount).toBe(expected.length)
      }
      expect(forwards).toEqual(expected)

      const backwards: string[] = []
      for (let before = '', more = true; more;) {
        const page = await list(`last: ${size}, orderBy: [${order}]${before}`, connection)
        backwards.unshift(...page.nodes.map(({ name }: { name: string }) => name))
        more = page.pageInfo.hasPreviousPage
        before = `, before: "${page.pageInfo.startCursor}"`
      }
      expect(backwards).toEqual(expected)
    }
  })

  it('refuses a cursor of another order, and an order of too many steps', async () => {
    const { pageInfo } = await list('first: 1, orderBy: [{ field: CPU }, { field: NAME }]', connection)
    await expect(list(`first: 1, after: "${pageInfo.endCursor}"`)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
    const four = ['NAME', 'CPU', 'ROLE', 'STATUS'].map((field) => `{ field: ${field} }`).join()
    await expect(list(`orderBy: [${four}]`)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  it('hides retired assets unless they are asked for', async () => {
    const id = await add('server', { name: 'old', role: 'retired' })
    await api.query(
      'mutation ($input: AssetsRetireInput!) { assetsRetire(input: $input) { changeSet { id } } }',
      { input: { assets: [{ id, version: 1 }] } },
      token,
    )
    expect(await names('role: { eq: "retired" }')).toEqual([])
    expect(await names('role: { eq: "retired" }, retired: { eq: true }')).toEqual(['old'])
    expect(await names('role: { eq: "retired" }, retired: { eq: null }')).toEqual(['old'])
    expect(await names('and: [{ retired: { eq: true } }]')).toEqual(['old'])
  })

  it('finds by whatever is pasted, exact matches first', async () => {
    const find = async (text: string, more = '') =>
      (
        await api.query(
          `query ($text: String!) { lookup(text: $text${more}) { name kind } }`,
          { text },
          token,
        )
      ).data.lookup.map(({ name }: { name: string }) => name)
    expect(await find(' 10.0.0.2 ')).toEqual(['web-2'])
    expect(await find('WEB-1')).toEqual(expect.arrayContaining(['web-10', 'web-11']))
    expect((await find('web-2'))[0]).toBe('web-2')
    expect(await find('ankfu')).toEqual(['Frankfurt'])
    expect(await find('ankfu', ', kinds: [SERVER]')).toEqual([])
    expect(await find('   ')).toEqual([])
    expect(await find('-', ', first: 2')).toHaveLength(2)
  })

  it('suggests values by how often they occur', async () => {
    const suggest = async (field: string, text?: string) => {
      const { data, errors } = await api.query(
        'query ($field: String!, $text: String) { assetFieldValues(kind: SERVER, field: $field, text: $text) { value count } }',
        { field, text },
        token,
      )
      return errors ? errors[0]!.extensions.code : data.assetFieldValues
    }
    expect(await suggest('role')).toEqual([
      { value: 'web', count: 2 },
      { value: 'database', count: 1 },
    ])
    expect(await suggest('role', 'ATA')).toEqual([{ value: 'database', count: 1 }])
    expect(await suggest('cpu')).toBe('BAD_USER_INPUT')
    expect(await suggest('secrets')).toBe('BAD_USER_INPUT')
  })

  it('tells what a kind is made of, in the names of its filter, order and inputs', async () => {
    const { data } = await api.query(
      `{ assetKinds { kind name plural fields { name type orderField filterable writable required options target } }
         filter: __type(name: "ServerFilter") { inputFields { name } }
         order: __type(name: "ServerOrderField") { enumValues { name } }
         create: __type(name: "ServerCreateInput") { inputFields { name } } }`,
      {},
      token,
    )
    const server = data.assetKinds.find(({ kind }: { kind: string }) => kind === 'SERVER')
    expect(server).toMatchObject({ name: 'server', plural: 'servers' })
    const named = (rows: { name: string }[]) => rows.map(({ name }) => name)
    const fields = server.fields as Record<string, unknown>[]
    expect(named(data.filter.inputFields)).toEqual(
      expect.arrayContaining(fields.filter((field) => field.filterable).map((field) => field.name)),
    )
    expect(named(data.order.enumValues)).toEqual(
      expect.arrayContaining(fields.filter((field) => field.orderField).map((field) => field.orderField)),
    )
    expect(named(data.create.inputFields).sort()).toEqual(
      fields
        .filter((field) => field.writable)
        .map((field) => field.name)
        .sort(),
    )
    expect(fields.find((field) => field.name === 'datacenter')).toMatchObject({
      type: 'REFERENCE',
      target: 'DATACENTER',
      orderField: null,
    })
    expect(fields.find((field) => field.name === 'memoryGiB')).toMatchObject({ orderField: 'MEMORY_GIB' })
  })

  it('tells the form of each family, and the fields of items', async () => {
    const { data } = await api.query(
      `{ assetKinds { kind specs { form typeName family engine fields }
           fields { name spec itemFields { name type unit required } } }
         forms: __type(name: "AppSpecInput") { inputFields { name } }
         oracle: __type(name: "OracleSpecInput") { inputFields { name } } }`,
      {},
      token,
    )
    const [app, server] = ['APP', 'SERVER'].map((kind) =>
      data.assetKinds.find((each: { kind: string }) => each.kind === kind),
    )
    expect(server.specs).toEqual([])
    const named = (rows: { name: string }[]) => rows.map(({ name }) => name).sort()
    const forms = app.specs as { form: string; fields: string[] }[]
    expect(forms.map(({ form }) => form).sort()).toEqual(named(data.forms.inputFields))
    const oracle = forms.find(({ form }) => form === 'oracle')!
    expect(oracle).toMatchObject({ typeName: 'OracleSpec', family: 'DATABASE', engine: 'ORACLE' })
    expect([...oracle.fields].sort()).toEqual(named(data.oracle.inputFields))
    const groups = app.fields.find(({ name }: { name: string }) => name === 'asmGroups')
    expect(groups).toEqual({
      name: 'asmGroups',
      spec: true,
      itemFields: [
        { name: 'name', type: 'TEXT', unit: null, required: true },
        { name: 'sizeGiB', type: 'NUMBER', unit: 'GiB', required: false },
      ],
    })
  })

  it('tells which fields lead to related assets, and what may be said of each relation', async () => {
    const { data } = await api.query(
      `{ assetKinds { kind relations { field kind direction label targets only reference properties { name type options } } }
         system: __type(name: "System") { fields { name } } app: __type(name: "App") { fields { name } }
         datacenter: __type(name: "Datacenter") { fields { name } }
         given: __type(name: "RelationPropertiesInput") { inputFields { name } } }`,
      {},
      token,
    )
    type Relation = { field: string; properties: { name: string }[] }
    const relations = (kind: string): Relation[] =>
      data.assetKinds.find((each: { kind: string }) => each.kind === kind).relations
    const named = (rows: { name: string }[]) => rows.map(({ name }) => name)
    for (const [type, kind] of [
      ['system', 'SYSTEM'],
      ['app', 'APP'],
      ['datacenter', 'DATACENTER'],
    ] as const) {
      expect(relations(kind).length).toBeGreaterThan(2)
      expect(named(data[type].fields)).toEqual(
        expect.arrayContaining(relations(kind).map(({ field }) => field)),
      )
    }
    const properties = relations('APP').flatMap((relation) => named(relation.properties))
    expect(new Set(properties)).toEqual(new Set(named(data.given.inputFields)))
    const find = (kind: string, name: string) => relations(kind).find(({ field }) => field === name)
    expect(find('APP', 'targets')).toMatchObject({
      kind: 'TARGETS',
      direction: 'FORWARD',
      targets: ['APP', 'SERVER'],
      only: null,
      reference: null,
    })
    expect(find('APP', 'dependents')).toMatchObject({ kind: 'DEPENDS_ON', direction: 'BACKWARD' })
    expect(find('APP', 'dependencies')!.properties).toContainEqual({
      name: 'redundancy',
      type: 'ENUM',
      options: ['ALL', 'ANY', 'N_OF_M'],
    })
    expect(find('SYSTEM', 'entryApps')).toMatchObject({ label: 'Entry apps', only: 'entry' })
    expect(find('DATACENTER', 'servers')).toMatchObject({
      kind: 'LOCATED_IN',
      targets: ['SERVER'],
      reference: 'datacenter',
      properties: [],
    })
  })
})

const connection = 'nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount'

const servers = [
  { name: 'web-10', cpu: 8, role: 'web' },
  {
    name: 'web-2',
    cpu: 4,
    role: 'web',
    environment: 'staging',
    status: 'ACTIVE',
    ipv4Private: '10.0.0.2',
    tags: [{ key: 'team', value: 'blue' }],
  },
  {
    name: 'DB-1',
    cpu: 16,
    memoryGiB: 64,
    role: 'database',
    environment: 'production',
    status: 'STOPPED',
    tags: [{ key: 'team', value: 'red' }],
  },
  { name: 'db-2' },
]
