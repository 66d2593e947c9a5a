import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromBuffer } from 'yauzl'
import { text } from 'node:stream/consumers'
import { principalOf } from '../../core/accounts/user.ts'
import { recordsOf } from '../../core/history/records.ts'
import { decodeId } from '../../core/platform/ids.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { download, exportUrl } from './testing.ts'

/** One file of a workbook. */
const partOf = (workbook: Buffer, path: string) =>
  new Promise<string>((resolve, reject) =>
    fromBuffer(workbook, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error)
      zip.on('end', () => reject(new Error(`There is no ${path}`)))
      zip.on('entry', (entry: { fileName: string }) =>
        entry.fileName === path
          ? zip.openReadStream(entry as never, (failure, stream) =>
              failure ? reject(failure) : resolve(text(stream)),
            )
          : zip.readEntry(),
      )
      zip.readEntry()
    }),
  )

describe('an export', () => {
  let api: TestApi
  let ada: { token: string; userId: string }
  let dublin: string
  const create = async (name: string, facts: object = {}, token = ada.token) => {
    const { data } = await api.query(
      'mutation ($input: ServerCreateInput!) { serverCreate(input: $input) { server { id } userErrors { message } } }',
      { input: { name, ...facts } },
      token,
    )
    expect(data.serverCreate.userErrors).toEqual([])
    return data.serverCreate.server.id as string
  }
  const csv = async (input: object, token = ada.token) =>
    (await download(api, token, { kind: 'SERVER', format: 'CSV', ...input })).toString()

  beforeAll(async () => {
    api = await startTestApi()
    // The first account reaches everything.
    await api.signUp()
    ada = await api.signUp()
    const { data } = await api.query(
      'mutation { datacenterCreate(input: { name: "Dublin", provider: "AWS" }) { datacenter { id } } }',
      {},
      ada.token,
    )
    dublin = data.datacenterCreate.datacenter.id
    await create('web-10', { role: 'web', memoryGiB: 1.5, datacenter: dublin })
    await create('web-2', {
      role: '=HYPERLINK("http://x")',
      description: 'two\nlines, "quoted"',
      tags: [
        { key: 'team', value: 'blue' },
        { key: 'cost', value: '' },
      ],
    })
    await create('api-1', { role: "'=1", environment: '-x', tags: [{ key: 'a;b', value: 'c' }] })
  })
  afterAll(() => api.close())

  it('has what the list has, in its order, with the columns that are named', async () => {
    const content = await csv({
      filter: { name: { startsWith: 'web' } },
      orderBy: [{ field: 'NAME', direction: 'ASC' }],
      columns: ['name', 'memoryGiB', 'datacenter', 'tags'],
    })
    expect(content).toBe(
      'name,memoryGiB,datacenter,tags\r\nweb-2,,,"team=blue; cost="\r\nweb-10,1.5,Dublin,\r\n',
    )
  })

  it('has every field, the id and the version unless columns are named', async () => {
    const [header, ...rows] = (await csv({})).split('\r\n')
    expect(header).toMatch(/^id,version,name,description,status,/)
    expect(header!.split(',')).toEqual(expect.arrayContaining(['datacenter', 'tags', 'cpu', 'storage']))
    expect(rows[0]).toMatch(/^[\w-]+,1,api-1,,UNKNOWN,-?/)
  })

  it('quotes what needs it, and neutralises formulas in text alone', async () => {
    const content = await csv({ columns: ['role', 'environment', 'memoryGiB', 'description', 'tags'] })
    expect(content.split('\r\n')).toEqual([
      'role,environment,memoryGiB,description,tags',
      `''=1,'-x,,,"[{""key"":""a;b"",""value"":""c""}]"`,
      `"'=HYPERLINK(""http://x"")",,,"two\nlines, ""quoted""","team=blue; cost="`,
      'web,,1.5,,',
      '',
    ])
    expect(content.charCodeAt(0)).not.toBe(0xfeff)
  })

  it('is a workbook that spreadsheets read', async () => {
    const workbook = await download(api, ada.token, {
      kind: 'SERVER',
      format: 'XLSX',
      columns: ['name', 'memoryGiB', 'role'],
    })
    expect(await partOf(workbook, 'xl/worksheets/sheet1.xml')).toContain(
      '<row><c t="inlineStr"><is><t xml:space="preserve">web-10</t></is></c><c><v>1.5</v></c>',
    )
    expect(await partOf(workbook, 'xl/worksheets/sheet1.xml')).toContain('>\'=HYPERLINK("http://x")<')
    expect(await partOf(workbook, '[Content_Types].xml')).toContain('worksheet+xml')
  })

  it('is one object in each line as JSONL, with values as they are', async () => {
    const content = await download(api, ada.token, {
      kind: 'SERVER',
      format: 'JSONL',
      columns: ['name', 'memoryGiB', 'role', 'datacenter', 'tags'],
    })
    const lines = content.toString().trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ name: 'api-1', role: "'=1", tags: [{ key: 'a;b', value: 'c' }] }),
      expect.objectContaining({ name: 'web-2', role: '=HYPERLINK("http://x")', datacenter: null }),
      { name: 'web-10', memoryGiB: 1.5, role: 'web', datacenter: 'Dublin', tags: expect.anything() },
    ])
  })

  it('names a reference by its id where the name is not clear, and not at all where it is out of sight', async () => {
    const bob = await api.signUp('Bob Marsh')
    const make = () =>
      api.query(
        'mutation { datacenterCreate(input: { name: "Twin", provider: "own" }) { datacenter { id } } }',
        {},
        bob.token,
      )
    const twin = (await make()).data.datacenterCreate.datacenter.id
    const id = await create('bob-1', { datacenter: twin }, bob.token)
    const wanted = { columns: ['name', 'datacenter'] }
    expect(await csv(wanted, bob.token)).toContain('bob-1,Twin\r\n')
    await make()
    expect(await csv(wanted, bob.token)).toContain(`bob-1,${twin}\r\n`)
    await recordsOf(api.core, 'assets').updateOne(
      { _id: decodeId(id).id },
      {
        $push: { access: { ...principalOf(new ObjectId(decodeId(ada.userId).id)), level: 'READ' } } as never,
      },
    )
    const filter = { name: { eq: 'bob-1' } }
    expect(await csv({ ...wanted, filter })).toBe('name,datacenter\r\nbob-1,\r\n')
  })

  it('takes conditions on what things are related to', async () => {
    await create('runs-1')
    await create('idle-1')
    const { data } = await api.query(
      `mutation { appCreate(input: { name: "billing-db", family: DATABASE }) { app { id } } }`,
      {},
      ada.token,
    )
    const { data: servers } = await api.query(
      '{ servers(filter: { name: { eq: "runs-1" } }) { nodes { id } } }',
      {},
      ada.token,
    )
    const { data: related } = await api.query(
      `mutation ($app: ID!, $server: ID!) {
        relationsUpdate(input: { add: [{ kind: RUNS_ON, from: $app, to: $server }] }) { userErrors { message } }
      }`,
      { app: data.appCreate.app.id, server: servers.servers.nodes[0].id },
      ada.token,
    )
    expect(related.relationsUpdate.userErrors).toEqual([])
    const filter = { apps: { some: { name: { eq: 'billing-db' } } } }
    expect(await csv({ columns: ['name'], filter })).toBe('name\r\nruns-1\r\n')
  })

  it('has only what the actor sees when it is fetched, in the workspace that it was asked for in', async () => {
    const eve = await api.signUp('Eve')
    expect(await csv({ columns: ['name'] }, eve.token)).toBe('name\r\n')
    const { data } = await api.query(
      'mutation { teamCreate(input: { name: "Blue" }) { team { id } } }',
      {},
      eve.token,
    )
    const team = { 'x-maestro-workspace': data.teamCreate.team.id as string }
    await create('eve-1', {}, eve.token)
    await api.query(
      'mutation { serverCreate(input: { name: "blue-1" }) { server { id } } }',
      {},
      eve.token,
      team,
    )
    const wanted = { kind: 'SERVER', format: 'CSV', columns: ['name'] }
    const within = async (headers: Record<string, string>) =>
      (await download(api, eve.token, wanted, headers)).toString().trimEnd().split('\r\n').slice(1)
    expect(await within({})).toEqual(['blue-1', 'eve-1'])
    expect(await within(team)).toEqual(['blue-1'])
    expect(await within({ 'x-maestro-workspace': 'mine' })).toEqual(['eve-1'])

    const { url } = await exportUrl(api, eve.token, wanted)
    await recordsOf(api.core, 'assets').updateMany({ name: 'eve-1' }, { $set: { access: [] } })
    expect(await (await fetch(`${api.url}${url}`)).text()).toBe('name\r\nblue-1\r\n')
    await api.query('mutation { sessionDelete { userErrors { code } } }', {}, eve.token)
    expect((await fetch(`${api.url}${url}`)).status).toBe(401)
  })

  it('is given only at the address that was made', async () => {
    const { url } = await exportUrl(api, ada.token, { kind: 'SERVER', format: 'CSV' })
    const other = (await exportUrl(api, ada.token, { kind: 'SERVER', format: 'CSV' })).url!
    for (const changed of [
      url!.replace(/expires=\d+/, 'expires=99999999999999'),
      url!.replace(/exports\/\w+/, /exports\/\w+/.exec(other)![0]),
      url!.replace(/\?.*/, ''),
      '/files/exports/nothing',
    ])
      expect((await fetch(`${api.url}${changed}`)).status).toBe(400)
    await api.core.db.collection('exports').deleteMany({})
    expect((await fetch(`${api.url}${url}`)).status).toBe(404)
  })

  it.each([
    ['an unknown column', { columns: ['name', 'nonsense'] }, ['columns']],
    ['a column twice', { columns: ['name', 'name'] }, ['columns']],
    ['an unknown field', { filter: { nonsense: { eq: 1 } } }, ['filter']],
    ['a wrong type', { filter: { memoryGiB: { gte: 'much' } } }, ['filter', 'memoryGiB', 'gte']],
    ['a filter that is none', { filter: 'name' }, ['filter']],
    ['an order by what has none', { orderBy: [{ field: 'TAGS' }] }, ['orderBy', '0', 'field']],
    ['a filter of 1,000 levels', { filter: deep(1000) }, ['filter']],
  ])('is refused for %s', async (_what, input, field) => {
    const { url, userErrors } = await exportUrl(api, ada.token, { kind: 'SERVER', format: 'CSV', ...input })
    expect(url).toBeNull()
    expect(userErrors).toMatchObject([{ code: 'INVALID', field }])
  })

  it('reads no faster than it is taken, and stops when nobody takes it', async () => {
    const owner = { ...principalOf(decodeId(ada.userId).id), level: 'ADMIN' as const }
    const rows = 40_000
    for (let start = 0; start < rows; start += 10_000)
      await recordsOf(api.core, 'assets').insertMany(
        Array.from({ length: 10_000 }, (_, n) => ({
          kind: 'SERVER',
          name: `many-${start + n}`,
          description: 'x'.repeat(1000),
          version: 1,
          access: [owner],
        })),
      )
    const filter = { name: { startsWith: 'many' } }
    const { url } = await exportUrl(api, ada.token, { kind: 'SERVER', format: 'CSV', filter })
    api.commandNames()
    const slow = request(`${api.url}${url}`)
    slow.on('error', () => undefined)
    await new Promise<void>((resolve) =>
      slow.on('response', (response) => response.once('readable', resolve)).end(),
    )
    await pause(1000)
    expect(api.commandNames().filter((name) => name === 'getMore').length).toBeLessThan(25)
    slow.destroy()
    await expect.poll(() => api.commandNames()).toContain('killCursors')

    const lines = (await csv({ filter, columns: ['name'] })).trimEnd().split('\r\n')
    expect(lines).toHaveLength(rows + 1)
    expect(api.commandNames().filter((name) => name === 'getMore').length).toBeGreaterThan(30)
  })
})

function deep(levels: number): object {
  let filter: object = {}
  for (let level = 0; level < levels; level++) filter = { not: filter }
  return filter
}
