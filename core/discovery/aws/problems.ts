import { CoreError, Problem } from '../../platform/errors.ts'
import { throttleNames } from './client.ts'

const refused = [
  'AuthFailure',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
]
/** The names that services give to "you may not". */
export const deniedNames = ['UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException']
const expired = [
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'InvalidSignatureException',
]
const away = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'TimeoutError',
  'AbortError',
  'EPIPE',
]

/** What an error of the SDK means to the person who owns the key. */
export function problemOf(error: unknown, region: string | null): Problem {
  if (error instanceof Problem) return error
  if (error instanceof CoreError)
    return new Problem('ENDPOINT_REFUSED', error.message, 'Correct the endpoint.')
  const { name, message, code } = error as Error & { code?: string }
  const where = region ? ` in ${region}` : ''
  const options = { cause: error }
  if (refused.includes(name))
    return new Problem(
      'CREDENTIALS_REFUSED',
      `AWS does not accept this key${where}: ${message}`,
      'Check the access key and the secret; perhaps the key was deleted or switched off.',
      options,
    )
  if (deniedNames.includes(name))
    return new Problem(
      'PERMISSION_MISSING',
      `The key may not do this${where}: ${message}`,
      `Give its user or role ${missingIn(message)}; the managed policy SecurityAudit has all of them but ses:ListEmailIdentities.`,
      options,
    )
  if (expired.includes(name))
    return new Problem(
      'CREDENTIALS_EXPIRED',
      `AWS says that the key or the request has expired${where}: ${message}`,
      'Renew the key if it is a temporary one, and check the clock of this machine.',
      options,
    )
  if (throttleNames.test(name))
    return new Problem(
      'THROTTLED',
      `AWS asked again and again to slow down${where}. What was read until then is saved; nothing was marked missing.`,
      'Sync again later, or ask AWS for a higher request limit.',
      options,
    )
  if (away.includes(code ?? '') || away.includes(name))
    return new Problem(
      'ENDPOINT_AWAY',
      `The endpoint${where} does not answer (${code ?? name}). What was read until then is saved; nothing was marked missing.`,
      'Check the endpoint and the network between here and there, then sync again.',
      options,
    )
  return new Problem(
    'SOURCE_FAILED',
    `AWS answered with an error${where}: ${name}: ${message}. What was read until then is saved; nothing was marked missing.`,
    'Sync again later; if it stays, look the error up in the documentation of the service.',
    options,
  )
}

/** AWS names the permission in the sentence that refuses it. */
const missingIn = (message: string) => {
  const [, permission] = /\bto perform: ([\w-]+:\w+)/.exec(message) ?? []
  return permission ? `the permission ${permission}` : 'the missing permission'
}
