import type { Answer } from '../../platform/guardedCall.ts'
import { CoreError, Problem } from '../../platform/errors.ts'

/** What was asked, for sentences: "the compute (Nova) service in RegionOne". */
export type Where = string

const kept = 'What was read until then is saved; nothing was marked missing.'
const again = 'Sync again later; if it stays so, ask the operators of the cloud.'

/** What an answer that is no good means to the person who owns the key. */
export function refusalOf(answer: Answer, where: Where): Problem {
  const said = messageIn(answer)
  const { status } = answer
  if (status === 401)
    return new Problem(
      'CREDENTIALS_REFUSED',
      `OpenStack does not accept these credentials (${where}): ${said}`,
      'Check user, password, project and domains, or the application credential; perhaps it was deleted or has expired.',
    )
  if (status === 403)
    return new Problem(
      'PERMISSION_MISSING',
      `The credentials may not do this (${where}): ${said}`,
      'Give the user the role reader in the project; for load balancers, load-balancer_observer.',
    )
  if (isBusy(answer))
    return new Problem(
      'THROTTLED',
      `OpenStack asked again and again to slow down (${where}). ${kept}`,
      'Sync again later, or ask the operators of the cloud for a higher limit.',
    )
  if (status === 404)
    return new Problem(
      'NOT_FOUND',
      `There is nothing under this address (${where}): ${said} ${kept}`,
      'Check the address of the identity service; if it is right, the address in the catalogue of the cloud is wrong.',
    )
  return new Problem('SOURCE_FAILED', `OpenStack answered with an error (${where}): ${said} ${kept}`, again)
}

/** The source asks to come back later. Old releases of Nova say so with 413. */
export const isBusy = ({ status, headers }: Answer) =>
  status === 429 || ((status === 503 || status === 413) && headers['retry-after'] !== undefined)

export const unreadableAnswer = (where: Where, what: string): Problem =>
  new Problem(
    'ANSWER_UNREADABLE',
    `${sentence(where)} gave an answer that cannot be read: ${what} ${kept}`,
    again,
  )

export const endlessListing = (where: Where): Problem =>
  new Problem(
    'LISTING_LOOPS',
    `${sentence(where)} gave the same page of its listing again, so the listing has no end. ${kept}`,
    again,
  )

const sentence = (where: Where) => where[0]!.toUpperCase() + where.slice(1)

const certificates = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT_)/

/** What an error of the network means; what is a problem already stays as it is. */
export function problemOf(error: unknown, where: Where): Problem {
  if (error instanceof Problem) return error
  if (error instanceof CoreError)
    return new Problem(
      'ENDPOINT_REFUSED',
      error.message,
      'Correct the address of the identity service, or the address in the catalogue of the cloud.',
    )
  const { name, message, code = name } = error as Error & { code?: string }
  const options = { cause: error }
  if (certificates.test(code))
    return new Problem(
      'CERTIFICATE_REFUSED',
      `The certificate cannot be trusted (${where}): ${message}.`,
      'Let the operators of the cloud renew it. If their own authority has signed it, start Maestro with NODE_EXTRA_CA_CERTS naming the certificate of that authority.',
      options,
    )
  if (code === 'TOO_LONG') return unreadableAnswer(where, `${message}.`)
  return new Problem(
    'ENDPOINT_AWAY',
    `There is no answer (${code}, ${where}). ${kept}`,
    'Check the address and the network between here and there, then sync again.',
    options,
  )
}

const maxMessage = 300

/** Each service has its own way to say what is wrong, and a proxy before it answers in HTML. */
function messageIn({ status, text }: Answer): string {
  const found = spoken(parsed(text)) ?? /<title>([^<]*)<\/title>/i.exec(text)?.[1]
  const short = (found ?? '').replace(/\s+/g, ' ').trim().slice(0, maxMessage)
  return short ? `${status}, ${short.replace(/[.!]?$/, '.')}` : `${status}.`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The first `message` or `faultstring` that is found, at most two levels down. */
function spoken(value: unknown, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null || depth > 2) return undefined
  const { message, faultstring } = value as Record<string, unknown>
  if (typeof message === 'string') return message
  if (typeof faultstring === 'string') return faultstring
  for (const part of Object.values(value)) {
    const found = typeof part === 'string' && depth === 1 ? undefined : spoken(part, depth + 1)
    if (found) return found
  }
  return undefined
}
