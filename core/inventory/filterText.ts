import type { AssetFilter } from './filter.ts'

/** A filter of the API as text, with its moments, because it may hold names that the database reserves. */
export const filterText = (filter: AssetFilter | null | undefined): string =>
  JSON.stringify(filter ?? {}, function (this: Record<string, unknown>, key, value: unknown) {
    return this[key] instanceof Date ? { $date: value } : value
  })

/** The filter that {@link filterText} has made a text of. */
export const filterOfText = (text: string): AssetFilter =>
  JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && '$date' in value ? new Date(value.$date as string) : value,
  ) as AssetFilter
