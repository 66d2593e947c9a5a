import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compactHistory } from '../../core/history/compact.ts'
import { changeSetsOf, changesOf, recordsOf } from '../../core/history/records.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { dice, World } from './world.ts'

let api: TestApi
const ago = 60 * 24 * 3600_000

beforeAll(async () => {
  api = await startTestApi({ settings: { COST_LIMIT: '10000000', HISTORY_RETENTION_DAYS: '30' } })
})
afterAll(() => api.close())

const copy = `query ($asOf: DateTimeISO) {
  servers(first: 200, asOf: $asOf) { totalCount nodes { id version name role cpu environment status datacenter { name }
    apps { edges { node { name } relation { properties { role notes } } } } } facets(by: [STATUS]) { values { value count } } }
  retired: servers(first: 200, asOf: $asOf, filter: { retired: { eq: true } }) { nodes { name } }
  apps(first: 200, asOf: $asOf) { nodes { name dependencies { nodes { name } } } }
}`

/** Lets all that has happened until a moment have happened long ago. */
async function backdate(until: Date) {
  const move = (field: string) => [{ $set: { [field]: { $subtract: [`$${field}`, ago] } } }]
  await changesOf(api.core).updateMany({ at: { $lte: until } }, move('at'))
  await changeSetsOf(api.core).updateMany({ at: { $lte: until } }, move('at'))
  for (const name of ['assets', 'relations'] as const)
    for (const field of ['updatedAt', 'createdAt'])
      await recordsOf(api.core, name).updateMany({ [field]: { $lte: until } }, move(field))
}

describe('a history that is kept for some time', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))

  it(`is one snapshot of each record before that, and whole after it (seed ${seed})`, async () => {
    const owner = await api.signUp()
    const world = new World(api, owner, dice(seed))
    const ask = (document: string, variables: object = {}) =>
      api.query(document, variables as Record<string, unknown>, owner.token)
    const see = async (asOf: Date | null) => {
      const { data, errors } = await ask(copy, { asOf })
      expect(errors, `seed ${seed}`).toBeUndefined()
      return data as object
    }
    await world.begin()
    const moments: { at: Date; seen: object }[] = []
    for (let n = 0; n < 30; n++) {
      await world.step()
      await delay(2)
      moments.push({ at: new Date(), seen: await see(null) })
      await delay(2)
    }
    const [early, edge] = [moments[5]!, moments[15]!]
    const oldSets = await changeSetsOf(api.core).countDocuments({ at: { $lte: edge.at } })
    await backdate(edge.at)
    const earlier = new Date(early.at.getTime() - ago)
    const all = await changesOf(api.core).countDocuments()
    expect(await see(earlier)).toEqual(early.seen)

    const forgotten = await compactHistory(api.core)
    expect(forgotten).toBeGreaterThan(0)
    expect(await changesOf(api.core).countDocuments()).toBe(all - forgotten)
    expect(await compactHistory(api.core)).toBe(0)

    for (const { at, seen } of moments.slice(15)) expect(await see(at), `seed ${seed}`).toEqual(seen)
    const old = await changesOf(api.core)
      .find({ at: { $lte: new Date(Date.now() - ago / 2) } })
      .toArray()
    expect(new Set(old.map(({ record }) => record.toHexString())).size).toBe(old.length)
    expect(old.every(({ snapshot, before }) => snapshot === true && before === null)).toBe(true)
    expect(await changeSetsOf(api.core).countDocuments({ compacted: true })).toBeLessThanOrEqual(oldSets)

    const beyond = await ask(copy, { asOf: earlier })
    expect(beyond.errors![0]).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
      message: expect.stringMatching(/History is kept from \d{4}-/),
    })
    const { data } = await ask(
      '{ changeSets(first: 200) { nodes { id viewerCanUndo } } servers { nodes { changes(first: 50) { nodes { snapshot version } } } } }',
    )
    const shown = (data.servers.nodes as { changes: { nodes: { snapshot: boolean }[] } }[]).flatMap(
      ({ changes }) => changes.nodes.filter(({ snapshot }) => snapshot),
    )
    expect(shown.length).toBeGreaterThan(0)

    const revert =
      'mutation ($id: ID!) { changeSetRevert(input: { id: $id }) { changeSet { id } userErrors { code } } }'
    const kept = await changeSetsOf(api.core).findOne({ compacted: true })
    const last = (data.changeSets.nodes as { id: string; viewerCanUndo: boolean }[]).at(-1)!
    expect(kept && last.viewerCanUndo).toBe(false)
    expect((await ask(revert, { id: last.id })).data.changeSetRevert.userErrors).toMatchObject([
      { code: 'LOCKED' },
    ])
    const before = await see(null)
    const undone = (await ask(revert, { id: data.changeSets.nodes[0].id })).data.changeSetRevert
    if (undone.changeSet) {
      const again = (await ask(revert, { id: undone.changeSet.id })).data.changeSetRevert
      expect(again.userErrors).toEqual([])
      const plain = (seen: object) => JSON.stringify(seen).replace(/"version":\d+/g, '')
      expect(plain(await see(null))).toBe(plain(before))
    }
  })
})
