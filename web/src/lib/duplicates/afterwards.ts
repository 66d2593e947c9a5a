import type { AssetPage } from '#lib/kinds/documents.ts'

type Part = Pick<AssetPage, 'id' | 'provenance' | 'drift' | 'observations'> & Record<string, unknown>

const TRUST = { PRESENT: 0, MISSING: 1, GONE: 2 }

/**
 * The value that a field has after a merge: what people set on the record that stays, else what the sources of all of
 * them say, the newest that still sees it first, else what people set on the others.
 */
export function afterwards(field: string, keeper: Part, others: Part[]): unknown {
  const declared = (part: Part) =>
    part.provenance.some((each) => each.field === field && each.origin === 'DECLARED')
  if (declared(keeper)) return keeper[field]
  const parts = [keeper, ...others]
  const [source] = parts
    .flatMap((part) => part.observations.map((seen) => ({ part, seen })))
    .filter(({ seen }) => (seen.values as Record<string, unknown> | null)?.[field] !== undefined)
    .sort(
      (a, b) =>
        TRUST[a.seen.state] - TRUST[b.seen.state] ||
        Date.parse(b.seen.changedAt) - Date.parse(a.seen.changedAt),
    )
  if (source) {
    const differs = source.part.drift.find((each) => each.field === field)
    return differs ? differs.observed : source.part[field]
  }
  return (others.find(declared) ?? keeper)[field]
}
