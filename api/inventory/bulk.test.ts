import { randomBytes } from 'node:crypto'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { changeSetsOf, changesOf } from '../../core/history/records.ts'
import { principalOf } from '../../core/accounts/user.ts'
import type { AccessEntry } from '../../core/platform/access.ts'
import { encodeId } from '../../core/platform/ids.ts'
import { startWorkers } from '../../workers/workers.ts'
import { makePerson, type Person } from '../../tests/access/people.ts'
import { makeAssets } from '../../tests/access/things.ts'
import { startTestApi, type TestApi } from '../testing.ts'

let api: TestApi
let workers: Awaited<ReturnType<typeof startWorkers>>
let ada: Person
let bob: Person
let group: string

beforeAll(async () => {
  api = await startTestApi()
  workers = await startWorkers(api.core)
})
afterAll(async () => {
  await workers.close()
  await api.close()
})
beforeEach(async () => {
  ada = await makePerson(api.core, 'Ada')
  bob = await makePerson(api.core, 'Bob')
  group = randomBytes(4).toString('hex')
})

const entry = (person: Person, level: AccessEntry['level']): AccessEntry => ({
  ...principalOf(person._id),
  level,
})
/** Things of this test. */
const make = async (count: number, kind = 'SERVER', access?: AccessEntry[], facts: object = {}) =>
  (
    await makeAssets(
      api.core,
      'Add things',
      Array.from({ length: count }, (_, n) => ({
        kind,
        facts: { name: `${group}-${n}`, environment: group, ...facts },
        access: access ?? [entry(ada, 'ADMIN')],
      })),
    )
  ).things

// Tests say by their assertions what they expect of an answer.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any

async function ask(name: string, input: object, fields = '', token = ada.token): Promise<Loose> {
  const { data, errors } = await api.query(
    `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) {
      answer: ${name}(input: $input) { ${fields} changeSet { id title counts { changed retired } } run { id title }
        userErrors { code field message } } }`,
    { input },
    token,
  )
  expect(errors).toBeUndefined()
  return data.answer
}
const update = (input: object, token = ada.token) =>
  ask('assetsUpdate', input, 'assets { id version environment }', token)

async function ended(run: { id: string }, token = ada.token): Promise<Loose> {
  for (;;) {
    const { data } = await api.query(
      `query ($id: ID!) { run(id: $id) { kind state problem { code message } log { level text }
        totals { found changed unchanged quarantined } changeSets { nodes { title counts { changed retired } } } } }`,
      run,
      token,
    )
    if (!['QUEUED', 'RUNNING'].includes(data.run.state as string)) return data.run
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}
const count = async (filter: object, token = ada.token) =>
  (
    await api.query(
      'query ($filter: ServerFilter) { servers(filter: $filter) { totalCount } }',
      { filter },
      token,
    )
  ).data.servers.totalCount as number
const codesOf = ({ userErrors }: { userErrors: { code: string; field: string[] }[] }) =>
  userErrors.map(({ code, field }) => [code, field?.join('.')])

describe('an edit of several assets', () => {
  it('sets, clears and tags all of them in one change set, and writes nothing the second time', async () => {
    const tags = [
      { key: 'team', value: 'red' },
      { key: 'cost', value: '1' },
    ]
    const things = await make(3, 'SERVER', undefined, { role: 'web', tags })
    const ids = things.map(({ id }) => id)
    const input = {
      ids,
      set: { server: { cpu: 4, role: null } },
      addTags: [{ key: 'team', value: 'blue' }],
      removeTags: ['cost'],
    }
    const answer = await update(input)
    expect(answer).toMatchObject({
      userErrors: [],
      run: null,
      changeSet: { title: 'Change 3 assets', counts: { changed: 3 } },
    })
    expect(answer.assets.map(({ version }: Loose) => version)).toEqual([2, 2, 2])
    const { data } = await api.query(
      `query ($filter: ServerFilter) { servers(filter: $filter) { nodes { cpu role tags { key value } provenance { field origin } } } }`,
      { filter: { environment: { eq: group } } },
      ada.token,
    )
    for (const server of data.servers.nodes) {
      expect(server).toMatchObject({ cpu: 4, role: null, tags: [{ key: 'team', value: 'blue' }] })
      expect(server.provenance).toContainEqual({ field: 'cpu', origin: 'DECLARED' })
    }
    expect(await update(input)).toMatchObject({ changeSet: null, userErrors: [] })
    const undone = await api.query(
      'mutation ($id: ID!) { changeSetRevert(input: { id: $id }) { userErrors { message } } }',
      { id: answer.changeSet.id },
      ada.token,
    )
    expect([undone.errors, undone.data?.changeSetRevert.userErrors]).toEqual([undefined, []])
    expect(await count({ environment: { eq: group }, role: { eq: 'web' }, tag: { key: 'cost' } })).toBe(3)
  })

  it('moves references together with their relations', async () => {
    const [place] = await make(1, 'DATACENTER', undefined, { provider: 'own' })
    const things = await make(3)
    const answer = await update({
      ids: things.map(({ id }) => id),
      set: { server: { datacenter: place!.id } },
    })
    expect(answer.userErrors).toEqual([])
    const edges = api.core.db.collection('relations').find({ to: place!._id, kind: 'LOCATED_IN' })
    expect(await edges.toArray()).toHaveLength(3)
  })

  it('takes what fits a filter, and fields that every kind has for a mixture of kinds', async () => {
    await make(2)
    await make(2, 'CLIENT')
    const environment = { environment: { eq: group } }
    const mixed = await update({ filter: { assets: environment }, set: { asset: { status: 'STOPPED' } } })
    expect(mixed).toMatchObject({
      assets: [],
      changeSet: { title: 'Change 4 assets', counts: { changed: 4 } },
    })
    const servers = await update({ filter: { servers: environment }, set: { server: { cpu: 2 } } })
    expect(servers.changeSet).toMatchObject({ title: 'Change 2 servers', counts: { changed: 2 } })
    expect(await count({ ...environment, status: { eq: 'STOPPED' }, cpu: { eq: 2 } })).toBe(2)
    expect(
      await update({ filter: { servers: { ...environment, cpu: { eq: 99 } } }, set: { server: { cpu: 2 } } }),
    ).toMatchObject({ changeSet: null, userErrors: [] })
  })

  it('names item and field of everything that is wrong, and then changes none', async () => {
    const [server] = await make(1)
    const [client] = await make(1, 'CLIENT')
    const [foreign] = await make(1, 'SERVER', [entry(bob, 'ADMIN'), entry(ada, 'READ')])
    const [hidden] = await make(1, 'SERVER', [entry(bob, 'ADMIN')])
    const unknown = encodeId('Server', new ObjectId())
    const answer = await update({
      ids: [server!.id, client!.id, foreign!.id, hidden!.id, unknown],
      set: { server: { environment: 'changed' } },
    })
    expect(codesOf(answer)).toEqual([
      ['INVALID', 'ids.1'],
      ['FORBIDDEN', 'ids.2'],
      ['NOT_FOUND', 'ids.3'],
      ['NOT_FOUND', 'ids.4'],
    ])
    expect(answer).toMatchObject({ assets: [], changeSet: null })
    expect(answer.userErrors[0].message).toContain(client!.name)
    expect(await count({ environment: { eq: 'changed' } })).toBe(0)
    const byFilter = await update({
      filter: { servers: { environment: { eq: group } } },
      set: { server: { cpu: 1 } },
    })
    expect(codesOf(byFilter)).toEqual([['FORBIDDEN', 'filter']])
    expect(await count({ environment: { eq: group }, cpu: { eq: 1 } })).toBe(0)
  })

  it('refuses input that does not say one thing, before it reads any asset', async () => {
    const [server] = await make(1)
    const ids = [server!.id]
    const refused = async (input: object) => codesOf(await update(input))
    expect(await refused({ ids })).toEqual([['REQUIRED', 'set']])
    expect(await refused({ ids: [], set: { asset: { status: 'STOPPED' } } })).toEqual([['REQUIRED', 'ids']])
    expect(await refused({ set: { asset: { status: 'STOPPED' } } })).toEqual([['REQUIRED', 'ids']])
    expect(await refused({ ids, filter: { servers: {} }, removeTags: ['x'] })).toEqual([
      ['INVALID', 'filter'],
    ])
    expect(await refused({ filter: { servers: {}, apps: {} }, removeTags: ['x'] })).toEqual([
      ['INVALID', 'filter'],
    ])
    expect(await refused({ ids, set: { asset: {}, server: {} } })).toEqual([['INVALID', 'set']])
    expect(await refused({ ids, set: { server: { cpu: -1, name: ' ' } } })).toEqual([
      ['REQUIRED', 'set.server.name'],
      ['INVALID', 'set.server.cpu'],
    ])
    expect(await refused({ ids, addTags: [{ key: ' ', value: '' }] })).toEqual([['INVALID', 'addTags.tags']])
    const many = Array.from({ length: 10_001 }, () => server!.id)
    expect(await refused({ ids: many, removeTags: ['x'] })).toEqual([['LIMIT_REACHED', 'ids']])
  })

  it('keeps networks out of themselves, however far around', async () => {
    const [outer, middle, inner] = await make(3, 'NETWORK')
    const put = (ids: string[], parent: string) => update({ ids, set: { network: { parent } } })
    expect((await put([middle!.id], outer!.id)).userErrors).toEqual([])
    expect((await put([inner!.id], middle!.id)).userErrors).toEqual([])
    expect(codesOf(await put([outer!.id, inner!.id], inner!.id))).toEqual([
      ['CYCLE', 'ids.0.parent'],
      ['CYCLE', 'ids.1.parent'],
    ])
  })

  it('lets apps have only what their families have', async () => {
    const [broker] = await make(1, 'APP', undefined, { family: 'APPLICATION' })
    const answer = await update({
      ids: [broker!.id],
      set: { app: { spec: { serverless: { handler: 'x' } } } },
    })
    expect(answer.userErrors).toMatchObject([{ code: 'INVALID', field: ['ids', '0', 'spec', 'handler'] }])
  })
})

describe('more than 200', () => {
  it('are changed by a run, as one change set', async () => {
    const things = await make(450)
    const answer = await update({ ids: things.map(({ id }) => id), set: { server: { role: group } } })
    expect(answer).toMatchObject({
      assets: [],
      changeSet: null,
      userErrors: [],
      run: { title: 'Change 450 assets' },
    })
    expect(await ended(answer.run)).toMatchObject({
      kind: 'bulk',
      state: 'SUCCEEDED',
      totals: { found: 450, changed: 450, unchanged: 0 },
      changeSets: { nodes: [{ title: 'Change 450 assets', counts: { changed: 450 } }] },
    })
    expect(await count({ role: { eq: group } })).toBe(450)
    const again = await update({
      filter: { servers: { environment: { eq: group } } },
      set: { server: { role: group } },
    })
    expect(await ended(again.run)).toMatchObject({
      state: 'SUCCEEDED',
      totals: { found: 450, changed: 0, unchanged: 450 },
      changeSets: { nodes: [] },
    })
  })

  it('are all left as they are when one of them may not be changed; the log says which', async () => {
    await make(300)
    const [foreign] = await make(1, 'SERVER', [entry(bob, 'ADMIN'), entry(ada, 'READ')])
    const { run } = await update({
      filter: { servers: { environment: { eq: group } } },
      set: { server: { role: group } },
    })
    const outcome = await ended(run)
    expect(outcome).toMatchObject({
      state: 'FAILED',
      problem: { code: 'CHANGE_REFUSED' },
      totals: { found: 301, quarantined: 1 },
      changeSets: { nodes: [] },
    })
    expect(outcome.log.map(({ text }: Loose) => text).join()).toContain(foreign!.name)
    expect(await count({ role: { eq: group } })).toBe(0)
    expect(await changeSetsOf(api.core).countDocuments({ state: { $ne: 'COMMITTED' } })).toBe(0)
  })

  it('are changed with the rights that the asker has when the run begins', async () => {
    await workers.close()
    await make(250)
    const { run } = await update({
      filter: { servers: { environment: { eq: group } } },
      set: { server: { role: group } },
    })
    await api.core.db
      .collection('assets')
      .updateMany({ environment: group }, { $set: { access: [entry(ada, 'READ'), entry(bob, 'ADMIN')] } })
    workers = await startWorkers(api.core)
    expect(await ended(run)).toMatchObject({ state: 'FAILED', problem: { code: 'CHANGE_REFUSED' } })
    expect(await count({ role: { eq: group } })).toBe(0)
  })

  it('are left alone when the run is stopped before it ends', async () => {
    await workers.close()
    await make(250)
    const { run } = await update({
      filter: { servers: { environment: { eq: group } } },
      set: { server: { role: group } },
    })
    const { data } = await api.query(
      'mutation ($id: ID!) { runCancel(input: { id: $id }) { run { state } userErrors { code } } }',
      run,
      ada.token,
    )
    expect(data.runCancel).toEqual({ run: { state: 'CANCELLED' }, userErrors: [] })
    workers = await startWorkers(api.core)
    expect(await ended(run)).toMatchObject({ state: 'CANCELLED' })
    expect(await count({ role: { eq: group } })).toBe(0)
  })

  it('are retired and restored by a run', async () => {
    const things = await make(220)
    const live = { environment: { eq: group } }
    const named = await ask('assetsRetire', { assets: things.map(({ id }) => ({ id, version: 1 })) })
    expect(await ended(named.run)).toMatchObject({
      state: 'SUCCEEDED',
      changeSets: { nodes: [{ title: 'Retire 220 assets', counts: { retired: 220 } }] },
    })
    expect(await count(live)).toBe(0)
    const late = await ask('assetsRetire', { assets: things.map(({ id }) => ({ id, version: 1 })) })
    expect(await ended(late.run)).toMatchObject({ state: 'FAILED', problem: { code: 'CHANGE_REFUSED' } })
    const back = await ask('assetsRestore', { filter: { servers: { ...live, retired: { eq: true } } } })
    expect(await ended(back.run)).toMatchObject({ state: 'SUCCEEDED' })
    expect(await count(live)).toBe(220)
  })

  it('are shared by a run, one admin always staying', async () => {
    const things = await make(210)
    const ids = things.map(({ id }) => id)
    const shared = await ask('accessUpdate', { ids, set: [{ principal: bob.id, level: 'READ' }] })
    expect(shared.userErrors).toEqual([])
    // Nobody shares with people whom they do not know.
    expect(await ended(shared.run)).toMatchObject({ state: 'FAILED', problem: { code: 'CHANGE_REFUSED' } })
    expect(await count({ environment: { eq: group } }, bob.token)).toBe(0)
    const root = await makePerson(api.core, 'Root', { administrator: true })
    const granted = await ask(
      'accessUpdate',
      { filter: { servers: { environment: { eq: group } } }, set: [{ principal: bob.id, level: 'READ' }] },
      '',
      root.token,
    )
    expect(await ended(granted.run, root.token)).toMatchObject({
      state: 'SUCCEEDED',
      totals: { changed: 210 },
    })
    expect(await count({ environment: { eq: group } }, bob.token)).toBe(210)
    const orphaned = await ask('accessUpdate', { ids, remove: [ada.id] })
    expect(await ended(orphaned.run)).toMatchObject({ state: 'FAILED', problem: { code: 'CHANGE_REFUSED' } })
    expect(await count({ environment: { eq: group } })).toBe(210)
  })

  it('are related by a run, each pair once', async () => {
    const servers = await make(205)
    const [app] = await make(1, 'APP')
    const add = servers.map(({ id }) => ({ kind: 'RUNS_ON', from: app!.id, to: id }))
    const answer = await ask('relationsUpdate', { add: [...add, ...add] }, 'relations { id }')
    expect(answer.run).toMatchObject({ title: 'Add 205 relations' })
    expect(await ended(answer.run)).toMatchObject({
      state: 'SUCCEEDED',
      totals: { found: 205, changed: 205 },
    })
    const edges = await api.core.db.collection('relations').find({ from: app!._id }).toArray()
    expect(edges).toHaveLength(205)
    const remove = edges.map(({ _id, version }) => ({
      id: encodeId('Relation', _id),
      version: version as number,
    }))
    const both = await ask('relationsUpdate', {
      remove: [...remove, remove[0]!],
    })
    expect(await ended(both.run)).toMatchObject({ state: 'FAILED', problem: { code: 'CHANGE_REFUSED' } })
    const removed = await ask('relationsUpdate', { remove })
    expect(await ended(removed.run)).toMatchObject({ state: 'SUCCEEDED', totals: { changed: 205 } })
    expect(await changesOf(api.core).countDocuments({ subject: app!._id, collection: 'relations' })).toBe(410)
  })
})
