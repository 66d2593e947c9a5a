import type { AssetKind } from '#lib/gql/generated.ts'
import { paths } from '#lib/kinds/paths.ts'
import { momentOf } from './setFilter.ts'

/** The two moments that are compared, as the address of the page says; the last day, unless it says otherwise. */
export function readDiff(query: Pick<URLSearchParams, 'get'>, now: number) {
  const of = query.get('of') ?? ''
  return {
    from: momentOf(query.get('since') ?? '', now) ?? momentOf('24h', now)!,
    to: momentOf(query.get('until') ?? '', now),
    kind: Object.hasOwn(paths, of) ? (of as AssetKind) : null,
  }
}
