import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { perform, type Call } from './actions.ts'
import { Control } from './control.ts'
import { answerControl } from './controlDoor.ts'
import { Fault, renderFault } from './fault.ts'
import type { Reply, Service } from './service.ts'
import { services } from './services.ts'
import { readScope, verify } from './signature.ts'
import { World, type EmulatorOptions } from './world.ts'

export interface AwsEmulator {
  url: string
  control: Control
  close(): Promise<void>
}

/** Speaks for every service of AWS on one endpoint, well enough for its SDK with paginators, signatures and retries. */
export async function startAwsEmulator(options: EmulatorOptions = {}): Promise<AwsEmulator> {
  const world = new World(options)
  const control = new Control(world)
  const server = createServer((request, response) => {
    response.sendDate = false
    answer(world, control, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
      if (!request.destroyed) console.error('The AWS emulator failed:', error)
    })
  })
  // Longer than any client keeps a connection, so that a reset is always a fault that was asked for.
  server.keepAliveTimeout = 120_000
  const host = options.host ?? '127.0.0.1'
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, () => resolve())
  })
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
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
  const scope = readScope(request)
  const url = new URL(request.url ?? '/', 'http://localhost')
  const params = request.method === 'GET' ? url.searchParams : new URLSearchParams(body.toString())
  const region = scope?.region ?? ''
  const service = scope?.service ?? (params.get('Version') === '2011-06-15' ? 'sts' : 'ec2')
  const requestId = randomUUID()
  const target = String(request.headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1)
  world.count(params.get('Action') ?? (target || `${request.method} ${url.pathname}`), region)
  if (service !== 'sts' && world.faults.of(region).down) return request.socket.resetAndDestroy()
  const other = services[service]
  const reply: Partial<Reply> = {}
  try {
    if (service !== 'sts') world.faults.throttle(region)
    const account = scope ? world.accounts.get(scope.accessKeyId) : undefined
    verify(request, body, scope, account, world.now(), world.knownRegions)
    const { method = 'GET', headers } = request
    const asked = { method, path: url.pathname, query: url.searchParams, headers, body }
    const call: Call = { world, account, region, service, params, requestId, cut: false, ...asked }
    const [head, rest] = other ? await answerOf(other, call, reply) : await perform(call)
    sendHead(world, response, 200, requestId, Buffer.byteLength(head) + rest.length, reply)
    if (!call.cut) {
      response.cork()
      response.write(head)
      response.end(rest)
      response.uncork()
      return
    }
    response.write(head)
    response.write(rest.subarray(0, rest.length / 2), () => request.socket.resetAndDestroy())
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const refusal = other?.refuse(error, { requestId, params })
    const text = refusal?.body ?? renderFault(service, error, requestId)
    sendHead(world, response, refusal?.status ?? error.status, requestId, Buffer.byteLength(text), refusal)
    response.end(text)
  }
}

async function answerOf(service: Service, call: Call, reply: Partial<Reply>): Promise<[string, Buffer]> {
  Object.assign(reply, await service.answer(call))
  return ['', Buffer.from(reply.body!)]
}

function sendHead(
  world: World,
  response: ServerResponse,
  status: number,
  requestId: string,
  length: number,
  { contentType = 'text/xml;charset=UTF-8', headers = {} }: Partial<Reply> = {},
): void {
  response.writeHead(status, {
    'content-type': contentType,
    ...headers,
    'content-length': length,
    'x-amzn-requestid': requestId,
    ...(world.sendDate ? { date: new Date(world.now()).toUTCString() } : {}),
  })
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
