import { type Document, ObjectId } from 'mongodb'
import { queryTimeoutMs } from '../platform/database.ts'
import { cut, type Page, type PageArgs, readOrder, type SortKey } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'

const newestFirst: SortKey[] = [{ field: '_id', direction: -1 }]
const maxTake = 1_000

export interface Newest<T> {
  collection: string
  /** Field that holds the parent; indexed together with `_id`. */
  by: string
  filter: Document
  /** Those of the rows that may be shown; asked for the rows of all parents at once. */
  keep(rows: T[]): Promise<T[]>
}

/**
 * The same page of the newest rows of each parent. One command for all parents together, and further ones only while a
 * page is not full because rows were left out.
 */
export async function findNewest<T extends Document & { _id: ObjectId }, P extends ObjectId | string>(
  session: Session,
  { collection, by, filter, keep }: Newest<T>,
  parents: readonly P[],
  args: PageArgs,
): Promise<Omit<Page<T>, 'count'>[]> {
  const { size, keys, cursor } = readOrder(newestFirst, args)
  const start = cursor ? { _id: { $lt: cursor[0] } } : {}
  const pages = new Map<string, T[]>(parents.map((parent) => [String(parent), []]))

  let open: { _id: P; below?: ObjectId }[] = parents.map((parent) => ({ _id: parent }))
  for (let take = size + 1; open.length; take = Math.min(take * 4, maxTake)) {
    const rows = await session.core.db
      .aggregate<{ _id: P; row: T }>(
        [
          { $documents: open },
          {
            $lookup: {
              from: collection,
              localField: '_id',
              foreignField: by,
              let: { below: '$below' },
              pipeline: [
                {
                  $match: {
                    $and: [filter, open[0]!.below ? { $expr: { $lt: ['$_id', '$$below'] } } : start],
                  },
                },
                { $sort: { _id: -1 } },
                { $limit: take },
              ],
              as: 'row',
            },
          },
          { $unwind: '$row' },
        ],
        { maxTimeMS: queryTimeoutMs, batchSize: open.length * take + 1 },
      )
      .toArray()
    const kept = new Set((await keep(rows.map(({ row }) => row))).map((row) => row._id.toHexString()))
    const last = new Map<string, { read: number; below: ObjectId }>()
    for (const { _id, row } of rows) {
      const parent = String(_id)
      last.set(parent, { read: (last.get(parent)?.read ?? 0) + 1, below: row._id })
      if (kept.has(row._id.toHexString())) pages.get(parent)!.push(row)
    }
    open = open
      .filter(({ _id }) => pages.get(String(_id))!.length <= size && last.get(String(_id))?.read === take)
      .map(({ _id }) => ({ _id, below: last.get(String(_id))!.below }))
  }
  return parents.map((parent) => cut(pages.get(String(parent))!, { size, keys, args }))
}
