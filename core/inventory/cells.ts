import { itemFieldsOf, type Fact } from './facts.ts'

/** What a table can hold in one place. */
export type Cell = string | number | boolean | null

const separator = '; '

/**
 * A value as one cell. Lists are joined with semicolons, labels written `key=value`; what would not be read back the
 * same way is written as JSON.
 */
export function cellOf(fact: Fact | null, value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) {
    if (!value.length) return null
    return (fact?.type === 'LIST' ? joined(value as string[]) : labels(fact, value)) ?? JSON.stringify(value)
  }
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value as string)
}

const readsBack = (text: string) => text !== '' && text === text.trim() && !/[;\n\r]|^[[{]/.test(text)

const joined = (values: string[]): string | null =>
  values.every((value) => readsBack(value)) ? values.join(separator) : null

function labels(fact: Fact | null, values: object[]): string | null {
  if (!fact || !areLabels(fact)) return null
  const pairs = values as { key: string; value: string }[]
  const plain = pairs.every(
    ({ key, value }) => readsBack(key) && !key.includes('=') && (value === '' || readsBack(value)),
  )
  return plain ? pairs.map(({ key, value }) => `${key}=${value}`).join(separator) : null
}

/** Whether the items of a fact are a key and a value, and nothing else. */
export const areLabels = (fact: Fact): boolean =>
  itemFieldsOf(fact)
    .map(({ name }) => name)
    .sort()
    .join() === 'key,value'
