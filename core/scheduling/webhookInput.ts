import { BadInput, type Fault, UserFault } from '../platform/errors.ts'
import { assertAimable } from '../platform/outbound.ts'
import { seal } from '../platform/secrets.ts'
import type { Session } from '../platform/session.ts'
import { webhookAim } from './sendMessage.ts'
import { isStrong } from './signature.ts'
import { checkTemplate } from './template.ts'
import type { StoredHeader, Webhook, WebhookMethod } from './webhook.ts'

export interface HeaderInput {
  name: string
  /** Left out of a secret header, it stays as it is. */
  value?: string | null
  secret?: boolean | null
}

export interface WebhookInput {
  name?: string | null
  url?: string | null
  method?: WebhookMethod | null
  headers?: HeaderInput[] | null
  /** Empty for the standard one. */
  body?: string | null
  secret?: string | null
  enabled?: boolean | null
}

const maxNameLength = 255
const maxUrlLength = 2000
const maxHeaders = 20
const maxHeaderLength = 4000
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/
/** Said by Maestro or by the connection itself. */
const ownHeaders = ['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'expect', 'te']
/** These hold keys, whatever is said of them. */
const alwaysSecret = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'x-auth-token']

/** What is wrong with it, by field. */
export function faultsIn(session: Session, input: WebhookInput, current: Webhook | null): Fault[] {
  const faults: Fault[] = []
  const add = (code: Fault['code'], field: string, message: string) =>
    faults.push({ code, field: [field], message })
  const name = input.name?.trim() ?? ''
  if (!name) add('REQUIRED', 'name', 'A name is needed.')
  if (name.length > maxNameLength) add('TOO_LONG', 'name', `A name may have ${maxNameLength} characters.`)
  const url = input.url?.trim() ?? ''
  if (!url) add('REQUIRED', 'url', 'An address is needed, such as https://hooks.example.com/maestro.')
  else if (url.length > maxUrlLength)
    add('TOO_LONG', 'url', `An address may have ${maxUrlLength} characters.`)
  else collect(() => assertAimable(webhookAim(session.core.config), url), 'url', faults)
  if (URL.canParse(url) && (new URL(url).username || new URL(url).password))
    add('INVALID', 'url', 'Give name and password in an Authorization header, not in the address.')
  if (input.secret && !isStrong(input.secret))
    add('INVALID', 'secret', 'A secret has 24 to 64 bytes, as base64 after whsec_ or as it is.')
  if (input.body) collect(() => checkTemplate(input.body!), 'body', faults)
  faults.push(...headerFaults(input.headers ?? [], current?.headers ?? []))
  return faults
}

function headerFaults(headers: HeaderInput[], stored: StoredHeader[]): Fault[] {
  const invalid = (message: string): Fault => ({ code: 'INVALID', field: ['headers'], message })
  if (headers.length > maxHeaders)
    return [{ code: 'LIMIT_REACHED', field: ['headers'], message: `There may be ${maxHeaders} headers.` }]
  return headers.flatMap(({ name, value }, index) => {
    const key = name.toLowerCase()
    if (!token.test(name)) return invalid(`"${name.slice(0, 60)}" cannot be the name of a header.`)
    if (ownHeaders.includes(key) || key.startsWith('webhook-')) return invalid(`Maestro itself says ${name}.`)
    if (headers.findIndex((one) => one.name.toLowerCase() === key) < index)
      return invalid(`${name} is there twice.`)
    if (value == null && !stored.some((one) => one.sealed && one.name.toLowerCase() === key))
      return invalid(`${name} has no value.`)
    if ((value?.length ?? 0) > maxHeaderLength || unprintable.test(value ?? ''))
      return invalid(`The value of ${name} is too long, or has characters that a header cannot have.`)
    return []
  })
}

/** Headers as they are stored; secret ones sealed, and those without a value taken from what is stored. */
export const headersIn = (session: Session, headers: HeaderInput[], stored: StoredHeader[]): StoredHeader[] =>
  headers.map(({ name, value, secret }) => {
    const before = stored.find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (value == null) return { ...before!, name }
    return secret || alwaysSecret.includes(name.toLowerCase())
      ? { name, value: null, sealed: seal(session.core.config.SECRETS_KEY, value) }
      : { name, value, sealed: null }
  })

function collect(check: () => void, field: string, faults: Fault[]) {
  try {
    check()
  } catch (error) {
    if (error instanceof UserFault) faults.push(...error.faults)
    else if (error instanceof BadInput)
      faults.push({ code: 'INVALID', field: [field], message: error.message })
    else throw error
  }
}
