import type { AssetFieldInfo } from '#lib/assets/kinds.svelte.ts'

export type FieldType = AssetFieldInfo['type']

export const OPERATORS = {
  TEXT: ['is', 'not', 'contains', 'starts', 'set', 'unset'],
  ADDRESS: ['is', 'starts', 'contains', 'not', 'set', 'unset'],
  ENUM: ['is', 'not'],
  NUMBER: ['is', 'gte', 'lte', 'set', 'unset'],
  DATE: ['after', 'before', 'set', 'unset'],
  LIST: ['is', 'contains', 'set', 'unset'],
  BOOLEAN: ['is'],
  REFERENCE: ['is'],
  OBJECTS: [],
} as const satisfies Record<FieldType, readonly string[]>

export type Operator = (typeof OPERATORS)[FieldType][number]

/** One chip of the filter bar: "environment is production or staging". */
export type Condition = { field: string; operator: Operator; values: string[] }

/** The field name of the chip that looks through names, addresses and ids at once. */
export const ANYWHERE = 'anywhere'

export const WORDS: Record<Operator, string> = {
  is: 'is',
  not: 'is not',
  contains: 'contains',
  starts: 'starts with',
  gte: 'is at least',
  lte: 'is at most',
  after: 'is after',
  before: 'is before',
  set: 'is known',
  unset: 'is unknown',
}

const NAMES = Object.keys(WORDS)

export function needsValue(operator: Operator): boolean {
  return operator !== 'set' && operator !== 'unset'
}

/** `environment:is:production,staging`, each part safe in a URL and in a value with commas. */
export function writeCondition({ field, operator, values }: Condition): string {
  return [field, operator, ...(values.length ? [values.map(encodeURIComponent).join(',')] : [])].join(':')
}

/** Null for anything that a person may have mistyped in the address bar. */
export function readCondition(text: string): Condition | null {
  const [field, operator, ...rest] = text.split(':')
  if (!field || !operator || !NAMES.includes(operator)) return null
  try {
    const values = rest.join(':') ? rest.join(':').split(',').map(decodeURIComponent) : []
    if (needsValue(operator as Operator) && !values.length) return null
    return { field, operator: operator as Operator, values }
  } catch {
    return null
  }
}

type Filter = Record<string, unknown>

function one({ operator, values }: Condition, type: FieldType): Filter {
  const first = type === 'NUMBER' ? Number(values[0]) : values[0]
  const all = type === 'NUMBER' ? values.map(Number) : values
  switch (operator) {
    case 'is':
      return type === 'BOOLEAN' ? { eq: first === 'true' } : all.length > 1 ? { in: all } : { eq: first }
    case 'not':
      return all.length > 1 ? { nin: all } : { ne: first }
    case 'contains':
      return { contains: first }
    case 'starts':
      return { startsWith: first }
    case 'gte':
    case 'lte':
      return { [operator]: first }
    case 'after':
      return { gt: first }
    case 'before':
      return { lt: first }
    case 'set':
      return { exists: true }
    case 'unset':
      return { exists: false }
  }
}

const LOOKED_THROUGH: [string, 'contains' | 'startsWith'][] = [
  ['name', 'contains'],
  ['hostname', 'contains'],
  ['ipv4Private', 'startsWith'],
  ['ipv4Public', 'startsWith'],
  ['instanceId', 'startsWith'],
  ['providerId', 'startsWith'],
  ['endpoint', 'contains'],
  ['apiName', 'startsWith'],
]

/** The filter input that a list's chips mean; chips for fields that the kind does not have are left out. */
export function toFilter(
  conditions: Condition[],
  fields: { name: string; type: FieldType }[],
): Filter | null {
  const known = new Map(fields.map((field) => [field.name, field.type]))
  const parts = conditions.flatMap((condition): Filter[] => {
    const value = condition.values[0]
    if (condition.field === ANYWHERE) {
      const places = LOOKED_THROUGH.filter(([name]) => known.has(name))
      return [{ or: places.map(([name, how]) => ({ [name]: { [how]: value } })) }]
    }
    if (condition.field === 'tag') {
      const [key = '', ...rest] = (value ?? '').split('=')
      return [{ tag: rest.length ? { key, value: { eq: rest.join('=') } } : { key } }]
    }
    const type = condition.field === 'connection' ? 'REFERENCE' : known.get(condition.field)
    return type ? [{ [condition.field]: one(condition, type) }] : []
  })
  return parts.length ? { and: parts } : null
}
