import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, inject, it } from 'vitest'

const started: ReturnType<typeof spawn>[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** The compiled process, as it runs in production. */
function start(settings: Record<string, string>) {
  const child = spawn(process.execPath, ['dist/api/main.js'], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', ...settings },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  started.push(child)
  let said = ''
  child.stderr!.on('data', (part) => (said += part))
  const ready = new Promise<{ url: string }>((resolve) =>
    child.once('message', (message) => resolve(message as never)),
  )
  const ended = new Promise<{ code: number | null; said: string }>((resolve) =>
    // Once the channel is cut, Node does not tell "close".
    child.once('exit', (code) => setTimeout(() => resolve({ code, said }), 50)),
  )
  return { child, ready, ended }
}

const good = () => ({
  MONGODB_URI: inject('mongoUri'),
  MONGODB_DATABASE: 'test-api-main',
  REDIS_URL: inject('redisUrl'),
  PORT: '0',
  SESSION_SECRET: randomBytes(32).toString('hex'),
  SECRETS_KEY: randomBytes(32).toString('base64'),
})

describe('the API process', () => {
  it.each(['SIGTERM', 'SIGINT', 'disconnect'] as const)(
    'says when it is ready, and ends on %s',
    async (end) => {
      const { child, ready, ended } = start(good())
      const { url } = await ready
      expect((await fetch(`${url}/health`)).status).toBe(200)
      if (end === 'disconnect') child.disconnect()
      else child.kill(end)
      // Stopping that takes longer than a few seconds is cut off with another code.
      expect(await ended).toMatchObject({ code: 0 })
    },
  )

  it('names every fault of its configuration at once', async () => {
    const { code, said } = await start({ PORT: 'http', SECRETS_KEY: 'short' }).ended
    expect(code).toBe(1)
    for (const name of ['MONGODB_URI', 'REDIS_URL', 'SESSION_SECRET', 'SECRETS_KEY', 'PORT'])
      expect(said).toContain(name)
    expect(said).toMatch(/^The configuration cannot be used:\n/)
    expect(said.trim().split('\n')).toHaveLength(6)
  })

  it('will not be protected by a secret from the examples', async () => {
    const { code, said } = await start({ ...good(), SESSION_SECRET: `change-me-${'x'.repeat(40)}` }).ended
    expect(code).toBe(1)
    expect(said).toMatch(/SESSION_SECRET.*example/)
  })

  it('leaves a program alone that has its port', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const { code, said } = await start({ ...good(), PORT: String(port) }).ended
    expect(code).toBe(1)
    expect(said).toMatch(new RegExp(`^Port ${port} .*in use.*PORT`))
    expect(other.listening).toBe(true)
    other.close()
  })

  it.each([
    [
      'MONGODB_URI',
      'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300',
      /^The database cannot be reached.*MONGODB_URI/,
    ],
    ['MONGODB_URI', 'postgres://localhost', /^MONGODB_URI/],
    ['REDIS_URL', 'unix:///nowhere/redis.sock', /^Redis cannot be reached.*REDIS_URL/],
  ])('says that it cannot use %s when that is %s', async (name, value, sentence) => {
    const { code, said } = await start({ ...good(), [name]: value }).ended
    expect(code).toBe(1)
    expect(said).toMatch(sentence)
    expect(said.trim().split('\n')).toHaveLength(1)
  })
})
