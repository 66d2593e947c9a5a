import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { sourceLines } from './apt.ts'
import { findOnPath } from './command.ts'
import { unpack } from './packages.ts'

const otherwise = 'Set LANTERN instead.'
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const canBuild = ['apt-get', 'dpkg-deb', 'gpg'].every(findOnPath)

/** A repository with one small package, `lantern`, that needs another, `oil`. */
describe.skipIf(!canBuild)('packages from a repository', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-apt-'))
  const repository = join(folder, 'repository')
  const tools = join(folder, 'tools')
  const gpg = (...args: string[]) =>
    execFileSync('gpg', ['--homedir', folder, '--batch', '--yes', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  let server: Server
  let sources: string[]

  beforeAll(async () => {
    vi.stubEnv('TOOLS_DIR', tools)
    gpg('--passphrase', '', '--quick-generate-key', 'tester', 'default', 'default', 'never')
    writeFileSync(join(folder, 'keyring.gpg'), gpg('--export', 'tester'))
    server = createServer((request, response) => {
      const path = join(repository, decodeURIComponent(request.url!))
      if (!existsSync(path)) return void response.writeHead(404).end()
      response.end(readFileSync(path))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    sources = [`deb [signed-by=${folder}/keyring.gpg] http://127.0.0.1:${port} ./`]
    rebuild()
  })

  afterEach(() => {
    rmSync(tools, { recursive: true, force: true })
    rebuild()
  })

  afterAll(() => {
    vi.unstubAllEnvs()
    server.close()
    execFileSync('gpgconf', ['--homedir', folder, '--kill', 'all'])
    rmSync(folder, { recursive: true, force: true })
  })

  function rebuild() {
    rmSync(repository, { recursive: true, force: true })
    mkdirSync(repository)
    const index = [
      make('lantern', 'Depends: oil, tools-for-installing\n'),
      make('oil'),
      make('tools-for-installing'),
    ]
    writeFileSync(join(repository, 'Packages'), index.join('\n'))
    const packages = readFileSync(join(repository, 'Packages'))
    const release = `Origin: tester\nDate: ${new Date().toUTCString()}\nSHA256:\n ${sha256(packages)} ${packages.length} Packages\n`
    writeFileSync(join(repository, 'Release'), release)
    gpg('--clearsign', '--output', join(repository, 'InRelease'), join(repository, 'Release'))
  }

  function make(name: string, more = ''): string {
    const build = join(folder, 'build', name)
    mkdirSync(join(build, 'DEBIAN'), { recursive: true })
    mkdirSync(join(build, 'usr/share'), { recursive: true })
    const control = `Package: ${name}\nVersion: 1.0\nArchitecture: all\nMaintainer: tester <t@example.org>\n${more}Description: ${name}\n`
    writeFileSync(join(build, 'DEBIAN/control'), control)
    writeFileSync(join(build, 'usr/share', name), `this is ${name}\n`)
    const deb = join(repository, `${name}_1.0_all.deb`)
    execFileSync('dpkg-deb', ['--build', '--root-owner-group', build, deb], { stdio: 'ignore' })
    const bytes = readFileSync(deb)
    return `${control}Filename: ./${name}_1.0_all.deb\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n`
  }

  /** Changes bytes that no length gives away. */
  function tamper(file: string, from: string, to: string) {
    const path = join(repository, file)
    const bytes = readFileSync(path)
    const at = bytes.indexOf(from)
    expect(at).toBeGreaterThan(0)
    writeFileSync(
      path,
      Buffer.concat([bytes.subarray(0, at), Buffer.from(to), bytes.subarray(at + to.length)]),
    )
  }

  const lantern = () => unpack('lantern', ['lantern'], { sources, leaveOut: /^tools-for-/, otherwise })

  it('are laid into a folder of their own with what they depend on', async () => {
    const root = await lantern()
    expect(readFileSync(join(root, 'usr/share/lantern'), 'utf8')).toBe('this is lantern\n')
    expect(readdirSync(join(root, 'usr/share')).sort()).toEqual(['lantern', 'oil'])
    expect(readdirSync(tools)).toEqual(['lantern'])
  })

  it('are fetched once, however many ask at the same time', async () => {
    const say = vi.fn()
    const asked = [1, 2, 3].map(() => unpack('lantern', ['lantern'], { sources, otherwise, say }))
    expect(new Set(await Promise.all(asked)).size).toBe(1)
    expect(say).toHaveBeenCalledTimes(1)
  })

  it('are refused when a package is not the one that was signed', async () => {
    tamper('lantern_1.0_all.deb', 'debian-binary', 'debian-BINARY')
    await expect(lantern()).rejects.toThrow(/could not be fetched.*Set LANTERN/)
    expect(readdirSync(tools)).toEqual([])
  })

  it('are refused when the index is not the one that was signed', async () => {
    tamper('InRelease', 'Origin: tester', 'Origin: tempter')
    await expect(lantern()).rejects.toThrow(/not signed|signature|BADSIG/i)
    expect(readdirSync(tools)).toEqual([])
  })

  it('are refused when nobody signed them', async () => {
    rmSync(join(repository, 'InRelease'))
    await expect(lantern()).rejects.toThrow(/not signed|no longer signed|Release file/i)
    expect(readdirSync(tools)).toEqual([])
  })

  it('are refused when somebody else signed them', async () => {
    const keyring = '/usr/share/keyrings/nobody.gpg'
    const other = sources.map((line) => line.replace(`${folder}/keyring.gpg`, keyring))
    await expect(unpack('lantern', ['lantern'], { sources: other, otherwise })).rejects.toThrow(
      /could not be fetched/,
    )
    expect(readdirSync(tools)).toEqual([])
  })
})

describe('the source lines', () => {
  const repositories = [
    { uri: 'http://mirror.example/debian', suite: 'bookworm' },
    { uri: 'http://mirror.example/debian', suite: 'bookworm-updates' },
    { uri: 'http://mirror.example/security', suite: 'bookworm-security' },
    { uri: 'http://elsewhere.example/node', suite: 'nodistro' },
    { uri: 'http://elsewhere.example/extra', suite: 'bookworm-extra' },
  ]
  const suites = (lines: string[]) => lines.map((line) => line.split(' ').at(-2))

  it('name the mirrors of the distribution and nobody else', () => {
    const lines = sourceLines(repositories, { id: 'debian', codename: 'bookworm' })
    expect(suites(lines)).toEqual(['bookworm', 'bookworm-updates', 'bookworm-security'])
    for (const line of lines)
      expect(line).toContain('signed-by=/usr/share/keyrings/debian-archive-keyring.gpg')
  })

  it('name another release of the same distribution', () => {
    const lines = sourceLines(repositories, { id: 'debian', codename: 'bookworm' }, 'trixie')
    expect(suites(lines)).toEqual(['trixie', 'trixie-updates', 'trixie-security'])
  })

  it('are none where the system does not say what it is', () => {
    expect(sourceLines(repositories, { id: '', codename: '' })).toEqual([])
  })
})
