import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ObjectId } from 'mongodb'
import { principalOf } from '../../core/accounts/user.ts'
import { changesOf, recordsOf } from '../../core/history/records.ts'
import { decodeId, encodeId } from '../../core/platform/ids.ts'
import { startWorkers } from '../../workers/workers.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { download, readImport, send, step, work } from './testing.ts'

let api: TestApi
let workers: Awaited<ReturnType<typeof startWorkers>>
let ada: { token: string; userId: string }

beforeAll(async () => {
  api = await startTestApi()
  workers = await startWorkers(api.core)
  // The first account reaches everything.
  await api.signUp()
})
afterAll(async () => {
  await workers.close()
  await api.close()
})
beforeEach(async () => void (ada = await api.signUp()))

const created = async (kind: string, input: object, token = ada.token) => {
  const type = kind.charAt(0).toUpperCase() + kind.slice(1)
  const { data, errors } = await api.query(
    `mutation ($input: ${type}CreateInput!) { answer: ${kind}Create(input: $input) { ${kind} { id } userErrors { message } } }`,
    { input },
    token,
  )
  expect([errors, data?.answer.userErrors]).toEqual([undefined, []])
  return data.answer[kind].id as string
}
const servers = async (fields: string, token = ada.token) =>
  (await api.query(`{ servers(first: 200) { nodes { ${fields} } } }`, {}, token)).data.servers
    .nodes as Record<string, unknown>[]

async function begin(content: string | Buffer, name = 'servers.csv', token = ada.token, kind = 'SERVER') {
  const upload = await send(api, token, name, content)
  const { import: order, userErrors } = await step(api, token, 'Create', { kind, upload })
  if (!order) throw Object.assign(new Error(userErrors[0]!.message), { userErrors })
  return order
}
async function check(content: string | Buffer, name?: string, token = ada.token, kind?: string) {
  const { id, columns } = await begin(content, name, token, kind)
  const run = await work(api, token, 'Check', { id })
  return { id, columns, run, ...(await readImport(api, token, id)) }
}
const apply = (id: string, mode = 'SKIP_ERRORS', token = ada.token) => work(api, token, 'Apply', { id, mode })
const verdicts = ({ rows }: { rows: { nodes: { verdict: string }[] } }) =>
  rows.nodes.map(({ verdict }) => verdict)

describe('an import', () => {
  it('guesses the columns, says what would happen, and does it in one change set that can be undone', async () => {
    await created('datacenter', { name: 'Dublin', provider: 'AWS' })
    const old = await created('server', { name: 'web-1', role: 'web', environment: 'test' })
    await created('server', { name: 'web-2', role: 'web' })
    const content = [
      'NAME,Role,ipv4 private,Data-Center,tags,Nonsense',
      'web-1,api,10.0.0.1,Dublin,team=blue,x',
      'web-2,web,,,,y',
      'web-3,,10.0.0.3,datacenter:Dublin,"team=red; cost=",z',
    ].join('\n')
    const found = await check(content)
    expect(found.columns.map(({ header, field }) => [header, field])).toEqual([
      ['NAME', 'name'],
      ['Role', 'role'],
      ['ipv4 private', 'ipv4Private'],
      ['Data-Center', 'datacenter'],
      ['tags', 'tags'],
      ['Nonsense', null],
    ])
    expect(found.columns[0]!.samples).toEqual(['web-1', 'web-2', 'web-3'])
    expect(found).toMatchObject({
      run: { state: 'SUCCEEDED', totals: { found: 3, created: 1, changed: 1, unchanged: 1, quarantined: 0 } },
      counts: { create: 1, update: 1, unchanged: 1, conflict: 0, error: 0 },
      latestRun: { kind: 'import', state: 'SUCCEEDED' },
      appliedAt: null,
    })
    expect(found.rows.nodes).toMatchObject([
      { number: 2, verdict: 'UPDATE', assetId: old, fields: expect.arrayContaining(['role', 'datacenter']) },
      { number: 3, verdict: 'UNCHANGED' },
      { number: 4, verdict: 'CREATE', name: 'web-3', assetId: null },
    ])
    expect((await readImport(api, ada.token, found.id, ['CREATE'])).rows).toMatchObject({
      totalCount: 1,
      nodes: [{ number: 4 }],
    })
    expect(await servers('name')).toHaveLength(2)

    expect(await apply(found.id)).toMatchObject({ state: 'SUCCEEDED', totals: { created: 1, changed: 1 } })
    const done = await readImport(api, ada.token, found.id)
    expect(done).toMatchObject({
      appliedAt: expect.any(String),
      changeSet: { title: 'Import servers.csv', origin: 'IMPORT', counts: { created: 1, changed: 1 } },
    })
    const fields =
      'name role environment ipv4Private datacenter { name } tags { key value } provenance { field origin }'
    const [one, two, three] = await servers(fields)
    expect(one).toMatchObject({ role: 'api', environment: 'test', datacenter: { name: 'Dublin' } })
    expect(one!.provenance).toContainEqual({ field: 'role', origin: 'DECLARED' })
    expect(two).toMatchObject({ role: 'web', datacenter: null })
    expect(three).toMatchObject({
      name: 'web-3',
      datacenter: { name: 'Dublin' },
      tags: [
        { key: 'team', value: 'red' },
        { key: 'cost', value: '' },
      ],
    })
    await expect(apply(found.id)).rejects.toMatchObject({ userErrors: [{ code: 'LOCKED' }] })

    const { data } = await api.query(
      'mutation ($id: ID!) { changeSetRevert(input: { id: $id }) { userErrors { message } } }',
      { id: done.changeSet!.id },
      ada.token,
    )
    expect(data.changeSetRevert.userErrors).toEqual([])
    expect((await servers(fields)).map(({ name, role }) => [name, role])).toEqual([
      ['web-1', 'web'],
      ['web-2', 'web'],
    ])
  })

  it.each(['CSV', 'XLSX', 'JSONL'])(
    'of what was exported as %s is unchanged and writes nothing',
    async (format) => {
      const [dublin] = [await created('datacenter', { name: 'Dublin', provider: 'AWS' })]
      await created('datacenter', { name: 'Twin', provider: 'AWS' })
      const twin = await created('datacenter', { name: 'Twin', provider: 'AWS' })
      for (const [n, facts] of [
        { role: '=1+1', description: 'two\nlines, "quoted"; \u0007', datacenter: dublin },
        { role: "'=x", memoryGiB: 1.5, tags: [{ key: 'a=b', value: 'c;d' }], datacenter: twin },
        { role: '-', tags: [{ key: 'a', value: '' }], status: 'STOPPED', hostname: '_x0041_' },
        {
          role: '@x',
          storage: [{ name: 'root', sizeGiB: 20, root: true, attachedAt: '2026-01-31T08:00:00Z' }],
        },
      ].entries())
        await created('server', { name: `s-${n}`, ...facts })
      const file = await download(api, ada.token, { kind: 'SERVER', format })
      const before = await changesOf(api.core).countDocuments()
      const found = await check(file, `servers.${format.toLowerCase()}`)
      expect([
        found.run.problem,
        found.rows.nodes.flatMap(({ faults, fields }) => [...faults, ...fields]),
      ]).toEqual([null, []])
      expect(found.counts).toEqual({ create: 0, update: 0, unchanged: 4, conflict: 0, error: 0 })
      expect(await apply(found.id, 'ALL_OR_NOTHING')).toMatchObject({ state: 'SUCCEEDED' })
      expect(await changesOf(api.core).countDocuments()).toBe(before)
      expect(await readImport(api, ada.token, found.id)).toMatchObject({
        appliedAt: expect.any(String),
        changeSet: null,
      })
    },
  )

  it('of every kind takes its own export', async () => {
    const { data } = await api.query('{ assetKinds { kind } }', {}, ada.token)
    for (const { kind } of data.assetKinds as { kind: string }[]) {
      const content = await download(api, ada.token, { kind, format: 'CSV' })
      const order = await begin(
        `${content.toString().trimEnd()}\r\n${'x'.padEnd(1)}`,
        'x.csv',
        ada.token,
        kind,
      )
      expect(order.columns.filter(({ field }) => field === 'name')).toHaveLength(1)
    }
    expect(data.assetKinds.length).toBeGreaterThan(1)
  })

  it('names what is wrong with each row, and imports the others', async () => {
    const bob = await api.signUp('Bob')
    await created('datacenter', { name: 'Twin', provider: 'own' })
    await created('datacenter', { name: 'Twin', provider: 'own' })
    const hidden = await created('server', { name: 'hidden' }, bob.token)
    const datacenter = await created('datacenter', { name: 'Paris', provider: 'own' })
    await created('datacenter', { name: 'Bobs', provider: 'own' }, bob.token)
    await created('server', { name: 'double' })
    await created('server', { name: 'double' })
    const readable = await created('server', { name: 'readable' }, bob.token)
    await recordsOf(api.core, 'assets').updateOne(
      { _id: decodeId(readable).id },
      { $push: { access: { ...principalOf(decodeId(ada.userId).id), level: 'READ' } } as never },
    )
    const rows: [string, string, string | null, string?][] = [
      // id, name, memory, cpu, ipv4, status, datacenter, tags
      [',good,1,2,10.0.0.1,ACTIVE,Paris,a=b', 'CREATE', null],
      [',,1,,,,,', 'ERROR', 'name', 'REQUIRED'],
      [`,${'x'.repeat(1001)},,,,,,`, 'ERROR', 'name', 'TOO_LONG'],
      [',a,much,,,,,', 'ERROR', 'memoryGiB', 'INVALID'],
      [',b,-1,,,,,', 'ERROR', 'memoryGiB', 'INVALID'],
      [',c,,,10.0.0,,,', 'ERROR', 'ipv4Private', 'INVALID'],
      [',d,,,,SLEEPY,,', 'ERROR', 'status', 'INVALID'],
      [',e,,,,,Nowhere,', 'ERROR', 'datacenter', 'NOT_FOUND'],
      [',f,,,,,Bobs,', 'ERROR', 'datacenter', 'NOT_FOUND'],
      [',g,,,,,Twin,', 'ERROR', 'datacenter', 'CONFLICT'],
      [',h,,,,,server:double,', 'ERROR', 'datacenter', 'CONFLICT'],
      [',i,,,,,server:good-old,', 'ERROR', 'datacenter', 'NOT_FOUND'],
      [',j,,,,,,nothing', 'ERROR', 'tags', 'INVALID'],
      [',double,4,,,,,', 'CONFLICT', 'name', 'CONFLICT'],
      [',readable,4,,,,,', 'ERROR', null, 'FORBIDDEN'],
      [`${hidden},k,,,,,,`, 'ERROR', 'id', 'NOT_FOUND'],
      [`${encodeId('Server', new ObjectId())},l,,,,,,`, 'ERROR', 'id', 'NOT_FOUND'],
      [`${datacenter},m,,,,,,`, 'ERROR', 'id', 'INVALID'],
      ['nonsense,n,,,,,,', 'ERROR', 'id', 'INVALID'],
      [',GOOD,8,,,,,', 'CONFLICT', null, 'CONFLICT'],
      [',too,many,cells,in,this,row,,,x', 'ERROR', null, 'INVALID'],
      [',o,1e3,4,,active,,"[{""key"":""k"",""value"":""v""}]"', 'CREATE', null],
    ]
    const header = 'id,name,memoryGiB,cpu,ipv4Private,status,datacenter,tags'
    const found = await check([header, ...rows.map(([row]) => row)].join('\r\n'))
    expect(
      found.rows.nodes.map(({ verdict, faults }) => [
        verdict,
        faults[0]?.field?.[0] ?? null,
        faults[0]?.code,
      ]),
    ).toEqual(rows.map(([, verdict, field, code]) => [verdict, field, code]))
    expect(found.counts).toMatchObject({ create: 2, conflict: 2, error: rows.length - 4 })
    await expect(apply(found.id, 'ALL_OR_NOTHING')).rejects.toMatchObject({
      userErrors: [{ code: 'CONFLICT', field: ['mode'] }],
    })
    expect(await apply(found.id)).toMatchObject({
      state: 'SUCCEEDED',
      totals: { created: 2, found: rows.length },
    })
    expect((await servers('name')).map(({ name }) => name)).toEqual([
      'double',
      'double',
      'good',
      'o',
      'readable',
    ])
  })

  it('clears what a cell has left empty, keeps what has no column, and does not touch what is out of sight', async () => {
    const bob = await api.signUp('Bob')
    const secret = await created('datacenter', { name: 'Secret', provider: 'own' }, bob.token)
    const id = await created('server', { name: 'shared', role: 'x', cpu: 4, datacenter: secret }, bob.token)
    await recordsOf(api.core, 'assets').updateOne(
      { _id: decodeId(id).id },
      { $push: { access: { ...principalOf(decodeId(ada.userId).id), level: 'WRITE' } } as never },
    )
    const found = await check('name,role,datacenter,status\nshared,,,')
    expect(found.rows.nodes).toMatchObject([{ verdict: 'UPDATE', fields: ['role'] }])
    await apply(found.id)
    const [server] = await servers('role cpu datacenter { name }', bob.token)
    expect(server).toEqual({ role: null, cpu: 4, datacenter: { name: 'Secret' } })
  })

  it('does not overwrite what was changed since the version of a row, nor since the check', async () => {
    const id = await created('server', { name: 'moving', role: 'one', environment: 'test' })
    const update = (version: number, input: object) =>
      api.query(
        'mutation ($input: ServerUpdateInput!) { serverUpdate(input: $input) { userErrors { message } } }',
        { input: { id, version, ...input } },
        ada.token,
      )
    await update(1, { role: 'two' })
    const stale = await check(`id,version,role,environment\n${id},1,mine,live`)
    expect(stale.rows.nodes).toMatchObject([{ verdict: 'CONFLICT', faults: [{ field: ['role'] }] }])
    const fine = await check(`id,version,role,environment\n${id},1,two,live`)
    expect(fine.rows.nodes).toMatchObject([{ verdict: 'UPDATE', fields: ['environment'] }])

    const late = await check(`name,environment\nmoving,prod\nfresh,prod`)
    expect(verdicts(late)).toEqual(['UPDATE', 'CREATE'])
    await update(2, { environment: 'other' })
    expect(await apply(late.id, 'ALL_OR_NOTHING')).toMatchObject({
      state: 'FAILED',
      problem: { code: 'IMPORT_OUTDATED', message: expect.stringContaining('Row 2') },
    })
    expect((await servers('name environment')).map(Object.values)).toEqual([['moving', 'other']])
    expect(await apply(late.id)).toMatchObject({ state: 'SUCCEEDED', totals: { created: 1, quarantined: 1 } })
    expect((await servers('name environment')).map(Object.values)).toEqual([
      ['fresh', 'prod'],
      ['moving', 'other'],
    ])
    expect((await readImport(api, ada.token, late.id)).rows.nodes).toMatchObject([
      { verdict: 'CONFLICT', faults: [{ field: ['environment'] }] },
      { verdict: 'CREATE' },
    ])
  })

  it('has to be checked again when its columns change', async () => {
    const { id } = await check('name,what\na,api')
    const update = (mapping: object[]) => step(api, ada.token, 'Update', { id, mapping })
    expect((await update([{ header: 'what', field: 'role' }])).import!.columns[1]).toMatchObject({
      field: 'role',
    })
    await expect(apply(id)).rejects.toMatchObject({ userErrors: [{ code: 'LOCKED' }] })
    await work(api, ada.token, 'Check', { id })
    await apply(id)
    expect(await servers('name role')).toEqual([{ name: 'a', role: 'api' }])
  })

  it('refuses columns that lead nowhere', async () => {
    const { id } = await begin('name,what\na,api')
    for (const mapping of [
      [{ header: 'what', field: 'nonsense' }],
      [{ header: 'what', field: 'name' }],
      [{ header: 'what', field: 'instanceId' }],
      [{ header: 'which', field: 'role' }],
    ])
      expect(await step(api, ada.token, 'Update', { id, mapping })).toMatchObject({
        import: null,
        userErrors: [{ field: ['mapping'] }],
      })
  })

  it('is for those alone who began it, and goes by their rights when it runs', async () => {
    const { id } = await check('name\nmine')
    const eve = await api.signUp('Eve')
    await expect(readImport(api, eve.token, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    for (const [name, input] of [
      ['Check', { id }],
      ['Apply', { id, mode: 'SKIP_ERRORS' }],
      ['Update', { id, mapping: [] }],
    ] as const)
      await expect(step(api, eve.token, name, input)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const upload = await send(api, ada.token, 'a.csv', 'name\na')
    expect(await step(api, eve.token, 'Create', { kind: 'SERVER', upload })).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND', field: ['upload'] }],
    })
  })

  it('is one change set also when it has many rows', async () => {
    const count = 3500
    const rows = Array.from({ length: count }, (_, n) => `many-${n},role-${n % 7}`)
    const { id, counts } = await check(['name,role', ...rows].join('\n'))
    expect(counts).toMatchObject({ create: count })
    expect(await apply(id)).toMatchObject({ state: 'SUCCEEDED', totals: { created: count } })
    expect((await readImport(api, ada.token, id)).changeSet!.counts).toEqual({ created: count, changed: 0 })
    const { data } = await api.query('{ servers(first: 1) { totalCount } }', {}, ada.token)
    expect(data.servers.totalCount).toBe(count)
    const again = await check(['name,role', ...rows].join('\n'))
    expect(again.counts).toMatchObject({ create: 0, unchanged: count })
  })
})
