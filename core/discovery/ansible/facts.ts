import { UnreadableFile } from '../files/unreadable.ts'

/** What firmware and Ansible write where they know nothing. */
const nothing = new Set([
  '',
  'na',
  'n/a',
  'none',
  'null',
  'unknown',
  'undefined',
  'empty',
  'not specified',
  'not available',
  'not applicable',
  'not present',
  'not settable',
  'default string',
  'system manufacturer',
  'system product name',
  'to be filled by o.e.m.',
  'o.e.m.',
])

const maxTextLength = 1000

/** Reads facts by name, with or without the prefix "ansible_"; what is absent or means nothing is undefined. */
export class Facts {
  constructor(
    private readonly values: object,
    private readonly path = '',
  ) {}

  /** @throws UnreadableFile, as all readers do, when it is something else */
  text(name: string): string | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string' && typeof value !== 'number') throw this.wrong(name, 'text')
    const text = String(value).trim()
    if (text.length > maxTextLength)
      throw new UnreadableFile(
        `The fact "${this.path}${name}" is longer than ${maxTextLength} characters, so it cannot be right.`,
      )
    return nothing.has(text.toLowerCase()) ? undefined : text
  }

  number(name: string): number | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    if (typeof value === 'string' && nothing.has(value.trim().toLowerCase())) return undefined
    const number = typeof value === 'string' ? Number(value) : value
    if (typeof number !== 'number' || !Number.isFinite(number) || number < 0)
      throw this.wrong(name, 'a number')
    return number
  }

  list(name: string): unknown[] {
    const value = this.value(name)
    if (value === undefined || (typeof value === 'string' && nothing.has(value.toLowerCase()))) return []
    if (!Array.isArray(value)) throw this.wrong(name, 'a list')
    return value
  }

  texts(name: string): string[] {
    return this.list(name).map((each, index) => {
      if (typeof each !== 'string') throw this.wrong(`${name}[${index}]`, 'text', each)
      return each
    })
  }

  /** Facts within a fact. */
  group(name: string): Facts | undefined {
    const value = this.value(name)
    if (value === undefined || (typeof value === 'string' && nothing.has(value.toLowerCase())))
      return undefined
    if (!isObject(value)) throw this.wrong(name, 'a group of facts')
    return new Facts(value, `${this.path}${name}.`)
  }

  /** Facts within a fact, of which there may be one, several or none. */
  groups(name: string): Facts[] {
    const value = this.value(name)
    if (!Array.isArray(value)) return [this.group(name) ?? []].flat()
    return value.map((each: unknown, index) => {
      if (!isObject(each)) throw this.wrong(`${name}[${index}]`, 'a group of facts', each)
      return new Facts(each, `${this.path}${name}[${index}].`)
    })
  }

  names(): string[] {
    return Object.keys(this.values)
  }

  isGroup(name: string): boolean {
    return isObject(this.value(name))
  }

  private value(name: string): unknown {
    for (const key of [`ansible_${name}`, name])
      if (Object.hasOwn(this.values, key)) return (this.values as Record<string, unknown>)[key] ?? undefined
    return undefined
  }

  private wrong(name: string, expected: string, value = this.value(name)): UnreadableFile {
    return new UnreadableFile(
      `The fact "${this.path}${name}" is ${nameOf(value)} where ${expected} belongs. Gather the facts of this host again.`,
    )
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isObject(value)) return 'a group of facts'
  if (typeof value === 'boolean') return String(value)
  return value == null ? 'missing' : `"${String(value).slice(0, 60)}"`
}
