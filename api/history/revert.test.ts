import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commit } from '../../core/history/commit.ts'
import { ChangeOrigin, changesOf, recordsOf } from '../../core/history/records.ts'
import { difference } from '../../core/history/step.ts'
import { effective } from '../../core/inventory/effective.ts'
import { kindOf } from '../../core/inventory/kinds.ts'
import type { Observed } from '../../core/inventory/observation.ts'
import { decodeId, encodeId } from '../../core/platform/ids.ts'
import { systemSession } from '../../core/platform/session.ts'
import { startWorkers } from '../../workers/workers.ts'
import { observeServers, storeConnection } from '../inventory/testing.ts'
import { startTestApi, type TestApi } from '../testing.ts'

let api: TestApi
let workers: Awaited<ReturnType<typeof startWorkers>>
let owner: { token: string; userId: string }
let connection: Awaited<ReturnType<typeof storeConnection>>

const ask = async (document: string, variables: object = {}, token = owner.token) => {
  const { data, errors } = await api.query(document, variables as Record<string, unknown>, token)
  if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions)
  return data
}
const mutate = async (name: string, input: object, fields: string) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const document = `mutation ($input: ${type}!) { answer: ${name}(input: $input) { ${fields} changeSet { id } userErrors { code message } } }`
  const { answer } = await ask(document, { input })
  expect(answer.userErrors).toEqual([])
  return answer
}
const revert = async (id: string, token = owner.token) =>
  (
    await ask(
      `mutation ($id: ID!) { changeSetRevert(input: { id: $id }) {
        changeSet { id origin counts { retired changed } kept { asset { name } fields } } run { id }
        kept { asset { name } relation fields reason } userErrors { code message } } }`,
      { id },
      token,
    )
  ).changeSetRevert
const server = async (id: string) =>
  (
    await ask(
      `query ($id: ID!) { server(id: $id) { id version name role cpu environment retiredAt datacenter { name }
        apps { nodes { name } } provenance { field origin } observations { state values } } }`,
      { id },
    )
  ).server
const update = (id: string, version: number, facts: object) =>
  mutate('serverUpdate', { id, version, ...facts }, 'server { version }')
const newestSet = async () =>
  (await ask('{ changeSets(first: 1) { nodes { id title } } }')).changeSets.nodes[0] as { id: string }

/** What a crawl makes of a server that it knows, when the source says other values than before. */
async function observeAgain(id: string, values: Record<string, unknown>) {
  const session = systemSession(api.core, 'Crawl')
  const current = (await recordsOf(api.core, 'assets').findOne({ _id: decodeId(id).id }))!
  const observations = (current.observations as Observed[]).map((one) => ({
    ...one,
    values: { ...one.values, ...values },
    changedAt: session.now,
  }))
  const claims = { declared: current.declared as never, observations }
  const step = difference(
    current,
    { collection: 'assets', recordKind: 'SERVER' },
    { observations, ...effective(kindOf('SERVER'), claims) },
  )
  const set = await commit(session, { title: 'Read', origin: ChangeOrigin.CRAWL }, [step!])
  return encodeId('ChangeSet', set!._id)
}

beforeAll(async () => {
  api = await startTestApi({ settings: { COST_LIMIT: '1000000' } })
  workers = await startWorkers(api.core)
  await api.signUp()
  owner = await api.signUp()
  const { datacenter } = await mutate(
    'datacenterCreate',
    { name: 'Dublin', provider: 'AWS' },
    'datacenter { id }',
  )
  connection = await storeConnection(api.core, owner.userId, datacenter.id, 'Production')
})
afterAll(async () => {
  await workers.close()
  await api.close()
})

describe('taking a change set back', () => {
  it('keeps what was changed since, says so, and takes the rest back', async () => {
    const made = await mutate('serverCreate', { name: 'partly', role: 'one', cpu: 1 }, 'server { id }')
    const { id } = made.server
    const edit = await update(id, 1, { role: 'two', cpu: 2, environment: 'test' })
    await update(id, 2, { role: 'three' })

    const answer = await revert(edit.changeSet.id)

    expect(answer).toMatchObject({ userErrors: [], run: null, changeSet: { origin: 'UNDO' } })
    const kept = [{ asset: { name: 'partly' }, fields: ['role'] }]
    expect(answer.kept).toMatchObject([
      { ...kept[0], relation: null, reason: expect.stringMatching(/again/) },
    ])
    expect(answer.changeSet.kept).toEqual(kept)
    expect(await server(id)).toMatchObject({ role: 'three', cpu: 1, environment: null })

    const added = await revert(made.changeSet.id)
    expect(added).toMatchObject({ changeSet: null, userErrors: [{ code: 'CONFLICT' }] })
    expect(added.kept).toMatchObject([{ fields: ['role'] }])
    expect((await server(id)).retiredAt).toBeNull()

    // The same value as before, said by somebody since, is theirs.
    const again = await update(id, 4, { cpu: 7 })
    await update(id, 5, { cpu: 8 })
    await update(id, 6, { cpu: 7 })
    expect(await revert(again.changeSet.id)).toMatchObject({ changeSet: null, kept: [{ fields: ['cpu'] }] })
  })

  it('takes back what a crawl has read, field by field, and lets the next listing look again', async () => {
    const [id] = await observeServers(api.core, owner.userId, connection, [
      { name: 'crawled', cpu: 1, role: 'web', memoryGiB: 4 },
    ])
    const set = await observeAgain(id!, { cpu: 2, role: 'mail' })
    await observeAgain(id!, { role: 'db', memoryGiB: 8 })

    expect(await revert(set)).toMatchObject({
      userErrors: [],
      kept: [{ asset: { name: 'crawled' }, fields: ['role'] }],
    })
    expect(await server(id!)).toMatchObject({
      cpu: 1,
      role: 'db',
      observations: [{ values: { cpu: 1, role: 'db', memoryGiB: 8 } }],
    })
    const stored = await recordsOf(api.core, 'assets').findOne({ _id: decodeId(id!).id })
    expect((stored!.observations as Observed[])[0]!.checksum).toBe('')
  })

  it('takes back a first crawl, though later ones have read the same things again', async () => {
    const ids = await observeServers(api.core, owner.userId, connection, [
      { name: 'wrong-1', cpu: 1 },
      { name: 'wrong-2', cpu: 1 },
      { name: 'wrong-3', cpu: 1 },
    ])
    const first = await newestSet()
    await observeAgain(ids[0]!, { cpu: 2 })
    await update(ids[1]!, 1, { role: 'needed' })

    const answer = await revert(first.id)

    expect(answer).toMatchObject({
      changeSet: { counts: { retired: 2 } },
      kept: [{ asset: { name: 'wrong-2' }, fields: ['role'] }],
    })
    const retired = await Promise.all(ids.map(async (id) => (await server(id)).retiredAt !== null))
    expect(retired).toEqual([true, false, true])
    expect(await server(ids[0]!)).toMatchObject({ datacenter: { name: 'Dublin' } })
  })

  it('ends relations that it began, renews those that it ended, and leaves those alone that others have since', async () => {
    const { server: on } = await mutate('serverCreate', { name: 'host' }, 'server { id }')
    const { app } = await mutate('appCreate', { name: 'shop' }, 'app { id }')
    const relate = (input: object) => mutate('relationsUpdate', input, 'relations { id version }')
    const apps = async () => (await server(on.id)).apps.nodes.map(({ name }: { name: string }) => name)
    const edge = { kind: 'RUNS_ON', from: app.id, to: on.id }

    const begun = await relate({ add: [edge] })
    const undone = await revert(begun.changeSet.id)
    expect(undone.userErrors).toEqual([])
    expect(await apps()).toEqual([])
    await revert(undone.changeSet.id)
    expect(await apps()).toEqual(['shop'])

    const [relation] = (await relate({ add: [{ ...edge, properties: { role: 'primary' } }] })).relations
    const ended = await relate({ remove: [{ id: relation.id, version: relation.version }] })
    await relate({ add: [edge] })
    expect(await revert(ended.changeSet.id)).toMatchObject({
      changeSet: null,
      kept: [{ asset: { name: 'shop' }, relation: 'RUNS_ON', fields: ['validTo'] }],
    })
    expect(await apps()).toEqual(['shop'])
    expect(await revert(begun.changeSet.id)).toMatchObject({ userErrors: [{ code: 'CONFLICT' }] })
  })

  it('moves a server back only as long as nobody has moved it since, with its relation', async () => {
    const place = async (name: string) =>
      (await mutate('datacenterCreate', { name, provider: 'own' }, 'datacenter { id }')).datacenter.id
    const [paris, rome, oslo] = [await place('Paris'), await place('Rome'), await place('Oslo')]
    const { server: made } = await mutate(
      'serverCreate',
      { name: 'nomad', datacenter: paris },
      'server { id }',
    )
    const first = await update(made.id, 1, { datacenter: rome })
    const second = await update(made.id, 2, { datacenter: oslo })
    expect(await revert(first.changeSet.id)).toMatchObject({ kept: [{ fields: ['datacenter'] }] })
    expect((await revert(second.changeSet.id)).kept).toEqual([])
    expect((await server(made.id)).datacenter).toEqual({ name: 'Rome' })
    expect((await revert(first.changeSet.id)).userErrors).toEqual([])
    expect((await server(made.id)).datacenter).toEqual({ name: 'Paris' })
    const open = await recordsOf(api.core, 'relations')
      .find({ from: decodeId(made.id).id, validTo: null })
      .toArray()
    expect(open.map(({ to }) => encodeId('Datacenter', to as never))).toEqual([paris])
  })

  it('takes a merge back, though the one that stayed was edited and read again', async () => {
    const [found] = await observeServers(api.core, owner.userId, connection, [{ name: 'found', cpu: 4 }])
    const { server: kept } = await mutate('serverCreate', { name: 'kept', role: 'x' }, 'server { id }')
    const merged = await mutate(
      'assetsMerge',
      { into: { id: kept.id, version: 1 }, from: [{ id: found, version: 1 }] },
      'assets { id }',
    )
    expect(await server(kept.id)).toMatchObject({ cpu: 4, datacenter: { name: 'Dublin' } })
    await update(kept.id, 2, { environment: 'test' })
    await observeAgain(kept.id, { cpu: 8 })

    expect(await revert(merged.changeSet.id)).toMatchObject({ userErrors: [], kept: [] })
    expect(await server(kept.id)).toMatchObject({
      cpu: null,
      role: 'x',
      environment: 'test',
      datacenter: null,
      observations: [],
    })
    expect(await server(found!)).toMatchObject({
      cpu: 4,
      retiredAt: null,
      observations: [{ state: 'PRESENT' }],
    })
  })

  it('takes more than 200 changes back in a run, and back again', async () => {
    const ids = await observeServers(
      api.core,
      owner.userId,
      connection,
      Array.from({ length: 1_200 }, (_, n) => ({ name: `many-${n}`, environment: 'many' })),
    )
    const { id: set } = await newestSet()
    await update(ids[7]!, 1, { role: 'kept' })
    const count = async () =>
      (await ask('{ servers(filter: { environment: { eq: "many" } }) { totalCount } }')).servers.totalCount
    const done = async (run: string) => {
      for await (const { data } of api.subscribe(
        `subscription ($id: ID!) { run(id: $id) { state problem { message } totals { found } log { text }
          changeSets { nodes { id title kept { asset { name } fields } changes { totalCount } } } } }`,
        { id: run },
        owner.token,
      ))
        if (!['QUEUED', 'RUNNING'].includes(data!.run.state)) return data!.run
    }
    expect(await count()).toBe(1_200)

    const asked = await revert(set)
    expect(asked).toMatchObject({
      changeSet: null,
      userErrors: [],
      kept: [],
      run: { id: expect.any(String) },
    })
    const run = await done(asked.run.id)
    expect(run).toMatchObject({ state: 'SUCCEEDED', problem: null, totals: { found: 1_200 } })
    expect(run.log.map(({ text }: { text: string }) => text).join()).toMatch(/1 things were changed again/)
    const [undone] = run.changeSets.nodes
    expect(undone).toMatchObject({
      title: 'Undo: Read eu-west-1',
      kept: [{ asset: { name: 'many-7' }, fields: ['role'] }],
      changes: { totalCount: 1_199 },
    })
    expect(await count()).toBe(1)
    const times = await changesOf(api.core).distinct('at', { set: decodeId(undone.id).id })
    expect(times).toHaveLength(1)
    expect((await revert(set)).userErrors).toMatchObject([{ code: 'CONFLICT' }])

    const again = await revert(undone.id)
    expect(await done(again.run.id)).toMatchObject({ state: 'SUCCEEDED' })
    expect(await count()).toBe(1_200)
  })

  it('refuses the whole when a part of it is beyond reach, before a run begins', async () => {
    const ids = await observeServers(
      api.core,
      owner.userId,
      connection,
      Array.from({ length: 201 }, (_, n) => ({ name: `shared-${n}` })),
    )
    const { id } = await newestSet()
    const mate = await api.signUp('Mara Mate')
    await recordsOf(api.core, 'assets').updateMany(
      { _id: { $in: ids.slice(1).map((one) => decodeId(one).id) } },
      { $push: { access: { type: 'USER', principal: decodeId(mate.userId).id, level: 'ADMIN' } } } as never,
    )
    expect(await revert(id, mate.token)).toMatchObject({ run: null, userErrors: [{ code: 'FORBIDDEN' }] })
    const stranger = await api.signUp('Sam Stranger')
    await expect(revert(id, stranger.token)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
