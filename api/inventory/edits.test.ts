import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { principalOf } from '../../core/accounts/user.ts'
import { decodeId, encodeId } from '../../core/platform/ids.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { observeServers, storeConnection } from './testing.ts'

describe('changing assets', () => {
  let api: TestApi
  let owner: { token: string; userId: string }
  let connection: Awaited<ReturnType<typeof storeConnection>>

  const ask = async (document: string, input: object, token = owner.token) => {
    const { data, errors } = await api.query(document, { input }, token)
    if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions)
    return data.answer
  }
  const create = (input: object) => ask(serverCreate, input)
  const update = (input: object, token?: string) => ask(serverUpdate, input, token)
  const undo = (id: string, token?: string) => ask(changeSetRevert, { id }, token)
  const read = async (id: string) => {
    const { data, errors } = await api.query(serverPage, { id }, owner.token)
    if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions)
    return data.server
  }
  const observed = async (values: object) => {
    const [id] = await observeServers(api.core, owner.userId, connection, [{ ...values }])
    return read(id!)
  }

  beforeAll(async () => {
    api = await startTestApi()
    owner = await api.signUp()
    const { datacenter } = await ask(datacenterCreate, { name: 'Dublin', provider: 'AWS' })
    connection = await storeConnection(api.core, owner.userId, datacenter.id, 'Production')
  })
  afterAll(() => api.close())

  it('names every fault of an input, and keeps nothing of it', async () => {
    const answer = await create({ name: ' ', cpu: -1, ipv4Private: '10.0.0', role: 'x'.repeat(1001) })
    expect(answer.server).toBeNull()
    expect(answer.userErrors.map(({ code, field }: never) => [code, field])).toEqual([
      ['REQUIRED', ['name']],
      ['TOO_LONG', ['role']],
      ['INVALID', ['ipv4Private']],
      ['INVALID', ['cpu']],
    ])
    const { data } = await api.query('{ servers { totalCount } }', {}, owner.token)
    expect(data.servers.totalCount).toBe(0)
  })

  it('leaves what is absent and clears what is null', async () => {
    const { server } = await create({ name: 'app-1', role: 'web', environment: 'staging' })
    const answer = await update({ id: server.id, version: 1, role: null })
    expect(answer).toMatchObject({
      server: { version: 2, role: null, environment: 'staging' },
      userErrors: [],
    })
    const same = await update({ id: server.id, version: 2, environment: 'staging' })
    expect(same.server.environment).toBe('staging')
  })

  it('declares what people change, and shows where it differs from the source', async () => {
    const before = await observed({ name: 'api-1', role: 'api', cpu: 2, status: 'ACTIVE' })
    expect(before.provenance.find(({ field }: never) => field === 'cpu')).toMatchObject({
      origin: 'OBSERVED',
      value: 2,
      connection: { name: 'Production' },
      declaredBy: null,
    })
    expect(before.provenance.find(({ field }: never) => field === 'datacenter')).toMatchObject({
      value: 'Dublin',
    })

    const { server } = await update({ id: before.id, version: before.version, cpu: 4 })

    expect(server.cpu).toBe(4)
    const after = await read(before.id)
    expect(after.drift).toEqual([
      { field: 'cpu', declared: 4, observed: 2, connection: { name: 'Production' } },
    ])
    expect(after.provenance.find(({ field }: never) => field === 'cpu')).toMatchObject({
      origin: 'DECLARED',
      value: 4,
      declaredBy: 'Ada Lovelace',
    })
    expect(after.observations).toMatchObject([{ state: 'PRESENT', values: { cpu: 2, datacenter: 'Dublin' } }])
    const { data } = await api.query(
      '{ servers(filter: { drifted: { eq: true } }) { nodes { name } } }',
      {},
      owner.token,
    )
    expect(data.servers.nodes).toEqual([{ name: 'api-1' }])

    const released = await ask(fieldsRelease, { id: before.id, version: after.version, fields: ['cpu'] })
    expect(released).toMatchObject({ userErrors: [], assets: [{ cpu: 2 }] })
    expect((await read(before.id)).drift).toEqual([])
  })

  it('does not release what would leave a needed field empty, or what is no field', async () => {
    const { server } = await create({ name: 'lonely' })
    const needed = await ask(fieldsRelease, { id: server.id, version: 1, fields: ['name'] })
    expect(needed).toMatchObject({ assets: [], userErrors: [{ code: 'REQUIRED' }] })
    const unknown = await ask(fieldsRelease, { id: server.id, version: 1, fields: ['nonsense'] })
    expect(unknown.userErrors).toMatchObject([{ code: 'INVALID' }])
  })

  it('names the fields that somebody else has saved in the meantime, and lets the others through', async () => {
    const { server } = await create({ name: 'shared', role: 'web' })
    await update({ id: server.id, version: 1, role: 'api' })

    const conflict = await update({ id: server.id, version: 1, role: 'mail', cpu: 8 })
    expect(conflict).toMatchObject({ server: null, userErrors: [{ code: 'CONFLICT', field: ['role'] }] })
    const elsewhere = await update({ id: server.id, version: 1, cpu: 8 })
    expect(elsewhere).toMatchObject({ server: { role: 'api', cpu: 8, version: 3 }, userErrors: [] })
    await expect(update({ id: server.id, version: 9, cpu: 1 })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })

  it('undoes one change and keeps what was changed since', async () => {
    const { server } = await create({ name: 'undone', role: 'web' })
    const renamed = await update({ id: server.id, version: 1, name: 'renamed' })
    await update({ id: server.id, version: 2, environment: 'production', ipv4Private: '10.9.9.9' })

    const answer = await undo(renamed.changeSet.id)

    expect(answer).toMatchObject({ userErrors: [], changeSet: { origin: 'UNDO' } })
    const after = await read(server.id)
    expect(after).toMatchObject({ name: 'undone', environment: 'production', role: 'web' })
    const declared = after.provenance.map(({ field }: { field: string }) => field)
    expect(declared).toEqual(expect.arrayContaining(['name', 'role', 'environment']))
    expect(after.identifiers).toEqual(['undone', '10.9.9.9'])

    expect((await undo(renamed.changeSet.id)).userErrors).toMatchObject([{ code: 'CONFLICT' }])
    const again = await undo(answer.changeSet.id)
    expect(again.userErrors).toEqual([])
    expect((await read(server.id)).name).toBe('renamed')
  })

  it('does not undo a field that was changed again', async () => {
    const { server } = await create({ name: 'twice', role: 'one' })
    const first = await update({ id: server.id, version: 1, role: 'two' })
    await update({ id: server.id, version: 2, role: 'three' })
    expect((await undo(first.changeSet.id)).userErrors).toMatchObject([{ code: 'CONFLICT', field: null }])
    expect((await read(server.id)).role).toBe('three')
  })

  it('moves a server back, with its relation', async () => {
    const { datacenter } = await ask(datacenterCreate, { name: 'Paris', provider: 'own' })
    const { server } = await create({ name: 'mover', datacenter: datacenter.id })
    const moved = await update({ id: server.id, version: 1, datacenter: null })
    expect(moved.server.datacenter).toBeNull()
    expect((await undo(moved.changeSet.id)).userErrors).toEqual([])
    expect((await read(server.id)).datacenter).toEqual({ name: 'Paris' })
    const edges = await api.core.db
      .collection('relations')
      .find({ kind: 'LOCATED_IN', validTo: null })
      .toArray()
    expect(edges.filter(({ from }) => server.id === encodeId('Server', from))).toHaveLength(1)
  })

  it('retires what an undone change had created, and restores it when that is undone', async () => {
    const { server, changeSet } = await create({
      name: 'mistake',
      datacenter: encodeId('Datacenter', connection.datacenter),
    })
    const undone = await undo(changeSet.id)
    expect(await read(server.id)).toMatchObject({
      retiredAt: expect.any(String),
      datacenter: { name: 'Dublin' },
    })
    expect((await undo(undone.changeSet.id)).userErrors).toEqual([])
    expect(await read(server.id)).toMatchObject({ retiredAt: null, datacenter: { name: 'Dublin' } })
  })

  it('retires and restores several at once, or none', async () => {
    const one = (await create({ name: 'r-1' })).server
    const two = (await create({ name: 'r-2' })).server
    const refs = [one, two].map(({ id }) => ({ id, version: 1 }))
    const retired = await ask(assetsRetire, { assets: refs })
    expect(retired.assets.map(({ retiredAt }: never) => retiredAt)).toEqual([
      expect.any(String),
      expect.any(String),
    ])
    expect(retired.changeSet.counts).toMatchObject({ retired: 2 })
    expect(await read(one.id)).toMatchObject({ version: 2, retiredAt: expect.any(String) })

    const again = await ask(assetsRetire, { assets: [{ id: one.id, version: 2 }] })
    expect(again).toMatchObject({ changeSet: null, userErrors: [] })
    const late = await ask(assetsRestore, { assets: refs })
    expect(late.userErrors).toMatchObject([{ code: 'CONFLICT' }, { code: 'CONFLICT' }])
    const restored = await ask(assetsRestore, { assets: refs.map((ref) => ({ ...ref, version: 2 })) })
    expect(restored.assets).toMatchObject([{ retiredAt: null }, { retiredAt: null }])
    const unknown = await ask(assetsRetire, {
      assets: [
        { id: one.id, version: 3 },
        { id: encodeId('Server', connection._id), version: 1 },
      ],
    })
    expect(unknown).toMatchObject({
      assets: [],
      userErrors: [{ code: 'NOT_FOUND', field: ['assets', '1'] }],
    })
    expect((await read(one.id)).retiredAt).toBeNull()
  })

  it('keeps from others what is not theirs, as if it did not exist', async () => {
    const stranger = await api.signUp('Bob Stranger')
    const { server, changeSet } = await create({
      name: 'secret-1',
      datacenter: encodeId('Datacenter', connection.datacenter),
    })
    const as = (document: string, variables: object = {}) =>
      api.query(document, variables as Record<string, unknown>, stranger.token)

    const { data } = await as(
      `query ($id: ID!, $ids: [ID!]!) {
        servers { totalCount nodes { id } } changeSets { totalCount nodes { id } } node(id: $id) { id }
        nodes(ids: $ids) { id } lookup(text: "secret-1") { id }
        assetFieldValues(kind: SERVER, field: "name") { value }
      }`,
      { id: server.id, ids: [server.id, changeSet.id] },
    )
    expect(data).toEqual({
      servers: { totalCount: 0, nodes: [] },
      changeSets: { totalCount: 0, nodes: [] },
      node: null,
      nodes: [null, null],
      lookup: [],
      assetFieldValues: [],
    })
    expect((await as(serverPage, { id: server.id })).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ])
    expect(
      (await as('query ($id: ID!) { changeSet(id: $id) { id } }', { id: changeSet.id })).errors,
    ).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    await expect(update({ id: server.id, version: 1, role: 'mine' }, stranger.token)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(undo(changeSet.id, stranger.token)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const into = await ask(
      serverCreate,
      { name: 'spy', datacenter: encodeId('Datacenter', connection.datacenter) },
      stranger.token,
    )
    expect(into.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['datacenter'] }])
  })

  it('lets readers read and nothing else', async () => {
    const reader = await api.signUp('Rita Reader')
    const { server, changeSet } = await create({ name: 'readable' })
    await share(server.id, reader.userId, 'READ')

    const { data } = await api.query(
      `query ($id: ID!, $set: ID!) { server(id: $id) { name viewerCan { update retire share } }
        changeSet(id: $set) { title viewerCanUndo changes { totalCount } } }`,
      { id: server.id, set: changeSet.id },
      reader.token,
    )
    expect(data).toEqual({
      server: { name: 'readable', viewerCan: { update: false, retire: false, share: false } },
      changeSet: { title: 'Add readable', viewerCanUndo: false, changes: { totalCount: 1 } },
    })
    const denied = await update({ id: server.id, version: 1, role: 'x' }, reader.token)
    expect(denied.userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
    expect((await undo(changeSet.id, reader.token)).userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
    const retire = await ask(assetsRetire, { assets: [{ id: server.id, version: 1 }] }, reader.token)
    expect(retire.userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
  })

  async function share(asset: string, user: string, level: string) {
    const principal = principalOf(decodeId(user).id)
    await api.core.db
      .collection('assets')
      .updateOne({ _id: decodeId(asset).id }, { $push: { access: { ...principal, level } } } as never)
  }
})

const mutation = (name: string, fields: string) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  return `mutation ($input: ${type}!) { answer: ${name}(input: $input) { ${fields} changeSet { id origin counts { retired } } userErrors { code field message } } }`
}
const edited = 'id version name role environment cpu retiredAt datacenter { name }'
const datacenterCreate = mutation('datacenterCreate', 'datacenter { id }')
const serverCreate = mutation('serverCreate', `server { ${edited} }`)
const serverUpdate = mutation('serverUpdate', `server { ${edited} }`)
const changeSetRevert = mutation('changeSetRevert', '')
const assetsRetire = mutation('assetsRetire', 'assets { id retiredAt }')
const assetsRestore = mutation('assetsRestore', 'assets { id retiredAt }')
const fieldsRelease = mutation('assetFieldsRelease', `assets { ... on Server { ${edited} } }`)
const serverPage = `query ($id: ID!) { server(id: $id) {
  ${edited} identifiers
  provenance { field origin value declaredBy connection { name } }
  drift { field declared observed connection { name } }
  observations { state values }
} }`
