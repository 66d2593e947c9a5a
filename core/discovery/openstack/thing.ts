import type { Extra, Tag } from '../../inventory/asset.ts'
import type { Observation, ObservationPage } from '../crawler.ts'

/** A record that Maestro cannot use, told in a sentence. */
export class UnreadableThing extends Error {}

/** Reads a record by name. What is absent, null or an empty text is undefined; what is something else is unreadable. */
export class Thing {
  constructor(
    private readonly values: Record<string, unknown>,
    private readonly path = '',
  ) {}

  has(name: string): boolean {
    return this.values[name] !== undefined
  }

  /** @throws UnreadableThing, as all readers do, when it is something else */
  text(name: string): string | undefined {
    const value = this.#value(name)
    if (value === undefined || value === '') return undefined
    if (typeof value === 'string' || typeof value === 'number') return String(value)
    throw this.#wrong(name, 'text')
  }

  number(name: string): number | undefined {
    const value = this.#value(name)
    if (value === undefined || value === '') return undefined
    const number = typeof value === 'string' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
    throw this.#wrong(name, 'a number')
  }

  flag(name: string): boolean | undefined {
    const value = this.#value(name)
    if (value === undefined || value === '') return undefined
    const word = String(value).toLowerCase()
    if (word === 'true' || word === 'false') return word === 'true'
    throw this.#wrong(name, 'true or false')
  }

  /** Times without a zone are in UTC. */
  date(name: string): Date | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const date = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
    if (Number.isNaN(date.getTime())) throw this.#wrong(name, 'a time')
    return date
  }

  part(name: string): Thing | undefined {
    const value = this.#value(name)
    // Nova has an empty text in the place of an image that is not there.
    if (value === undefined || value === '') return undefined
    if (isRecord(value)) return new Thing(value, `${this.path}${name}.`)
    throw this.#wrong(name, 'an object')
  }

  parts(name: string): Thing[] {
    return this.#list(name).map((value, index) => {
      if (isRecord(value)) return new Thing(value, `${this.path}${name}.${index}.`)
      throw this.#wrong(`${name}.${index}`, 'an object')
    })
  }

  /** Sorted and without what comes twice, so that the order of an answer is no change. */
  texts(name: string): string[] {
    return distinct(
      this.#list(name).map((value, index) => {
        if (typeof value === 'string') return value
        throw this.#wrong(`${name}.${index}`, 'text')
      }),
    )
  }

  /** The lists in an object, by name, in the order of the names. */
  lists(name: string): Thing[][] {
    const part = this.part(name)
    return part
      ? Object.keys(part.values)
          .sort()
          .map((one) => part.parts(one))
      : []
  }

  /** A text, number or truth as text; undefined where it is anything else. */
  plain(name: string): string | undefined {
    const value = this.#value(name)
    return ['string', 'number', 'boolean'].includes(typeof value) && value !== '' ? String(value) : undefined
  }

  /** Plain values by name, in the order of the names; what is no plain value is passed over. */
  entries(name: string): [string, string][] {
    return Object.entries(this.part(name)?.values ?? {})
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(([key, value]): [string, string] => [key, String(value)])
      .sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** Its id, which every record has. */
  get id(): string {
    const id = this.text('id')
    if (id === undefined) throw new UnreadableThing('It has no id, so it cannot be told from others.')
    return id
  }

  #value(name: string): unknown {
    return this.values[name] ?? undefined
  }

  #list(name: string): unknown[] {
    const value = this.#value(name)
    if (value === undefined) return []
    if (Array.isArray(value)) return value
    throw this.#wrong(name, 'a list')
  }

  #wrong(name: string, wanted: string): UnreadableThing {
    return new UnreadableThing(`"${this.path}${name}" is not ${wanted}.`)
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Records as things; what is no object is passed over. */
export const thingsOf = (records: unknown[]): Thing[] => records.filter(isRecord).map((one) => new Thing(one))

/**
 * One page in Maestro's words; what cannot be read is set aside with the reason. `identity` tells under which id a record
 * goes, where that is not its own.
 */
export function translated(
  records: unknown[],
  translate: (thing: Thing) => Observation,
  identity = (id: string) => id,
): ObservationPage {
  const page: ObservationPage = { observations: [], unreadable: [] }
  for (const raw of records) {
    const thing = new Thing(isRecord(raw) ? raw : {})
    try {
      page.observations.push(translate(thing))
    } catch (error) {
      if (!(error instanceof UnreadableThing)) throw error
      page.unreadable.push({ externalId: readable(thing, identity), reason: error.message, raw })
    }
  }
  return page
}

/** The id of an unreadable record, if that much can be read. */
function readable(thing: Thing, identity: (id: string) => string): string | null {
  try {
    return identity(thing.id)
  } catch {
    return null
  }
}

/** Sorted, so that the order of an answer is no change. */
export const distinct = (values: (string | undefined)[]): string[] =>
  [...new Set(values.filter((value): value is string => Boolean(value)))].sort()

/** What the provider tells beyond the fields of the kind; what it leaves out is left out. */
export const extrasOf = (thing: Thing, names: Record<string, string>): Extra[] =>
  Object.entries(names).flatMap(([name, key]) => {
    const value = thing.plain(name)
    return value === undefined ? [] : [{ key, value }]
  })

/** Words of people: metadata as it is, plain tags without a value. */
export const tagsOf = (thing: Thing): Tag[] =>
  [
    ...thing.entries('metadata').map(([key, value]) => ({ key, value })),
    ...thing.texts('tags').map((key) => ({ key, value: '' })),
  ].sort((a, b) => (a.key < b.key ? -1 : 1))
