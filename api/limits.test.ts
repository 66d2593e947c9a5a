import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from './testing.ts'

describe('the limits of one operation', () => {
  let api: TestApi
  let token: string
  beforeAll(async () => {
    api = await startTestApi({ settings: { COST_LIMIT: '5000' } })
    token = (await api.signUp()).token
  })
  afterAll(() => api.close())

  const refusalOf = async (document: string, variables = {}) => {
    const before = api.commands()
    const answer = await api.query(document, variables, token)
    // At most the sign-in was looked up.
    expect(api.commands() - before).toBeLessThanOrEqual(1)
    return answer.errors![0]!.extensions
  }

  it('tell in every answer what it may have cost', async () => {
    const { extensions } = await api.query('{ servers(first: 10) { nodes { id name } } }', {}, token)
    expect(extensions).toMatchObject({ cost: { requested: 31, max: 5000 } })
  })

  it('count rows times what each row asks for, before anything is read', async () => {
    const document = `query ($n: Int) { datacenters(first: 100) { nodes { servers(first: $n) { nodes { id name } } } } }`
    expect((await api.query(document, { n: 2 }, token)).errors).toBeUndefined()
    const refused = await refusalOf(document, { n: 100 })
    expect(refused).toMatchObject({ code: 'COST_EXCEEDED', cap: 'cost', cost: { max: 5000 } })
    expect((refused.cost as { requested: number }).requested).toBeGreaterThan(20_000)
  })

  it('take a page size that is left out or null as the default one', async () => {
    const costOf = async (args: string) =>
      (await api.query(`{ servers${args} { nodes { id } } }`, {}, token)).extensions!.cost
    expect(await costOf('(first: null)')).toEqual(await costOf(''))
    expect(await costOf('(first: 25)')).toEqual(await costOf(''))
  })

  it('count what is hidden in fragments, however often they fan out', async () => {
    const fan = Array.from({ length: 40 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)
    const started = performance.now()
    const refused = await refusalOf(
      `{ ...F0 } ${fan.join(' ')} fragment F40 on Query { installation { version } }`,
    )
    expect(refused).toMatchObject({ code: 'COST_EXCEEDED', cap: 'fields' })
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('refuse what is too deep, and let tools ask for the schema', async () => {
    const deep = `{ datacenters { nodes { ${'servers { nodes { datacenter { '.repeat(4)} id ${'} } }'.repeat(4)} } } }`
    expect(await refusalOf(deep)).toMatchObject({ code: 'DEPTH_EXCEEDED', cap: 'depth', max: 12 })
    const { data } = await api.query(getIntrospectionQuery(), {}, token)
    expect(data.__schema.types.length).toBeGreaterThan(20)
  })

  it('refuse many aliases and long documents', async () => {
    const aliases = Array.from({ length: 31 }, (_, n) => `a${n}: installation { version }`)
    expect(await refusalOf(`{ ${aliases.join(' ')} }`)).toMatchObject({
      code: 'COST_EXCEEDED',
      cap: 'aliases',
    })
    const long = `{ installation { version } } # ${'x'.repeat(20_480)}`
    expect(await refusalOf(long)).toMatchObject({ code: 'COST_EXCEEDED', cap: 'document' })
  })

  it('hold on sockets as well', async () => {
    const refused = async (document: string) => {
      const failed = await api
        .subscribe(document, {}, token)
        .next()
        .catch((errors: unknown) => errors as { extensions: { code: string } }[])
      return (failed as { extensions: { code: string } }[])[0]!.extensions.code
    }
    expect(
      await refused('{ datacenters(first: 200) { nodes { servers(first: 200) { nodes { id } } } } }'),
    ).toBe('COST_EXCEEDED')
    expect(await refused(`{ installation { version } } # ${'x'.repeat(20_480)}`)).toBe('COST_EXCEEDED')
    expect(await refused('{ nonsense }')).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(await refused('{ nonsense')).toBe('GRAPHQL_PARSE_FAILED')
  })
})
