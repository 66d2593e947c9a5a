import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { options } from '../../core/inventory/catalogue/option.ts'
import { providers } from '../../core/inventory/catalogue/provider.ts'
import { asShipped } from '../../core/inventory/catalogue/regions.ts'
import { seed } from '../../core/inventory/catalogue/seed.ts'
import { services } from '../../core/inventory/catalogue/service.ts'
import { builtInServices } from '../../core/inventory/catalogue/services/all.ts'
import { AppFamily } from '../../core/inventory/families.ts'
import { startTestApi, type TestApi } from '../testing.ts'

const SERVICES = `query ($filter: CatalogueServiceFilter, $first: Int, $after: String) {
  catalogueServices(filter: $filter, first: $first, after: $after) {
    nodes { id name families tags managed shipped edited hidden version } totalCount pageInfo { hasNextPage endCursor }
  }
}`
const OPTIONS = `query ($list: OptionList, $text: String, $hidden: Boolean) {
  options(list: $list, text: $text, hidden: $hidden) { id list value shipped edited version }
}`
const PROVIDERS = `query ($text: String, $hidden: Boolean) {
  providers(text: $text, hidden: $hidden) { id code name version edited regions { code name zones edited } }
}`

let api: TestApi
let administrator: string
let person: string
beforeAll(async () => {
  api = await startTestApi()
  administrator = (await api.signUp('Ada Lovelace')).token
  person = (await api.signUp('Ben Okri')).token
})
afterAll(() => api.close())

const read = async (document: string, variables: object, token = person) => {
  const { data, errors } = await api.query(document, { ...variables }, token)
  expect(errors).toBeUndefined()
  return data[Object.keys(data)[0]!]
}
/** Does something to an entry as the administrator, and answers the payload. */
const change = async (name: string, input: object, token = administrator) => {
  const reference = /Delete|Restore/.test(name)
  const type = reference ? 'CatalogueEntryRefInput' : `${name[0]!.toUpperCase()}${name.slice(1)}Input`
  const { data, errors } = await api.query(
    `mutation ($input: ${type}!) {
      ${name}(input: $input) { entry { id version hidden edited shipped } userErrors { code field message } }
    }`,
    { input },
    token,
  )
  return errors ? { refused: errors[0]!.extensions.code } : data[name]
}
const service = async (name: string, hidden = false) =>
  (await read(SERVICES, { filter: { text: name, hidden } })).nodes.find(
    (one: { name: string }) => one.name === name,
  )
const optionsOf = async (list: string, hidden = false) =>
  (await read(OPTIONS, { list, hidden })) as { id: string; value: string; version: number }[]
const provider = async (code: string) =>
  (await read(PROVIDERS, { text: code })).find((one: { code: string }) => one.code === code)

describe('the catalogue as anybody reads it', () => {
  it('lists the services by name, a page at a time', async () => {
    const all: string[] = []
    let after: string | null = null
    do {
      const page = await read(SERVICES, { first: 200, after })
      all.push(...page.nodes.map(({ name }: { name: string }) => name))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
      expect(page.totalCount).toBe(builtInServices.length)
    } while (after)
    expect(new Set(all).size).toBe(builtInServices.length)
    const order = new Intl.Collator('en', { numeric: true, sensitivity: 'accent' }).compare
    expect(all).toEqual([...all].sort(order))
  })

  it('narrows them by family, by who runs them, by tag and by text', async () => {
    const brokers = await read(SERVICES, { filter: { families: ['BROKER'], managed: true }, first: 200 })
    expect(brokers.nodes.map(({ name }: { name: string }) => name)).toContain('Amazon SQS')
    expect(brokers.nodes).toSatisfy((all: { families: string[]; managed: boolean }[]) =>
      all.every(({ families, managed }) => families.includes('BROKER') && managed),
    )
    const { nodes } = await read(SERVICES, { filter: { tags: ['mysql'], text: 'percona', managed: false } })
    expect(nodes.map(({ name }: { name: string }) => name)).toEqual([
      'Percona Monitoring and Management',
      'Percona Server for MySQL',
      'Percona XtraDB Cluster',
    ])
    expect((await read(SERVICES, { filter: { text: '.*' } })).nodes).toEqual([])
  })

  it('lists the options of a list in their order, and those of every list', async () => {
    expect((await optionsOf('ENVIRONMENT')).map(({ value }) => value)).toEqual([
      'production',
      'staging',
      'development',
      'uat',
      'training',
      'sandbox',
    ])
    const lists = new Set((await read(OPTIONS, {})).map(({ list }: { list: string }) => list))
    expect(lists.size).toBe(26)
  })

  it('tells the providers with regions and zones', async () => {
    const { name, regions } = await provider('AWS')
    expect(name).toBe('Amazon Web Services')
    expect(regions).toContainEqual({
      code: 'eu-west-1',
      name: 'Ireland',
      zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      edited: false,
    })
  })

  it('finds each of them by its id', async () => {
    const found = [await service('Redis'), (await optionsOf('SIZE'))[0], await provider('Heroku')]
    const nodes = await read('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', {
      ids: found.map(({ id }) => id),
    })
    expect(nodes).toEqual([
      { __typename: 'CatalogueService', id: found[0].id },
      { __typename: 'CatalogueOption', id: found[1].id },
      { __typename: 'CatalogueProvider', id: found[2].id },
    ])
  })
})

describe('an administrator', () => {
  it('adds a service, changes it and deletes it', async () => {
    const added = await change('catalogueServiceCreate', {
      name: ' Ledger 3000 ',
      families: ['CORPORATE', 'DATABASE', 'CORPORATE'],
      tags: ['ledger', 'ledger', ''],
    })
    expect(added.userErrors).toEqual([])
    const { id } = added.entry
    expect(await service('Ledger 3000')).toMatchObject({
      families: ['CORPORATE', 'DATABASE'],
      tags: ['ledger'],
      managed: false,
      shipped: false,
    })
    expect(
      await change('catalogueServiceUpdate', { id, version: 1, managed: true, name: 'Ledger Cloud' }),
    ).toMatchObject({ userErrors: [], entry: { version: 2 } })
    expect(await service('Ledger Cloud')).toMatchObject({ managed: true, tags: ['ledger'] })
    expect(await change('catalogueServiceUpdate', { id, version: 1, managed: false })).toMatchObject({
      userErrors: [{ code: 'CONFLICT' }],
    })
    expect(await change('catalogueServiceRestore', { id })).toMatchObject({
      userErrors: [{ code: 'UNSUPPORTED' }],
    })
    expect(await change('catalogueServiceDelete', { id })).toEqual({ entry: null, userErrors: [] })
    expect(await service('Ledger Cloud')).toBeUndefined()
    expect(await service('Ledger Cloud', true)).toBeUndefined()
  })

  it('is told which field of an input is wrong, and nothing is stored', async () => {
    const create = async (input: object) =>
      (await change('catalogueServiceCreate', { name: 'Wrong', families: ['DATABASE'], ...input })).userErrors
    expect(await create({ name: '  ' })).toMatchObject([{ code: 'REQUIRED', field: ['name'] }])
    expect(await create({ name: 'x'.repeat(181) })).toMatchObject([{ code: 'TOO_LONG', field: ['name'] }])
    expect(await create({ families: [] })).toMatchObject([{ code: 'REQUIRED', field: ['families'] }])
    expect(await create({ tags: Array.from({ length: 33 }, (_, i) => `t${i}`) })).toMatchObject([
      { code: 'LIMIT_REACHED', field: ['tags'] },
    ])
    expect(await create({ name: 'POSTGRESQL' })).toMatchObject([{ code: 'TAKEN', field: ['name'] }])
    expect(await service('Wrong')).toBeUndefined()
    expect((await change('optionCreate', { list: 'SIZE', value: '' })).userErrors).toMatchObject([
      { code: 'REQUIRED', field: ['value'] },
    ])
    expect((await change('optionCreate', { list: 'SIZE', value: 'Nano' })).userErrors).toMatchObject([
      { code: 'TAKEN', field: ['value'] },
    ])
    const regions = [
      { code: 'one', name: 'One' },
      { code: 'one', name: 'Two' },
    ]
    expect(
      (await change('providerCreate', { code: 'Own cloud', name: 'Ours', regions })).userErrors,
    ).toMatchObject([{ code: 'TAKEN', field: ['regions', '1', 'code'] }])
    expect(await provider('Own cloud')).toBeUndefined()
  })

  it('keeps options: adds one at the end, renames one, takes one out and shows it again', async () => {
    const [production, staging] = await optionsOf('ENVIRONMENT')
    await change('optionCreate', { list: 'ENVIRONMENT', value: 'acceptance' })
    await change('optionUpdate', { id: production!.id, version: 1, value: 'live' })
    await change('optionDelete', { id: staging!.id })
    expect((await optionsOf('ENVIRONMENT')).map(({ value }) => value)).toEqual([
      'live',
      'development',
      'uat',
      'training',
      'sandbox',
      'acceptance',
    ])
    const [hidden] = await optionsOf('ENVIRONMENT', true)
    expect(hidden).toMatchObject({ value: 'staging', version: 2 })
    await change('optionUpdate', { id: hidden!.id, version: 2, hidden: false })
    await change('optionRestore', { id: production!.id })
    expect((await optionsOf('ENVIRONMENT')).slice(0, 2).map(({ value }) => value)).toEqual([
      'production',
      'staging',
    ])
  })

  it('leaves a line in the audit for each change', async () => {
    const { id } = (await change('providerCreate', { code: 'Basement', name: 'The basement' })).entry
    await change('providerUpdate', { id, version: 1, regions: [{ code: 'north', name: 'North wall' }] })
    await change('providerDelete', { id })
    const { data } = await api.query(
      '{ audit(first: 3, filter: { actions: [CATALOGUE_CHANGED] }) { nodes { actor subject detail } } }',
      {},
      administrator,
    )
    expect(data.audit.nodes).toEqual(
      ['deleted', 'changed: regions', 'added'].map((detail) => ({
        actor: 'Ada Lovelace',
        subject: 'The basement',
        detail,
      })),
    )
  })

  it('is the only one who may', async () => {
    const redis = await service('Redis')
    for (const [name, input] of Object.entries({
      catalogueServiceCreate: { name: 'Mine', families: ['CACHE'] },
      catalogueServiceUpdate: { id: redis.id, version: 1, name: 'Mine' },
      catalogueServiceDelete: { id: redis.id },
      catalogueServiceRestore: { id: redis.id },
    }))
      expect(await change(name, input, person), name).toEqual({ refused: 'FORBIDDEN' })
    expect(await service('Redis')).toMatchObject({ version: redis.version, hidden: false })
    expect(await service('Mine')).toBeUndefined()
  })
})

describe('a later version', () => {
  it('adds and changes what it ships, but not what an administrator has changed or taken out', async () => {
    const [neo4j, memcached] = [await service('Neo4j'), await service('Memcached')]
    await change('catalogueServiceUpdate', { id: neo4j.id, version: neo4j.version, name: 'Our graphs' })
    await change('catalogueServiceDelete', { id: memcached.id })
    const later = new Map(services.shipped)
    for (const name of ['Neo4j', 'Memcached', 'MariaDB'])
      later.set(name, { ...later.get(name), managed: true })
    later.set('NewDB', { name: 'NewDB', families: [AppFamily.DATABASE], tags: [], managed: false })
    later.delete('Sidekiq')

    await seed(api.core, services, later)
    expect(await service('Our graphs')).toMatchObject({ id: neo4j.id, managed: false, edited: true })
    expect(await service('Neo4j')).toBeUndefined()
    expect(await service('Memcached')).toBeUndefined()
    expect(await service('MariaDB')).toMatchObject({ managed: true, edited: false })
    expect(await service('NewDB')).toMatchObject({ shipped: true })
    expect(await service('Sidekiq')).toBeUndefined()

    await change('catalogueServiceRestore', { id: neo4j.id })
    await change('catalogueServiceRestore', { id: memcached.id })
    expect(await service('Neo4j')).toMatchObject({ edited: false })
    expect(await service('Memcached')).toMatchObject({ hidden: false, managed: false })
  })

  it('keeps the regions of a provider current around those that an administrator has written', async () => {
    const { id, version, regions } = await provider('Hetzner')
    const plain = (all: { code: string; name: string; zones: string[] }[]) =>
      all.map(({ code, name, zones }) => ({ code, name, zones }))
    const ours = [
      ...plain(regions).filter(({ code }) => code !== 'hil'),
      { code: 'cellar', name: 'The cellar', zones: ['cellar-1'] },
    ].map((region) => (region.code === 'ash' ? { ...region, name: 'Ashburn, VA' } : region))
    expect((await change('providerUpdate', { id, version, regions: ours })).userErrors).toEqual([])

    const shipped = providers.shipped.get('Hetzner')!
    const later = new Map(providers.shipped).set('Hetzner', {
      ...shipped,
      regions: [
        ...shipped.regions!.map((region) => ({ ...region, zones: [`${region.code}-dc1`] })),
        asShipped({ code: 'osl1', name: 'Oslo', zones: [] }),
      ],
    })
    await seed(api.core, providers, later)
    const now = await provider('Hetzner')
    expect(now.regions.map(({ code }: { code: string }) => code)).toEqual([
      'fsn1',
      'nbg1',
      'hel1',
      'ash',
      'sin',
      'osl1',
      'cellar',
    ])
    expect(now.regions).toContainEqual({ code: 'ash', name: 'Ashburn, VA', zones: [], edited: true })
    expect(now.regions).toContainEqual({
      code: 'fsn1',
      name: 'Falkenstein',
      zones: ['fsn1-dc1'],
      edited: false,
    })

    await change('providerRestore', { id })
    const restored = await provider('Hetzner')
    expect(plain(restored.regions)).toEqual([
      ...plain(regions),
      { code: 'cellar', name: 'The cellar', zones: ['cellar-1'] },
    ])
  })

  it('follows a provider whose list of regions was saved without a change', async () => {
    const { id, version, edited, regions } = await provider('Heroku')
    const same = regions.map(({ code, name, zones }: Record<string, unknown>) => ({ code, name, zones }))
    expect((await change('providerUpdate', { id, version, regions: same })).userErrors).toEqual([])
    expect([edited, (await provider('Heroku')).edited]).toEqual([false, false])
  })

  it('changes nothing when it ships the same, however many processes start at once', async () => {
    const versions = async () =>
      (await read(OPTIONS, {})).map(({ id, version }: { id: string; version: number }) => [id, version])
    const before = await versions()
    expect(before.length).toBeGreaterThan(150)
    await Promise.all([1, 2, 3].map(() => seed(api.core, options)))
    expect(await versions()).toEqual(before)
  })

  it('leaves a service alone that somebody had added by hand before it was shipped', async () => {
    await change('catalogueServiceCreate', { name: 'Futurebase', families: ['CACHE'], tags: ['ours'] })
    const shipped = { name: 'Futurebase', families: [AppFamily.DATABASE], tags: [], managed: true }
    await seed(api.core, services, new Map(services.shipped).set('Futurebase', shipped))
    expect(await service('Futurebase')).toMatchObject({ families: ['CACHE'], tags: ['ours'] })
  })
})

describe('the fields of a kind', () => {
  it('say where suggestions come from, and take other values all the same', async () => {
    const kinds = await read(
      '{ assetKinds { kind fields { name suggest itemFields { name suggest } } } }',
      {},
    )
    const source = (kind: string, ...path: string[]) =>
      path.reduce(
        (at, name) => (at.fields ?? at.itemFields).find((field: { name: string }) => field.name === name),
        kinds.find((one: { kind: string }) => one.kind === kind),
      ).suggest
    expect(source('APP', 'product')).toBe('PRODUCT')
    expect(source('APP', 'listeners', 'protocol')).toBe('PROTOCOL')
    expect(source('SERVER', 'environment')).toBe('ENVIRONMENT')
    expect(source('DATACENTER', 'zones')).toBe('ZONE')
    expect(source('SERVER', 'hostname')).toBeNull()

    const { data } = await api.query(
      `mutation { appCreate(input: { name: "odd", family: CACHE, product: "Homemade", environment: "somewhere" }) {
        app { product environment } userErrors { code }
      } }`,
      {},
      person,
    )
    expect(data.appCreate).toEqual({
      app: { product: 'Homemade', environment: 'somewhere' },
      userErrors: [],
    })
  })
})
