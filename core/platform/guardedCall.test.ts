import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import type { Config } from './config.ts'
import { BadInput } from './errors.ts'
import { type Call, guardedCall } from './guardedCall.ts'

const trial = { ALLOW_LOOPBACK_ENDPOINTS: true } as Config
const strict = { ALLOW_LOOPBACK_ENDPOINTS: false } as Config
const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const call = (url: string, more: Partial<Call> = {}, config = trial) =>
  guardedCall(config, url, {
    signal: new AbortController().signal,
    timeoutMs: 5_000,
    maxBytes: 1_000,
    ...more,
  })

it('sends what it is given, and answers whatever comes back', async () => {
  const url = await serve((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(418, { 'x-said': String(request.headers['x-key']) })
      response.end(`${request.method} ${Buffer.concat(chunks).toString()}`)
    })
  })
  const answer = await call(url, { method: 'POST', headers: { 'x-key': 'a' }, body: 'grüße' })
  expect(answer).toMatchObject({ status: 418, text: 'POST grüße', headers: { 'x-said': 'a' } })
})

it('follows redirects on the same host, with the same call', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/old') response.writeHead(307, { location: '/new' }).end()
    else response.end(`${request.method} ${request.url} ${String(request.headers['x-key'])}`)
  })
  const answer = await call(`${url}/old`, { method: 'POST', headers: { 'x-key': 'a' }, body: 'b' })
  expect(answer).toMatchObject({ status: 200, text: 'POST /new a' })
})

it.each([
  'http://169.254.169.254/',
  'http://other.example.org/',
  'file:///etc/passwd',
  '//[::ffff:7f00:1]:1/',
  'http://',
])('takes no key along to %s', async (location) => {
  const url = await serve((_, response) => void response.writeHead(302, { location }).end())
  await expect(call(url)).rejects.toThrow(BadInput)
})

it('ends a circle of redirects', async () => {
  let calls = 0
  const url = await serve((_, response) => {
    calls++
    response.writeHead(302, { location: '/again' }).end()
  })
  await expect(call(url)).rejects.toThrow(BadInput)
  expect(calls).toBe(6)
})

it('goes to this machine only where that is allowed, by its name neither', async () => {
  const url = await serve((_, response) => response.end('here'))
  expect((await call(url)).text).toBe('here')
  await expect(call(url, {}, strict)).rejects.toThrow(BadInput)
  await expect(call(url.replace('127.0.0.1', 'localhost'), {}, strict)).rejects.toThrow(BadInput)
})

it('gives up on what is silent, too long, broken off or no longer wanted', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/long') response.end('x'.repeat(2_000))
    if (request.url === '/broken') {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half', () => request.socket.resetAndDestroy())
    }
  })
  await expect(call(`${url}/silent`, { timeoutMs: 100 })).rejects.toMatchObject({ name: 'TimeoutError' })
  await expect(call(`${url}/long`)).rejects.toMatchObject({ code: 'TOO_LONG' })
  await expect(call(`${url}/broken`)).rejects.toMatchObject({ code: 'ECONNRESET' })
  await expect(call(`${url}/silent`, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    name: 'AbortError',
  })
})
