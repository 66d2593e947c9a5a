import { defaultPageSize, type Page, type PageArgs } from '../platform/page.ts'
import type { Change } from './records.ts'

/** Two pages of changes, read with the same arguments, as the one that both make: the newest of either first. */
export function together(a: Page<Change>, b: Page<Change>, args: PageArgs): Page<Change> {
  const size = args.first ?? defaultPageSize
  const edges = [...a.edges, ...b.edges].sort((x, y) => (idOf(x) < idOf(y) ? 1 : -1))
  return {
    edges: edges.slice(0, size),
    hasNextPage: a.hasNextPage || b.hasNextPage || edges.length > size,
    hasPreviousPage: a.hasPreviousPage,
    count: async () => {
      const counts = await Promise.all([a.count(), b.count()])
      return counts[0] + counts[1]
    },
  }
}

/** Ids grow with time, and no change is in both pages. */
const idOf = ({ node }: Page<Change>['edges'][number]) => node._id.toHexString()
