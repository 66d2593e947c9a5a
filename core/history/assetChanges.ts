import type { ObjectId } from 'mongodb'
import { defaultPageSize, type Page, type PageArgs } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'
import { findChanges } from './read.ts'
import type { Change } from './records.ts'

/** What happened to each asset, to the relations that start at it, and to those that lead to it; newest first. */
export async function findAssetChanges(
  session: Session,
  assets: readonly ObjectId[],
  args: PageArgs,
): Promise<Page<Change>[]> {
  const [own, leading] = await Promise.all([
    findChanges(session, 'subject', assets, args),
    findChanges(session, 'object', assets, args),
  ])
  return own.map((page, index) => together(page, leading[index]!, args.first ?? defaultPageSize))
}

function together(a: Page<Change>, b: Page<Change>, size: number): Page<Change> {
  const edges = [...a.edges, ...b.edges].sort((x, y) => (x.node._id.equals(y.node._id) ? 0 : later(x, y)))
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

type Edge = Page<Change>['edges'][number]
const later = (x: Edge, y: Edge) => (x.node._id.toHexString() < y.node._id.toHexString() ? 1 : -1)
