import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import '../../entities.ts'
import type { Config } from '../../platform/config.ts'
import { DiskFiles } from '../../platform/files/disk.ts'
import type { CrawlContext, ObservationPage } from '../crawler.ts'
import { inWaves } from '../waves.ts'
import { json } from './json.ts'

const sample = fileURLToPath(new URL('../../../dev/samples/json/office.json', import.meta.url))

describe('JSON of our own', () => {
  let home: string
  let imports: string
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'maestro-json-'))
  })
  afterAll(() => rm(home, { recursive: true, force: true }))
  beforeEach(async () => {
    imports = await mkdtemp(join(home, 'imports-'))
    await mkdir(join(imports, 'all'))
  })

  const context = (): CrawlContext => ({
    config: { IMPORT_DIR: imports } as Config,
    settings: { folder: 'all' },
    regions: [],
    files: new DiskFiles(join(home, 'files')),
    uploads: [],
    signal: new AbortController().signal,
    turn: () => Promise.resolve(),
    throttled: () => undefined,
  })
  const save = (document: unknown, name = 'all.json') =>
    writeFile(join(imports, 'all', name), typeof document === 'string' ? document : JSON.stringify(document))

  async function listed(name: string) {
    const resource = json.resources.find((one) => one.name === name)!
    const pages: ObservationPage[] = []
    for await (const page of json.list(context(), resource, null)) pages.push(page)
    return {
      observations: pages.flatMap((page) => page.observations),
      unreadable: pages.flatMap((page) => page.unreadable),
    }
  }

  it('is read in the words of the API, with everything that it hangs together by', async () => {
    await cp(sample, join(imports, 'all/office.json'))
    const { observations: servers } = await listed('servers')
    expect(servers).toEqual([
      {
        externalId: 'nas-1',
        values: {
          name: 'nas-1',
          hostname: 'nas-1.office.example.org',
          ipv4Private: '192.168.10.5',
          environment: 'production',
          role: 'storage',
          cpu: 4,
          memoryGiB: 32,
          tags: [{ key: 'owner', value: 'office' }],
        },
        relations: [
          {
            kind: 'CONNECTED_TO',
            to: { resource: 'networks', externalId: 'office-servers' },
            properties: {},
          },
        ],
      },
      expect.objectContaining({
        values: {
          name: 'Door controller',
          tags: [{ key: 'vendor', value: 'ACME' }],
          launchedAt: new Date('2024-02-29T08:00:00Z'),
        },
      }),
    ])
    expect((await listed('networks')).observations[1]!.values.parent).toEqual({
      resource: 'networks',
      externalId: 'office',
    })
    expect((await listed('volumes')).observations[0]!.values.server).toEqual({
      resource: 'servers',
      externalId: 'nas-1',
    })
    const [files, access] = (await listed('apps')).observations
    expect(files!.relations).toContainEqual({
      kind: 'PART_OF',
      to: { resource: 'systems', externalId: 'office' },
      properties: { entry: true },
    })
    expect(access!.relations).toContainEqual({
      kind: 'DEPENDS_ON',
      to: { resource: 'apps', externalId: 'files' },
      properties: { protocol: 'smb', port: 445 },
    })
  })

  it('reads things after those that they refer to', () => {
    const waves = inWaves(json.resources.map((resource) => ({ resource })))
    const order = waves.flat().map(({ resource }) => resource.name)
    const before = (first: string, second: string) =>
      expect(order.indexOf(first), `${first} before ${second}`).toBeLessThan(order.indexOf(second))
    before('networks', 'servers')
    before('servers', 'volumes')
    before('volumes', 'snapshots')
    before('servers', 'apps')
    before('clients', 'systems')
    before('systems', 'apps')
  })

  it.each([
    ['without an id', { name: 'x' }, null, 'has no id'],
    ['of another type', 'web-1', null, 'not an object'],
    ['with a field that does not exist', { id: 'a', memory: 4 }, 'a', 'no field "memory" of servers'],
    ['with a wrong number', { id: 'a', cpu: 'four' }, 'a', 'CPU must be a number'],
    ['with a negative number', { id: 'a', cpu: -1 }, 'a', 'CPU must be a number from 0 up'],
    ['with a wrong address', { id: 'a', ipv4Private: '10.0.0.999' }, 'a', 'is not an IP address'],
    ['with an unknown word', { id: 'a', status: 'FINE' }, 'a', 'must be one of'],
    ['with a relation that is none', { id: 'a', connectedTo: 'net' }, 'a', '"connectedTo" are not a list'],
    ['with a relation to nothing', { id: 'a', connectedTo: [{}] }, 'a', 'neither an id nor an object'],
    ['with a name that is too long', { id: 'a', name: 'x'.repeat(1001) }, 'a', 'at most 1000'],
  ])('sets a thing %s aside, and reads the rest', async (_, thing, externalId, reason) => {
    await save({ servers: [thing, { id: 'good' }] })
    const { observations, unreadable } = await listed('servers')
    expect(observations.map((one) => one.externalId)).toEqual(['good'])
    expect(unreadable).toEqual([
      { externalId, reason: expect.stringContaining(reason) as string, raw: thing },
    ])
  })

  it.each([
    ['no JSON', '{', 'is not JSON'],
    ['empty', '', 'is empty'],
    ['a list', '[]', 'not an object with lists'],
    ['without a list', '{"servers": {}}', '"servers" are not a list'],
  ])('sets a file that is %s aside as a whole', async (_, text, reason) => {
    await save(text)
    const { unreadable } = await listed('servers')
    expect(unreadable).toEqual([
      { externalId: null, reason: expect.stringContaining(reason) as string, raw: { file: 'all.json' } },
    ])
    expect((await json.check(context())).filter(({ ok }) => !ok)).toHaveLength(1)
  })

  it('believes the first of two files that say the same id', async () => {
    await save({ servers: [{ id: 'a', role: 'first' }] }, 'a.json')
    await save({ servers: [{ id: 'a', role: 'second' }] }, 'b.json')
    const { observations, unreadable } = await listed('servers')
    expect(observations.map(({ values }) => values.role)).toEqual(['first'])
    expect(unreadable).toMatchObject([
      { externalId: 'a', reason: expect.stringContaining('"a.json"') as string },
    ])
  })
})
