import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Control } from './control.ts'
import { answerControl } from './controlDoor.ts'
import { reached } from './faults.ts'
import { signIn } from './keystone.ts'
import { listPage } from './listing.ts'
import { proxyPage, Refusal, renderRefusal } from './refusal.ts'
import { services } from './services.ts'
import { World, type EmulatorOptions } from './world.ts'

export interface OpenStackEmulator {
  /** Address of Keystone. */
  url: string
  control: Control
  close(): Promise<void>
}

/** Speaks Keystone, Nova, Neutron, Cinder, Glance and Octavia on one port, as far as an inventory needs them. */
export async function startOpenStackEmulator(options: EmulatorOptions = {}): Promise<OpenStackEmulator> {
  const world = new World(options)
  const control = new Control(world)
  const server = createServer((request, response) => {
    answer(world, control, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
      if (!request.destroyed) console.error('The OpenStack emulator failed:', error)
    })
  })
  // Longer than any client keeps a connection, so that a reset is always a fault that was asked for.
  server.keepAliveTimeout = 120_000
  const host = options.host ?? '127.0.0.1'
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, () => resolve())
  })
  world.url = `http://${host}:${(server.address() as AddressInfo).port}`
  return {
    url: `${world.url}/identity/v3`,
    control,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(world: World, control: Control, request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request)
  if (request.url?.startsWith('/_control')) return answerControl(control, body, request, response)
  const url = new URL(request.url ?? '/', world.url)
  const [, first = '', second = ''] = url.pathname.split('/')
  const region = first === 'identity' ? '*' : first
  const service = first === 'identity' ? 'identity' : second
  world.count(`${region}/${service}`)
  try {
    if (!(await passes(world, region, service, request, response))) return
    if (service === 'identity') return answerIdentity(world, url, request, body, response)
    answerService(world, region, service, url, request, response)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const [text, type] = renderRefusal(service, error)
    send(response, error.status, text, { 'content-type': type })
  }
}

/** The faults that come before anything is read; false when one of them has answered. */
async function passes(
  world: World,
  region: string,
  service: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const faults = world.faults.of(region, service)
  if (faults.slowMs) await wait(faults.slowMs)
  if (faults.down) {
    request.socket.resetAndDestroy()
    return false
  }
  if (faults.redirectTo) {
    send(response, 302, '', { location: faults.redirectTo })
    return false
  }
  if (faults.busy?.calls) {
    const { calls, status, retryAfter } = faults.busy
    world.faults.set(region, service, { busy: { ...faults.busy, calls: calls - 1 } })
    const [text, type] = renderRefusal(service, new Refusal(status, 'This request was rate-limited.'))
    send(response, status, text, { 'content-type': type, ...(retryAfter && { 'retry-after': retryAfter }) })
    return false
  }
  if (faults.failing?.calls) {
    const { calls, status } = faults.failing
    world.faults.set(region, service, { failing: { calls: calls - 1, status } })
    throw new Refusal(
      status,
      'The server has either erred or is incapable of performing the requested operation.',
    )
  }
  return true
}

function answerIdentity(
  world: World,
  { pathname }: URL,
  { method }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
) {
  if (method !== 'POST' || pathname !== '/identity/v3/auth/tokens')
    throw new Refusal(404, 'Could not find the requested resource.')
  const { token, answer: text } = signIn(world, body.toString())
  send(response, 201, JSON.stringify(text), { 'x-subject-token': token, vary: 'X-Auth-Token' })
}

function answerService(
  world: World,
  region: string,
  service: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const path = url.pathname.slice(`/${region}/${service}`.length)
  const faults = world.faults.of(region, service)
  const emulated = services[service]
  if (!emulated || !world.regionNames.includes(region)) throw new Refusal(404, 'Not Found')
  if (service === 'compute' && path === '/v2.1/') return send(response, 200, JSON.stringify(versions(world)))
  const token = request.headers['x-auth-token']
  if (typeof token !== 'string' || !world.tokens.has(token))
    throw new Refusal(401, 'The request you have made requires authentication.')
  if (faults.forbidden) throw new Refusal(403, "Policy doesn't allow this request to be performed.")
  const list = emulated.list({
    world,
    region,
    path,
    query: url.searchParams,
    headers: request.headers as Record<string, string | undefined>,
  })
  if (!list) throw new Refusal(404, 'The resource could not be found.')
  const page = listPage({
    ...list,
    query: url.searchParams,
    href: `${world.url}${url.pathname}`,
    maxPage: world.maxPage,
    faults,
    markerStatus: emulated.markerStatus,
    ...(emulated.inBody && { inBody: true }),
  })
  if (reached(page.number, faults.failAfterPages)) throw new Refusal(500, 'Unexpected API Error.')
  if (reached(page.number, faults.expireAfterPages)) {
    world.faults.set(region, service, { expireAfterPages: undefined })
    world.tokens.clear()
    throw new Refusal(401, 'The request you have made requires authentication.')
  }
  if (reached(page.number, faults.htmlAfterPages))
    return send(response, 200, proxyPage, { 'content-type': 'text/html' })
  const text = JSON.stringify(page.body)
  if (reached(page.number, faults.truncateAfterPages))
    return send(response, 200, text.slice(0, text.length / 2))
  if (!reached(page.number, faults.cutAfterPages)) return send(response, 200, text)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.write(text.slice(0, text.length / 2), () => request.socket.resetAndDestroy())
}

const versions = ({ computeVersion }: World) => ({
  version: {
    id: 'v2.1',
    status: 'CURRENT',
    version: computeVersion,
    min_version: computeVersion ? '2.1' : '',
    updated: '2013-07-23T11:33:21Z',
    links: [],
  },
})

function send(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'x-openstack-request-id': 'req-emulated',
      ...headers,
    })
    .end(text)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
