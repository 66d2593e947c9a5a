import type { Extra } from '../../inventory/asset.ts'

/** What AWS tells beyond the fields of the kind; what it leaves out is left out. */
export const extrasOf = (values: Record<string, string | number | boolean | Date | undefined>): Extra[] =>
  Object.entries(values).flatMap(([key, value]) =>
    value === undefined || value === ''
      ? []
      : [{ key, value: value instanceof Date ? value.toISOString() : String(value) }],
  )

/** The same key for each of several values, sorted, so that the order of an answer is no change. */
export const extrasFor = (key: string, values: readonly (string | undefined)[]): Extra[] =>
  [...new Set(values)]
    .filter((value): value is string => Boolean(value))
    .sort()
    .map((value) => ({ key, value }))
