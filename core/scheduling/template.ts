import { fault } from '../platform/errors.ts'

/** What a message tells; the names are those that a template may use. */
export interface Message {
  id: string
  type: string
  timestamp: string
  webhook: string
  data: unknown
}

const known: readonly (keyof Message)[] = ['id', 'type', 'timestamp', 'webhook', 'data']
const place = /\{\{\s*([^{}]*?)\s*\}\}/g
const maxLength = 20_000

/** @throws UserFault when it is not JSON, or names what no message has */
export function checkTemplate(template: string): void {
  if (template.length > maxLength) throw fault('TOO_LONG', 'body', `A body may have ${maxLength} characters.`)
  let parsed: unknown
  try {
    parsed = JSON.parse(template)
  } catch (error) {
    throw fault('INVALID', 'body', `This is not JSON: ${(error as Error).message}.`)
  }
  fill(parsed, (path) => {
    const [root, ...rest] = path.split('.')
    if (!known.includes(root as keyof Message) || (root !== 'data' && rest.length))
      throw fault(
        'INVALID',
        'body',
        `No message has "${path.slice(0, 60)}". There are ${known.join(', ')}, and what is in data, such as data.name.`,
      )
    return null
  })
}

/**
 * The body that is sent: the template with its places filled, or `{type, timestamp, data}`. A text that is nothing but one
 * place becomes the value itself; what the data does not have is null there, and nothing within a longer text.
 */
export function renderBody(template: string | null, message: Message): string {
  const { type, timestamp, data } = message
  if (template === null) return JSON.stringify({ type, timestamp, data })
  return JSON.stringify(fill(JSON.parse(template), (path) => valueAt(message, path.split('.'))))
}

function fill(value: unknown, read: (path: string) => unknown): unknown {
  if (typeof value === 'string') return fillText(value, read)
  if (Array.isArray(value)) return value.map((one) => fill(one, read))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one, read)]))
}

function fillText(text: string, read: (path: string) => unknown): unknown {
  const [whole] = text.matchAll(place)
  if (whole && whole[0] === text) return read(whole[1]!) ?? null
  return text.replace(place, (_, path: string) => {
    const value = read(path) ?? ''
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
}

function valueAt(value: unknown, path: string[]): unknown {
  const [name, ...rest] = path
  if (name === undefined) return value
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined
  return valueAt((value as Record<string, unknown>)[name], rest)
}
