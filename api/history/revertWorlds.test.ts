import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../testing.ts'
import { dice, World } from './world.ts'

let api: TestApi

beforeAll(async () => {
  api = await startTestApi({ settings: { COST_LIMIT: '10000000' } })
  await api.signUp()
})
afterAll(() => api.close())

const facts = `name role environment cpu status tags { key value } datacenter { name } mergedInto { name } identifiers
  drift { field } provenance { field origin value } observations { state }
  apps(first: 100) { edges { node { name } relation { properties { role notes } } } }
  relations(direction: FORWARD) { nodes { kind to { name } } }`
const copy = `{ live: servers(first: 200) { nodes { id ${facts} } }
  retired: servers(first: 200, filter: { retired: { eq: true } }) { nodes { id ${facts} } }
  apps(first: 200) { nodes { name dependencies { nodes { name } } } }
  datacenters(first: 200) { nodes { name servers(first: 200) { nodes { name } } } } }`

describe('taking back', () => {
  const seeds = process.env.SEED
    ? [Number(process.env.SEED)]
    : [1, 2].map(() => Math.floor(Math.random() * 1e9))

  it.each(seeds)('what was taken back brings everything again (seed %i)', async (seed) => {
    const random = dice(seed)
    const owner = await api.signUp(`Rita ${seed}`)
    const world = new World(api, owner, random)
    const ask = async (document: string, variables: object = {}) => {
      const { data, errors } = await api.query(document, variables as Record<string, unknown>, owner.token)
      expect(errors, `seed ${seed}`).toBeUndefined()
      return data
    }
    const revert = async (id: string) =>
      (
        await ask(
          `mutation ($id: ID!) { changeSetRevert(input: { id: $id }) { changeSet { id } kept { asset { name } relation fields reason } userErrors { code } } }`,
          { id },
        )
      ).changeSetRevert
    await world.begin()
    let seen = 0
    for (let n = 0; n < 20; n++) {
      for (let deeds = 0; deeds < 2; deeds++) await world.step()
      const before = await ask(copy)
      const set = world.sets[Math.floor(random() * world.sets.length)]!
      const { changeSet } = await revert(set)
      if (!changeSet) {
        expect(await ask(copy), `seed ${seed}, round ${n}`).toEqual(before)
        continue
      }
      // What it touched may be out of sight, such as a relation of something that is retired.
      if (!isDeepStrictEqual(await ask(copy), before)) seen++
      const again = await revert(changeSet.id)
      expect(again, `seed ${seed}, round ${n}`).toMatchObject({ kept: [], userErrors: [] })
      expect(await ask(copy), `seed ${seed}, round ${n}`).toEqual(before)
    }
    expect(seen).toBeGreaterThan(3)
  })
})
