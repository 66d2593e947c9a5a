import type { AssetKind, ChangeOrigin, ChangeSetFilterInput } from '#lib/gql/generated.ts'
import { paths } from '#lib/kinds/paths.ts'
import { ORIGIN } from './words.ts'

/** What the history is narrowed to, as the address of the page holds it; empty texts do not matter. */
export type SetFilter = {
  /** Who did it. */
  text: string
  origin: ChangeOrigin | ''
  of: AssetKind | ''
  field: string
  /** A span such as `24h` or `7d` until now, or a moment. */
  since: string
  until: string
}

export const NAMES = ['text', 'origin', 'of', 'field', 'since', 'until'] as const

export function readFilter(query: Pick<URLSearchParams, 'get'>): SetFilter {
  const [origin, of] = [query.get('origin') ?? '', query.get('of') ?? '']
  return {
    text: query.get('text') ?? '',
    origin: Object.hasOwn(ORIGIN, origin) ? (origin as ChangeOrigin) : '',
    of: Object.hasOwn(paths, of) ? (of as AssetKind) : '',
    field: query.get('field') ?? '',
    since: momentOf(query.get('since') ?? '', 0) ? query.get('since')! : '',
    until: momentOf(query.get('until') ?? '', 0) ? query.get('until')! : '',
  }
}

export const isFiltered = (filter: SetFilter): boolean => NAMES.some((name) => filter[name])

/** The filter of the API; null when everything is wanted. */
export function toApi(filter: SetFilter, now: number): ChangeSetFilterInput | null {
  if (!isFiltered(filter)) return null
  return {
    actor: filter.text || null,
    origins: filter.origin ? [filter.origin] : null,
    kinds: filter.of ? [filter.of] : null,
    fields: filter.field ? [filter.field] : null,
    since: momentOf(filter.since, now),
    until: momentOf(filter.until, now),
  }
}

const SPANS: Record<string, number> = { h: 3_600_000, d: 86_400_000 }

/** `24h` → a day before `now`; a moment is itself. Null for anything that is neither. */
export function momentOf(text: string, now: number): string | null {
  const span = /^(\d{1,4})([hd])$/.exec(text)
  if (span) return new Date(now - Number(span[1]) * SPANS[span[2]!]!).toISOString()
  const time = Date.parse(text)
  return text && !Number.isNaN(time) ? new Date(time).toISOString() : null
}
