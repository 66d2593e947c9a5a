import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, processesWith, startMaestro } from './testing/startedMaestro.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-start-'))
const dataDir = join(folder, 'data')

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function answers(url: string): Promise<boolean> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{__typename}"}',
  }).catch(() => undefined)
  return response?.ok ?? false
}

describe('a started Maestro', { timeout: 90_000 }, () => {
  let first: ReturnType<typeof startMaestro>
  let port: number
  let url: string

  beforeAll(async () => {
    port = await freePort()
    first = startMaestro(['--port', String(port), '--data', dataDir])
    url = await first.ready()
  }, 90_000)

  afterAll(async () => {
    first.child.kill('SIGKILL')
    await first.ended
  })

  it('prints one URL, which answers', async () => {
    expect(url).toBe(`http://127.0.0.1:${port}`)
    expect(await answers(url)).toBe(true)
  })

  it('keeps its secrets to its own user', () => {
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600)
    expect(statSync(join(dataDir, 'run/mongo.sock')).mode & 0o077).toBe(0)
    expect(statSync(join(dataDir, 'run/redis.sock')).mode & 0o077).toBe(0)
  })

  it('refuses a second start on the same data and goes on', async () => {
    const second = startMaestro(['--port', String(await freePort()), '--data', dataDir])
    expect(await second.ended).toBe(1)
    expect(second.said).toContain('already running')
    expect(second.said).toContain('--data')
    expect(await answers(url)).toBe(true)
  })

  it('starts the API and the engine again when they die', async () => {
    const [api] = processesWith('dist/api/main.js').filter((pid) => processesWith(dataDir).includes(pid))
    const [engine] = processesWith(join(dataDir, 'mongo')).filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('mongo.sock'),
    )
    process.kill(api!, 'SIGKILL')
    process.kill(engine!, 'SIGKILL')
    await expect.poll(() => first.said, { timeout: 10_000 }).toMatch(/API ended by itself/)
    expect(first.said).toMatch(/database engine ended by itself/)
    await expect.poll(() => answers(url), { timeout: 30_000 }).toBe(true)
  })

  it('stops on Ctrl-C and leaves no process and no socket', async () => {
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    expect(processesWith(dataDir)).toEqual([])
    expect(await answers(url)).toBe(false)
  })

  it('starts again on its data, and leaves no process when it is killed', async () => {
    const secrets = readFileSync(join(dataDir, 'secrets.json'), 'utf8')
    const again = startMaestro(['--port', String(port), '--data', dataDir])
    await again.ready()
    expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toBe(secrets)
    again.child.kill('SIGKILL')
    await again.ended
    await expect.poll(() => processesWith(dataDir), { timeout: 30_000 }).toEqual([])
  })
})

describe('a start that cannot be', { timeout: 30_000 }, () => {
  async function refusal(args: string[], env?: NodeJS.ProcessEnv) {
    const attempt = startMaestro(args, env)
    expect(await attempt.ended).toBe(1)
    expect(attempt.said).not.toMatch(/\n {4}at /)
    expect(processesWith(folder)).toEqual([])
    return attempt.said
  }

  it('names a port in use, and the way out', async () => {
    const other = createServer((_, response) => response.end('mine'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    const said = await refusal(['--port', String(port), '--data', join(folder, 'port')])
    expect(said).toContain(`Port ${port}`)
    expect(said).toContain('--port')
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('mine')
    other.close()
  })

  it('names a data folder that cannot be written', async () => {
    writeFileSync(join(folder, 'file'), 'a file')
    const said = await refusal(['--port', '0', '--data', join(folder, 'file/data')])
    expect(said).toContain('cannot be written')
    expect(said).toContain('--data')
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('a file')
  })

  it('names what is missing where the distribution cannot give it', async () => {
    const said = await refusal(['--port', '0', '--data', join(folder, 'bare')], {
      PATH: '/nowhere',
      TOOLS_DIR: join(folder, 'tools'),
    })
    expect(said).toMatch(/(REDIS_URL|MONGODB_URI)/)
    expect(said).toContain('docker compose up')
  })

  it('refuses new secrets beside data that needs the old ones', async () => {
    rmSync(join(dataDir, 'secrets.json'))
    expect(await refusal(['--port', '0', '--data', dataDir])).toContain('secrets.json is missing')
  })

  it.each([[['--port', 'many']], [['--colour', 'red']]])('refuses %j', async (args) => {
    expect(await refusal(args)).toContain('Nothing was started')
  })
})
