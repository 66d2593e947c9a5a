import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../testing.ts'
import { observeServers, storeConnection } from './testing.ts'

describe('where a value comes from', () => {
  let api: TestApi
  let token: string

  const source = '... { ...Source }'
  const ask = async (selection: string) => {
    const before = api.commands()
    const { data, errors, headers } = await api.query(
      `{ servers { nodes { provenance { ${selection} } } } }
       ${selection.includes(source) ? 'fragment Source on FieldProvenance { connection { name } lastSeenAt observedAt }' : ''}`,
      {},
      token,
    )
    expect(errors).toBeUndefined()
    const name = data.servers.nodes[0].provenance.find((one: { field: string }) => one.field === 'name')
    return { name, headers, commands: api.commands() - before }
  }

  beforeAll(async () => {
    api = await startTestApi()
    const owner = await api.signUp()
    token = owner.token
    const { data } = await api.query(
      'mutation { datacenterCreate(input: { name: "Cloud", provider: "AWS" }) { datacenter { id } } }',
      {},
      token,
    )
    const connection = await storeConnection(
      api.core,
      owner.userId,
      data.datacenterCreate.datacenter.id,
      'aws',
    )
    await observeServers(api.core, owner.userId, connection, [{ name: 'web-1' }])
  })
  afterAll(() => api?.close())

  it('is told with its source, also through fragments', async () => {
    const { name } = await ask(`field origin value ${source}`)
    expect(name).toMatchObject({ origin: 'OBSERVED', value: 'web-1', connection: { name: 'aws' } })
    expect(name.lastSeenAt).toBe(name.observedAt)
  })

  it('reads nothing for what was not asked for', async () => {
    const plain = await ask('field origin')
    const full = await ask(`field origin ${source}`)
    expect(full.commands).toBe(plain.commands + 2)
  })

  it('is not kept by caches', async () => {
    expect((await ask('field')).headers.get('cache-control')).toBe('no-store')
  })
})
