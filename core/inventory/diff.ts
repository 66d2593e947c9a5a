import { isDeepStrictEqual } from 'node:util'
import type { Document, ObjectId } from 'mongodb'
import { assertRemembered } from '../history/horizon.ts'
import { movedSince, rewound } from '../history/rewind.ts'
import { recordsOf } from '../history/records.ts'
import { visible } from '../platform/access.ts'
import { listCollation, queryTimeoutMs } from '../platform/database.ts'
import { BadInput } from '../platform/errors.ts'
import { cut, type Page, type PageArgs, readOrder, type SortKey } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'
import { anyKind } from './anyKind.ts'
import { assertFewMoved, lookingBack, ofKind } from './asOf.ts'
import type { Asset } from './asset.ts'
import type { AssetFilter } from './filter.ts'
import { conditionOf, hydrate } from './find.ts'
import { type Kind, kindOf } from './kinds.ts'

export interface FieldDifference {
  field: string
  before: unknown
  after: unknown
}

/** An asset that is in a list at one moment and not at another, or that is in it with other values. */
export interface Difference {
  what: 'CAME' | 'WENT' | 'CHANGED'
  /** As it is at the later moment; one that went, as it was at the earlier. */
  asset: Asset
  /** What is different; nothing where it came or went. */
  fields: FieldDifference[]
}

export interface DiffArgs extends PageArgs {
  from: Date
  /** Absent for the present. */
  to?: Date | null
  filter?: AssetFilter | null
}

const order: SortKey[] = [{ field: '_id', direction: 1 }]
const batchSize = 200

/**
 * How a list differs between two moments, in a steady order; changes in between are folded into one. Looks at what has
 * changed since the earlier moment, and at everything only where the filter names related assets, which may have changed.
 */
export async function findDifferences(
  session: Session,
  kind: Kind,
  { from, to, filter, ...args }: DiffArgs,
): Promise<Page<Difference>> {
  if (to && to < from) throw new BadInput('`to` is earlier than `from`. Say the earlier moment first.')
  const { size, keys, cursor } = readOrder(order, args)
  const [was, is] = await Promise.all([
    conditionOf(lookingBack(session, from), kind, { filter }),
    conditionOf(lookingBack(session, to), kind, { filter }),
    assertFewMoved(session, kind, from),
    assertRemembered(session, from),
  ])
  const candidates = {
    $and: [ofKind(kind), visible(session), isDeepStrictEqual(was, is) ? movedSince(from) : {}],
  }
  const read = (after?: ObjectId) =>
    recordsOf(session.core, 'assets').aggregate<Pair>(
      [
        { $match: after ? { $and: [candidates, { _id: { $gt: after } }] } : candidates },
        { $project: { _id: 1 } },
        { $sort: { _id: 1 } },
        at([...rewound(from), { $match: was }], 'was'),
        at([...(to ? rewound(to) : []), { $match: is }], 'is'),
        { $match: { $expr: { $ne: ['$was.version', '$is.version'] } } },
      ],
      { collation: listCollation, maxTimeMS: queryTimeoutMs, batchSize },
    )
  const found: (Difference & { _id: ObjectId })[] = []
  for await (const difference of differences(kind, read(cursor?.[0] as ObjectId | undefined)))
    if (found.push(difference) > size) break
  return {
    ...cut(found, { size, keys, args }),
    async count() {
      let count = 0
      for await (const difference of differences(kind, read())) if (difference) count++
      return count
    },
  }
}

interface Pair {
  _id: ObjectId
  /** The record at either moment, if it was in the list. */
  was: Document[]
  is: Document[]
}

const at = (pipeline: Document[], as: string): Document => ({
  $lookup: { from: 'assets', localField: '_id', foreignField: '_id', pipeline, as },
})

async function* differences(
  kind: Kind,
  pairs: AsyncIterable<Pair>,
): AsyncGenerator<Difference & { _id: ObjectId }> {
  for await (const {
    _id,
    was: [was],
    is: [is],
  } of pairs) {
    if (!was || !is) {
      yield { _id, what: is ? 'CAME' : 'WENT', asset: hydrate((is ?? was)!), fields: [] }
      continue
    }
    // Lists compare text without case, so the database cannot tell what is the same.
    const fields = differing(kind === anyKind ? kindOf(is.kind as string) : kind, was, is)
    if (fields.length) yield { _id, what: 'CHANGED', asset: hydrate(is), fields }
  }
}

function differing(kind: Kind, was: Document, is: Document): FieldDifference[] {
  const emptyOf = new Map(
    kind.facts.map(({ name, type }) => [name, type === 'LIST' || type === 'OBJECTS' ? [] : null]),
  )
  return [...emptyOf.keys(), 'retiredAt']
    .map((field) => ({
      field,
      before: (was[field] ?? emptyOf.get(field) ?? null) as unknown,
      after: (is[field] ?? emptyOf.get(field) ?? null) as unknown,
    }))
    .filter(({ before, after }) => !isDeepStrictEqual(before, after))
}
