import { execFileSync } from 'node:child_process'
import {
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { ansible as ansibleTool } from '../../../dev/setup/ansible.ts'
import { run } from '../../../dev/setup/command.ts'
import type { Config } from '../../platform/config.ts'
import { DiskFiles } from '../../platform/files/disk.ts'
import type { CrawlContext, ObservationPage } from '../crawler.ts'
import { ansible } from './ansible.ts'

const samples = fileURLToPath(new URL('../../../dev/samples/ansible', import.meta.url))
const aHost = join(samples, 'hosts/web-01.lab.example.org')

let home: string
let imports: string
let lab: string
let files: DiskFiles

beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'maestro-ansible-')))
})
afterAll(() => rm(home, { recursive: true, force: true }))
beforeEach(async () => {
  imports = await mkdtemp(join(home, 'imports-'))
  lab = join(imports, 'lab')
  await mkdir(lab)
  files = new DiskFiles(join(home, 'files'))
})

function context(over: Partial<CrawlContext> = {}): CrawlContext {
  return {
    config: { IMPORT_DIR: imports } as Config,
    settings: { folder: 'lab' },
    regions: [],
    files,
    uploads: [],
    signal: new AbortController().signal,
    turn: () => Promise.resolve(),
    throttled: () => undefined,
    ...over,
  }
}

async function listed(over: Partial<CrawlContext> = {}) {
  const pages: ObservationPage[] = []
  for await (const page of ansible.list(context(over), ansible.resources[0]!, null)) pages.push(page)
  const observations = pages.flatMap((page) => page.observations)
  const unreadable = pages.flatMap((page) => page.unreadable)
  return { pages, observations, unreadable, names: observations.map((one) => one.values.name) }
}

async function upload(name: string, content: string) {
  const path = `uploads/${name.replace(/\W/g, '-')}`
  await files.write(path, Readable.from([Buffer.from(content)]), 25 * 1024 ** 2)
  return { name, path }
}

/** Facts of the host with this number, small and its own. */
const hostNumber = (number: number) =>
  JSON.stringify({
    ansible_facts: {
      ansible_system: 'Linux',
      ansible_hostname: `host-${number}`,
      ansible_machine_id: `${number}`.padStart(32, 'ab'),
    },
  })

it('lists the hosts of a folder by the names of their files', async () => {
  await cp(join(samples, 'hosts'), lab, { recursive: true })
  await mkdir(join(lab, 'archive'))
  await writeFile(join(lab, '.hidden'), 'not facts')
  const { names, unreadable } = await listed()
  expect(unreadable).toEqual([])
  expect(names).toEqual([
    'build-mac',
    'catalog-db-stag-00178',
    'db-01.dc1.example.org',
    'edge-proxy',
    'fw-01.lab.example.org',
    'raspi-kiosk',
    'sap-app-02.corp.example.org',
    'web-01.lab.example.org',
    'winapp03.corp.example.org',
  ])
})

it('lists by pages and counts each file as a call', async () => {
  for (let number = 0; number < 205; number++)
    await writeFile(join(lab, `host-${number}`), hostNumber(number))
  let calls = 0
  const { pages } = await listed({ turn: () => Promise.resolve(void calls++) })
  expect(pages.map((page) => page.observations.length)).toEqual([100, 100, 5])
  expect(calls).toBe(205)
})

it('sets bad files aside without an id, each with its reason, and reads the rest', async () => {
  await cp(join(samples, 'bad'), lab, { recursive: true })
  await copyFile(aHost, join(lab, 'web-01'))
  const { names, unreadable } = await listed()
  expect(names).toEqual(['web-01'])
  expect(unreadable.every((one) => one.externalId === null)).toBe(true)
  expect(unreadable.map((one) => [(one.raw as { file: string }).file, one.reason])).toEqual([
    ['gone-host.lab.example.org', expect.stringContaining('No route to host')],
    ['half-01.lab.example.org', expect.stringContaining('breaks off')],
    ['inventory.json', expect.stringContaining('not the facts of a host')],
    ['list.lab.example.org', expect.stringContaining('not the facts of a host')],
    ['nameless.lab.example.org', expect.stringContaining('cannot be told from others')],
    ['never-written.lab.example.org', expect.stringContaining('empty')],
    ['no-python.lab.example.org', expect.stringContaining('failed to execute')],
    ['notes.txt', expect.stringContaining('not JSON')],
  ])
})

it('shows nothing of the environment when it sets facts aside', async () => {
  const { ansible_facts: facts } = JSON.parse(await readFile(aHost, 'utf8')) as { ansible_facts: object }
  const broken = { ...facts, ansible_memtotal_mb: {}, ansible_env: { DB_PASSWORD: 'hunter2' } }
  await writeFile(join(lab, 'web-01'), JSON.stringify({ ansible_facts: broken }))
  const { unreadable } = await listed()
  expect(unreadable).toMatchObject([
    { externalId: 'uuid:74c0e22e-5687-4733-add6-a43a4afaa482', raw: { ansible_hostname: 'web-01' } },
  ])
  expect(JSON.stringify(unreadable)).not.toContain('hunter2')
})

it('refuses a file that no facts could fill, and reads the rest', async () => {
  await writeFile(join(lab, 'huge'), Buffer.alloc(5 * 1024 ** 2 + 1, ' '))
  await copyFile(aHost, join(lab, 'web-01'))
  const { names, unreadable } = await listed()
  expect(names).toEqual(['web-01'])
  expect(unreadable).toMatchObject([
    { externalId: null, reason: expect.stringContaining('larger than 5 MiB') },
  ])
})

it('reads clones as two hosts, and one host under two names once', async () => {
  await cp(join(samples, 'clones'), lab, { recursive: true })
  await copyFile(join(samples, 'clones/app-07.lab.example.org'), join(lab, 'zz-alias'))
  const { names, unreadable } = await listed()
  expect(names).toEqual(['app-07.lab.example.org', 'app-08.lab.example.org'])
  expect(unreadable).toMatchObject([
    {
      externalId: 'uuid:5abf5dbc-d09f-40d7-ad7f-27f9091c30ea',
      reason: expect.stringContaining('"app-07.lab.example.org"'),
    },
  ])
})

it('reads uploaded files, together with a folder or alone', async () => {
  await copyFile(aHost, join(lab, 'web-01'))
  const uploads = [await upload('b.json', hostNumber(2)), await upload('a.json', hostNumber(1))]
  expect((await listed({ uploads })).names).toEqual(['web-01', 'a', 'b'])
  const alone = { uploads, settings: {}, config: {} as Config }
  expect((await listed(alone)).names).toEqual(['a', 'b'])
  expect(await ansible.identify(context(alone))).toEqual({ account: 'ansible', name: '2 uploaded files' })
  const lost = { ...alone, uploads: [...uploads, { name: 'c.json', path: 'uploads/lost' }] }
  expect((await listed(lost)).unreadable).toMatchObject([
    { externalId: null, reason: expect.stringContaining('disappeared') },
  ])
})

it.each([['..'], ['../'], ['lab/../../'], ['/etc'], ['lab/out'], ['out']])(
  'refuses the folder %s outside of the import folder',
  async (folder) => {
    await symlink('/etc', join(imports, 'out'))
    await symlink('/etc', join(lab, 'out'))
    for (const action of [
      () => ansible.identify(context({ settings: { folder } })),
      () => listed({ settings: { folder } }),
    ])
      await expect(action()).rejects.toMatchObject({ code: 'FOLDER_OUTSIDE' })
  },
)

it('refuses a sibling whose name begins like the import folder', async () => {
  await mkdir(`${imports}-secret`)
  const folder = `../${imports.split('/').at(-1)}-secret`
  await expect(listed({ settings: { folder } })).rejects.toMatchObject({ code: 'FOLDER_OUTSIDE' })
})

it('does not follow a link of a file out of the import folder, nor wait for a pipe', async () => {
  await symlink(aHost, join(lab, 'link-out'))
  await writeFile(join(imports, 'shared'), hostNumber(1))
  await symlink('../shared', join(lab, 'link-within'))
  execFileSync('mkfifo', [join(imports, 'pipe')])
  await symlink('../pipe', join(lab, 'link-to-pipe'))
  const { names, unreadable } = await listed()
  expect(names).toEqual(['link-within'])
  expect(unreadable.map((one) => one.reason)).toEqual([
    expect.stringContaining('leads out of the import folder'),
    expect.stringContaining('not a file'),
  ])
})

it.each([
  ['nowhere', { settings: { folder: 'nowhere' } }, 'FOLDER_UNREADABLE'],
  ['a file', { settings: { folder: 'file' } }, 'FOLDER_UNREADABLE'],
  ['an impossible name', { settings: { folder: 'a\0b' } }, 'FOLDER_UNREADABLE'],
  ['an empty folder', {}, 'NO_FILES'],
  ['no import folder', { config: {} as Config }, 'IMPORT_DIR_UNSET'],
  ['nothing', { settings: { folder: ' ' } }, 'NOTHING_TO_READ'],
])('says what is wrong with %s, and lists nothing', async (_, over, code) => {
  await writeFile(join(imports, 'file'), '')
  await expect(listed(over)).rejects.toMatchObject({ code, remedy: expect.any(String) })
  await expect(ansible.identify(context(over))).rejects.toMatchObject({ code })
  expect(await ansible.check(context(over))).toMatchObject([{ ok: false, problem: { code } }])
})

it('breaks off when the folder goes while it is read', async () => {
  for (let number = 0; number < 150; number++)
    await writeFile(join(lab, `host-${number}`), hostNumber(number))
  const pages = ansible.list(context(), ansible.resources[0]!, null)[Symbol.asyncIterator]()
  await pages.next()
  await rename(lab, `${lab}-gone`)
  await expect(pages.next()).rejects.toMatchObject({ code: 'FOLDER_UNREADABLE' })
})

it('stops between two files when it is cancelled', async () => {
  for (let number = 0; number < 10; number++) await writeFile(join(lab, `host-${number}`), hostNumber(number))
  const cancelling = new AbortController()
  let calls = 0
  const turn = () => Promise.resolve(void (++calls === 3 && cancelling.abort()))
  await expect(listed({ signal: cancelling.signal, turn })).rejects.toThrow()
  expect(calls).toBe(3)
})

it('checks the folder and looks for a host among the first files', async () => {
  await copyFile(join(samples, 'bad/gone-host.lab.example.org'), join(lab, 'aa-gone'))
  expect(await ansible.check(context())).toMatchObject([
    { ok: true },
    { ok: false, problem: { code: 'NOT_FACTS' } },
  ])
  await copyFile(aHost, join(lab, 'web-01'))
  expect(await ansible.check(context())).toMatchObject([{ ok: true }, { ok: true }])
})

it('reads the true facts of this machine, twice the same', async () => {
  const { command, args, env } = await ansibleTool()
  const gather = () =>
    run(command, [...args, 'localhost', '-i', 'localhost,', '-c', 'local', '-m', 'setup', '--tree', lab], {
      env: { ...process.env, ...env, ANSIBLE_HOME: home, ANSIBLE_LOCAL_TEMP: join(home, 'ansible') },
    })
  await gather()
  const first = await listed()
  await gather()
  const second = await listed()
  expect(first.unreadable).toEqual([])
  expect(first.observations).toHaveLength(1)
  expect(first.observations[0]!.externalId).toMatch(/^(uuid|machine|mac):/)
  expect(first.observations[0]!.values).toMatchObject({
    osBase: 'Linux',
    hostname: expect.any(String),
    osKernel: expect.any(String),
    memoryGiB: expect.any(Number),
    cpu: expect.any(Number),
  })
  expect(JSON.stringify(second.observations)).toBe(JSON.stringify(first.observations))
}, 300_000)
