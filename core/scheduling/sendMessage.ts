import type { IncomingHttpHeaders } from 'node:http'
import type { Config } from '../platform/config.ts'
import type { Core } from '../platform/core.ts'
import { BadInput } from '../platform/errors.ts'
import { guardedCall } from '../platform/guardedCall.ts'
import type { Aim } from '../platform/outbound.ts'
import { unseal } from '../platform/secrets.ts'
import {
  type Delivery,
  type DeliveryAnswer,
  type DeliveryRequest,
  type HeaderLine,
  messageIdOf,
} from './delivery.ts'
import { signedHeaders } from './signature.ts'
import { renderBody } from './template.ts'
import { hasBody, type Webhook } from './webhook.ts'

export interface DeliveryFault {
  message: string
  /** Trying again would not help. */
  permanent: boolean
  /** How long the other side asks to wait. */
  waitMs: number
}

export interface Call {
  request: DeliveryRequest
  answer: DeliveryAnswer | null
  problem: DeliveryFault | null
}

const silenceMs = 15_000
const keptBytes = 16 * 1024

const aims = new WeakMap<Config, Aim>()

/** Webhooks may be aimed by everybody, so they stay out of private networks unless the operator says otherwise. */
export function webhookAim(config: Config): Aim {
  const aim = aims.get(config) ?? {
    ALLOW_LOOPBACK_ENDPOINTS: config.ALLOW_LOOPBACK_ENDPOINTS,
    privateNetworks: config.ALLOW_PRIVATE_WEBHOOKS,
  }
  aims.set(config, aim)
  return aim
}

/** Calls the webhook once. Whatever happens is answered, not thrown, and without the webhook's secrets. */
export async function sendMessage(
  core: Core,
  webhook: Webhook,
  delivery: Delivery,
  now: Date,
  timeoutMs: number,
): Promise<Call> {
  const { method, url } = webhook
  const id = messageIdOf(delivery)
  const open = (sealed: string) => unseal(core.config.SECRETS_KEY, sealed)
  const body = hasBody(method)
    ? renderBody(webhook.body, {
        id,
        type: delivery.event,
        timestamp: delivery.createdAt.toISOString(),
        webhook: webhook.name,
        data: delivery.data,
      })
    : null
  const fixed = { ...(body !== null && { 'content-type': 'application/json' }), 'user-agent': 'Maestro' }
  const request: DeliveryRequest = { method, url, headers: linesOf(fixed), body }
  try {
    const secret = open(webhook.secret)
    const own = webhook.headers.map(({ name, value, sealed }): [string, string] => [
      name.toLowerCase(),
      sealed ? open(sealed) : (value ?? ''),
    ])
    const signed = signedHeaders(secret, id, body ?? '', now)
    const hidden = webhook.headers.filter(({ sealed }) => sealed).map(({ name }) => name.toLowerCase())
    const headers = { ...fixed, ...Object.fromEntries(own), ...signed }
    request.headers = linesOf(headers, hidden)
    const answer = await guardedCall(webhookAim(core.config), url, {
      method,
      headers,
      ...(body !== null && { body }),
      signal: AbortSignal.timeout(timeoutMs),
      timeoutMs: Math.min(silenceMs, timeoutMs),
      maxBytes: keptBytes,
      cut: true,
    })
    const secrets = [secret, ...own.filter(([name]) => hidden.includes(name)).map(([, value]) => value)]
    const told: DeliveryAnswer = {
      status: answer.status,
      headers: linesOf(answer.headers).map(({ name, value }) => ({
        name,
        value: without(secrets, value ?? ''),
      })),
      body: without(secrets, answer.text),
      bodyCut: answer.isCut,
      durationMs: Date.now() - +now,
    }
    return { request, answer: told, problem: faultOf(answer.status, answer.headers) }
  } catch (error) {
    return { request, answer: null, problem: faultIn(core, error, url) }
  }
}

function linesOf(headers: IncomingHttpHeaders, hidden: string[] = []): HeaderLine[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one) => ({ name, value: hidden.includes(name) ? null : (one ?? '') })),
  )
}

/** The other side may say back what it was told. */
const without = (secrets: string[], text: string) =>
  secrets
    .filter((secret) => secret.length >= 4)
    .reduce((left, secret) => left.replaceAll(secret, '•••'), text)

function faultOf(status: number, headers: IncomingHttpHeaders): DeliveryFault | null {
  if (status >= 200 && status < 300) return null
  const message =
    status === 410
      ? 'The other side says that this address is gone for good (status 410). Give the webhook another one.'
      : `The other side has answered with status ${status}; only one from 200 to 299 means that it took the message.`
  const waitMs = 1000 * Number(headers['retry-after'] ?? 0)
  return { message, permanent: status === 410, waitMs: Number.isFinite(waitMs) ? Math.max(waitMs, 0) : 0 }
}

function faultIn(core: Core, error: unknown, url: string): DeliveryFault {
  const { host } = new URL(url)
  const { code = '', name = '', message = '' } = error as { code?: string; name?: string; message?: string }
  const of = (text: string, permanent = false): DeliveryFault => ({ message: text, permanent, waitMs: 0 })
  if (error instanceof BadInput) return of(message, true)
  if (name === 'TimeoutError' || name === 'AbortError') return of(`${host} did not answer in time.`)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return of(`There is no host ${host}, or its name could not be looked up.`)
  if (code === 'ECONNREFUSED') return of(`Nothing listens at ${host}.`)
  if (code === 'ECONNRESET' || code === 'EPIPE') return of(`${host} has broken off the connection.`)
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
    return of(`The certificate of ${host} is not to be trusted (${code}).`)
  if (/unable to authenticate data|Unsupported state/.test(message))
    return of(
      'Its secrets were sealed with another SECRETS_KEY and cannot be read any more. Set them again.',
      true,
    )
  core.log.warn({ err: error, host }, 'A webhook could not be called')
  return of(`${host} could not be reached${code ? ` (${code})` : ''}.`)
}
