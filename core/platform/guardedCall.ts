import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BadInput } from './errors.ts'
import { type Aim, assertAimable, guardedAgents } from './outbound.ts'

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Record<string, string>
  body?: string
  signal: AbortSignal
  /** How long nothing may happen. */
  timeoutMs: number
  maxBytes: number
  /** Answers the first of the bytes where there are more; they are a fault otherwise. */
  cut?: boolean
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** There was more of it. */
  isCut: boolean
}

const maxRedirects = 5
const redirects = [301, 302, 303, 307, 308]

/**
 * Calls an address that a person has chosen, and answers whatever comes back; every address on the way is checked. Redirects
 * are followed on the same host alone, as keys travel with a call, and never from https to http.
 *
 * @throws BadInput when it leads to where no call may go; else the error of the network
 */
export async function guardedCall(aim: Aim, url: string, call: Call): Promise<Answer> {
  let target = url
  for (let hop = 0; hop <= maxRedirects; hop++) {
    assertAimable(aim, target)
    const answer = await callOnce(aim, new URL(target), call)
    const { location } = answer.headers
    if (!redirects.includes(answer.status) || !location) return answer
    target = redirected(target, location)
  }
  throw new BadInput(`${new URL(url).host} redirects again and again. Name the address that it leads to.`)
}

function redirected(from: string, location: string): string {
  if (!URL.canParse(location, from)) throw new BadInput(`${new URL(from).host} redirects to no address.`)
  const [here, there] = [new URL(from), new URL(location, from)]
  const safe = there.protocol === here.protocol || there.protocol === 'https:'
  if (there.hostname !== here.hostname || !safe)
    throw new BadInput(
      `${here.host} redirects to ${there.protocol}//${there.host}, where keys are not taken. Name that address if it is right.`,
    )
  return there.href
}

const agents = new WeakMap<Aim, ReturnType<typeof guardedAgents>>()

function agentsOf(aim: Aim) {
  const made = agents.get(aim) ?? guardedAgents(aim)
  agents.set(aim, made)
  return made
}

async function callOnce(aim: Aim, url: URL, call: Call): Promise<Answer> {
  const { httpAgent, httpsAgent } = agentsOf(aim)
  const options = {
    method: call.method ?? 'GET',
    headers: {
      ...call.headers,
      ...(call.body !== undefined && { 'content-length': String(Buffer.byteLength(call.body)) }),
    },
    signal: call.signal,
    timeout: call.timeoutMs,
  }
  return new Promise((resolve, reject) => {
    const receive = (response: IncomingMessage) => read(response, call).then(resolve, reject)
    const request: ClientRequest =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, agent: httpsAgent }, (response) => void receive(response))
        : httpRequest(url, { ...options, agent: httpAgent }, (response) => void receive(response))
    request.on('timeout', () => request.destroy(new DOMException('No answer in time', 'TimeoutError')))
    request.on('error', reject)
    request.end(call.body)
  })
}

async function read(response: IncomingMessage, { maxBytes, cut }: Call): Promise<Answer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes && cut) {
      chunks.push(chunk.subarray(0, chunk.length - (size - maxBytes)))
      break
    }
    if (size > maxBytes)
      throw Object.assign(new Error(`The answer is longer than ${maxBytes / 2 ** 20} MiB`), {
        code: 'TOO_LONG',
      })
    chunks.push(chunk)
  }
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: Buffer.concat(chunks).toString(),
    isCut: size > maxBytes,
  }
}
