import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEstate } from './estate.ts'
import { mutate } from './access/ask.ts'
import { makePerson, makeTeam, type Person } from './access/people.ts'

/** Two tenants of one installation connect the same cloud account, or one claims to. */
describe('a cloud account that two people have connected', () => {
  let estate: Awaited<ReturnType<typeof startEstate>>
  let first: Person
  let second: Person
  let connection: string

  beforeAll(async () => {
    estate = await startEstate({ regions: { 'eu-west-1': 30 } })
    first = await makePerson(estate.api.core, 'First')
    second = await makePerson(estate.api.core, 'Second')
    connection = await connect(first)
    await sync(first, connection)
  })
  afterAll(() => estate?.close())

  async function connect(person: Person, headers: Record<string, string> = {}): Promise<string> {
    const { api, settings } = estate
    const { datacenter } = await mutate(
      api,
      person.token,
      'datacenterCreate',
      { name: `Cloud of ${person.name}`, provider: 'AWS', regions: ['eu-west-1'] },
      'datacenter { id }',
      { headers },
    )
    const made = await mutate(
      api,
      person.token,
      'connectionCreate',
      { name: person.name, provider: 'AWS', datacenter: datacenter.id, regions: ['eu-west-1'], settings },
      'connection { id }',
      { headers },
    )
    return made.connection.id as string
  }

  async function sync(person: Person, id: string): Promise<Record<string, number>> {
    const input = { id, resources: ['instances'] }
    const { run } = await mutate(estate.api, person.token, 'connectionSync', input, 'run { id }')
    const events = estate.api.subscribe(
      'subscription ($id: ID!) { run(id: $id) { state totals { found created changed unchanged missing gone } } }',
      { id: run.id },
      person.token,
    )
    let last
    for await (const { data } of events) last = data.run
    expect(last.state).toBe('SUCCEEDED')
    return last.totals
  }

  const servers = async (person: Person) => {
    const { data } = await estate.api.query(
      '{ servers(first: 200) { totalCount nodes { id version name access { name level } observations { connection { name } } } } }',
      {},
      person.token,
    )
    return data.servers as {
      totalCount: number
      nodes: { id: string; version: number; observations: unknown[] }[]
    }
  }

  it('gives each of them assets of their own; neither touches, sees or blocks those of the other', async () => {
    const before = await servers(first)
    expect(before.totalCount).toBe(30)
    const mine = await connect(second)
    expect(await sync(second, mine)).toMatchObject({ found: 30, created: 30, changed: 0 })
    expect(await servers(first)).toEqual(before)
    const own = await servers(second)
    expect(own.totalCount).toBe(30)
    const ids = new Set(before.nodes.map(({ id }) => id))
    expect(own.nodes.some(({ id }) => ids.has(id))).toBe(false)
    // Once more: nothing is new, nothing is missing, nothing is written.
    expect(await sync(second, mine)).toMatchObject({ created: 0, unchanged: 30, missing: 0 })
    expect(await sync(first, connection)).toMatchObject({ created: 0, unchanged: 30, missing: 0 })
  })

  it('gives one asset with two observations to those who may change both', async () => {
    const third = await makePerson(estate.api.core, 'Third')
    const team = await makeTeam(estate.api.core, 'Both', [
      [first, 'ADMIN'],
      [third, 'ADMIN'],
    ])
    const { nodes } = await servers(first)
    const shared = await mutate(estate.api, first.token, 'accessUpdate', {
      ids: nodes.map(({ id }) => id),
      set: [{ principal: team.id, level: 'WRITE' }],
    })
    expect(shared.userErrors).toEqual([])
    const theirs = await connect(third, { 'x-maestro-workspace': team.id })
    expect(await sync(third, theirs)).toMatchObject({ found: 30, created: 0, changed: 30 })
    const now = await servers(third)
    expect(now.totalCount).toBe(30)
    expect(now.nodes.every(({ observations }) => observations.length === 2)).toBe(true)
  })
})
