import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEstate } from './estate.ts'

let estate: Awaited<ReturnType<typeof startEstate>>
beforeAll(async () => {
  estate = await startEstate(
    { regions: { 'eu-west-1': 3 } },
    { settings: { IMPORT_DIR: 'dev/samples/ansible' } },
  )
})
afterAll(() => estate?.close())

const connect = (name: string, rest: object) =>
  estate.create('connection', 'ConnectionCreateInput', {
    name,
    provider: 'ANSIBLE',
    datacenter: estate.datacenter,
    settings: [],
    ...rest,
  })

const folder = (name: string) => ({ settings: [{ name: 'folder', value: name }] })

it('reads a folder of facts as servers, and again without a change', async () => {
  const connection = await connect('inventory', folder('hosts'))
  const first = await estate.syncToTheEnd(connection)
  expect(first).toMatchObject({ state: 'SUCCEEDED', totals: { found: 9, created: 9, quarantined: 0 } })
  expect(await estate.syncToTheEnd(connection)).toMatchObject({
    totals: { unchanged: 9, created: 0, changed: 0 },
  })
  const { nodes } = await estate.servers(
    { connection: { eq: connection } },
    'osBase memoryGiB datacenter { name }',
  )
  expect(nodes).toHaveLength(9)
  expect(new Set(nodes.map((one: { osBase: string }) => one.osBase)).size).toBeGreaterThan(2)
  expect(nodes[0].datacenter.name).toBe('Cloud')
})

it('reads uploaded files', async () => {
  const host = 'dev/samples/ansible/hosts/web-01.lab.example.org'
  const { uploadCreate } = await estate.query(
    `mutation { uploadCreate(input: { name: "web-01.lab.example.org" }) { upload { id } url userErrors { message } } }`,
  )
  const sent = await fetch(new URL(uploadCreate.url, estate.api.url), {
    method: 'PUT',
    body: readFileSync(host),
  })
  expect(sent.ok).toBe(true)
  const connection = await connect('uploaded', { files: [uploadCreate.upload.id] })
  // The folder has reported the same machine: one asset, two observations.
  expect(await estate.syncToTheEnd(connection)).toMatchObject({
    state: 'SUCCEEDED',
    totals: { found: 1, created: 0, changed: 1 },
  })
  const { nodes } = await estate.servers(
    { connection: { eq: connection } },
    'observations { connection { name } }',
  )
  expect(
    nodes[0].observations.map((one: { connection: { name: string } }) => one.connection.name).sort(),
  ).toEqual(['inventory', 'uploaded'])
})

it('sets aside what is not a host, and marks nothing missing because of it', async () => {
  const run = await estate.syncToTheEnd(await connect('broken', folder('bad')))
  expect(run).toMatchObject({
    state: 'FAILED',
    problem: { code: 'UNIDENTIFIED_RECORDS' },
    totals: { missing: 0, gone: 0 },
  })
  expect(run.totals.quarantined).toBeGreaterThan(5)
})
