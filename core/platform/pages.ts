import type { CollationOptions, Document, ObjectId } from 'mongodb'
import type { Core } from './core.ts'
import { queryTimeoutMs } from './database.ts'
import { beyond, cut, type Page, type PageArgs, readOrder, type SortKey, sortOf } from './page.ts'

export interface Children {
  collection: string
  /** Field of the children that holds the parent's id. */
  by: string
  /** Stages that lead from these children to what is asked for, before it is filtered and sorted. */
  reach?: Document[]
  filter: Document
  sort: SortKey[]
  collation?: CollationOptions
}

/**
 * The same page of the children of each parent, in one command whatever their number; one more when somebody counts.
 * Each parent's page is read by the index and ends when it is full, so a parent with very many costs no more.
 */
export async function findPages<T extends Document>(
  { db }: Core,
  parents: readonly ObjectId[],
  children: Children,
  args: PageArgs,
): Promise<Page<T>[]> {
  const { size, keys, walked, cursor } = readOrder(children.sort, args)
  const options = {
    maxTimeMS: queryTimeoutMs,
    ...(children.collation && { collation: children.collation }),
  }
  const rows = new Map<string, T[]>(parents.map((parent) => [parent.toHexString(), []]))
  const perParent = (pipeline: Document[], as: string) => ofEachParent(parents, children, pipeline, as)
  if (parents.length)
    for await (const { _id, row } of db.aggregate<{ _id: ObjectId; row: T }>(
      perParent(
        [
          ...(children.reach ?? []),
          { $match: cursor ? { $and: [children.filter, beyond(walked, cursor)] } : children.filter },
          { $sort: sortOf(walked) },
          { $limit: size + 1 },
        ],
        'row',
      ),
      { ...options, batchSize: parents.length * (size + 1) + 1 },
    ))
      rows.get(_id.toHexString())!.push(row)

  let counts: Promise<Map<string, number>> | undefined
  const countAll = async () => {
    const counted = await db
      .aggregate<{ _id: ObjectId; found: { count: number } }>(
        perParent([...(children.reach ?? []), { $match: children.filter }, { $count: 'count' }], 'found'),
        { ...options, batchSize: parents.length + 1 },
      )
      .toArray()
    return new Map(counted.map(({ _id, found }) => [_id.toHexString(), found.count]))
  }
  return parents.map((parent) => ({
    ...cut(rows.get(parent.toHexString())!, { size, keys, args }),
    count: async () => (await (counts ??= countAll())).get(parent.toHexString()) ?? 0,
  }))
}

/** Stages that answer `{_id: parent, [as]: row}` for each row that the pipeline makes of a parent's children. */
export const ofEachParent = (
  parents: readonly ObjectId[],
  { collection, by }: Pick<Children, 'collection' | 'by'>,
  pipeline: Document[],
  as: string,
): Document[] => [
  { $documents: parents.map((parent) => ({ _id: parent })) },
  { $lookup: { from: collection, localField: '_id', foreignField: by, pipeline, as } },
  { $unwind: `$${as}` },
]
