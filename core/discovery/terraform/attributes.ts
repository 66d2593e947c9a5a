/**
 * The attributes of one thing in a state. What a provider leaves empty counts as absent, and so does a value of another
 * type than it should have, which is noted among the faults.
 */
export class Attributes {
  constructor(
    private readonly values: Record<string, unknown>,
    private readonly path = '',
    /** In sentences; shared with the blocks within. */
    readonly faults: string[] = [],
  ) {}

  text(name: string): string | undefined {
    const value = this.values[name]
    if (value === undefined || value === null || value === '') return undefined
    if (typeof value === 'string') return value
    if (typeof value === 'number') return String(value)
    return this.wrong(name, 'text')
  }

  /** Providers write numbers as text, too. */
  number(name: string): number | undefined {
    const value = this.values[name]
    if (value === undefined || value === null || value === '') return undefined
    const number = typeof value === 'string' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
    return this.wrong(name, 'a number')
  }

  /** Zero means that nobody has said anything, as for the IOPS of a disk that has none of its own. */
  positive(name: string): number | undefined {
    return this.number(name) || undefined
  }

  flag(name: string): boolean | undefined {
    const value = this.values[name]
    if (value === undefined || value === null) return undefined
    if (typeof value === 'boolean') return value
    return this.wrong(name, 'true or false')
  }

  date(name: string): Date | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const date = new Date(text)
    if (Number.isNaN(+date)) return this.wrong(name, 'a time')
    return date
  }

  /** Sorted, so that another order is no change. */
  list(name: string): string[] {
    const value = this.values[name] ?? []
    if (!Array.isArray(value)) return this.wrong(name, 'a list') ?? []
    return value
      .filter((one) => one !== null && one !== '')
      .map((one) => String(one))
      .sort()
  }

  /** Blocks that may be repeated. */
  blocks(name: string): Attributes[] {
    const value = this.values[name] ?? []
    if (!Array.isArray(value)) return this.wrong(name, 'a list of blocks') ?? []
    return value.filter(isObject).map((block) => new Attributes(block, `${this.path}${name}.`, this.faults))
  }

  block(name: string): Attributes {
    return this.blocks(name)[0] ?? new Attributes({}, '', this.faults)
  }

  /** Key and value, sorted by key. */
  map(name: string): { key: string; value: string }[] {
    const value = this.values[name] ?? {}
    if (!isObject(value)) return this.wrong(name, 'a map') ?? []
    return Object.entries(value)
      .filter(([key, one]) => key && one !== null)
      .map(([key, one]) => ({ key, value: String(one) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  private wrong(name: string, expected: string): undefined {
    this.faults.push(`Its attribute "${this.path}${name}" is not ${expected}.`)
    return undefined
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
