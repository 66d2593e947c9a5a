import type { Document } from 'mongodb'
import { assertRemembered } from '../history/horizon.ts'
import { movedSince, rewound, steadySince } from '../history/rewind.ts'
import { recordsOf } from '../history/records.ts'
import { visible } from '../platform/access.ts'
import { listCollation, queryTimeoutMs } from '../platform/database.ts'
import { BadInput } from '../platform/errors.ts'
import { beyond, cut, type Page, type PageArgs, readOrder, type SortKey, sortOf } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'
import { anyKind } from './anyKind.ts'
import { allKinds, type Kind } from './kinds.ts'

/** How many assets of a kind may have changed since the moment that a list is read of. */
const maxMoved = 50_000

const sessions = new WeakMap<Session, Map<number, Session>>()

/** The session looking at the inventory as it was at a moment, always the same one; itself without a moment. */
export function lookingBack<T extends Session>(session: T, asOf: Date | null | undefined): T {
  if (!asOf || asOf.getTime() === session.asOf?.getTime()) return session
  const known = sessions.get(session) ?? new Map<number, Session>()
  sessions.set(session, known)
  const found = known.get(asOf.getTime()) ?? { ...session, asOf }
  known.set(asOf.getTime(), found)
  return found as T
}

/** Condition on assets of a list of which access alone decides, whatever they were then. */
export const ofKind = (kind: Kind): Document => ({
  kind: kind === anyKind ? { $in: allKinds().map((one) => one.kind) } : kind.kind,
})

/**
 * Stages that read the visible assets which fulfilled the condition at the moment: those that have not changed since as
 * any list does, the others after they were taken back to then. `each` is done with either part.
 */
export const assetsAsOf = (
  session: Session,
  kind: Kind,
  condition: Document,
  asOf: Date,
  each: Document[] = [],
): Document[] => [
  { $match: { $and: [condition, visible(session), steadySince(asOf)] } },
  ...each,
  {
    $unionWith: {
      coll: 'assets',
      pipeline: [
        {
          $match: { $and: [ofKind(kind), visible(session), movedSince(asOf), { createdAt: { $lte: asOf } }] },
        },
        ...rewound(asOf),
        { $match: condition },
        ...each,
      ],
    },
  },
]

/** Stages that leave of some visible assets what they were at the session's moment; none when it looks at the present. */
export const asOfThen = ({ asOf }: Session): Document[] => (asOf ? rewound(asOf) : [])

/** Stages that leave of some relations those that held at the session's moment, as they were. */
export function holdingThen({ asOf }: Session, holding: Document): Document[] {
  const open = { validTo: { $exists: false } }
  if (!asOf) return [{ $match: { ...holding, ...open } }]
  const { kind } = holding
  return [
    {
      $match: {
        ...(kind !== undefined && { kind }),
        $or: [{ ...open, ...steadySince(asOf) }, movedSince(asOf)],
      },
    },
    ...rewound(asOf),
    { $match: { ...holding, ...open } },
  ]
}

/** One page of the list as it was; its cursors go on at the same moment. */
export async function findPageAsOf(
  session: Session,
  kind: Kind,
  condition: Document,
  sort: SortKey[],
  args: PageArgs,
  asOf: Date,
): Promise<Page<Document>> {
  const { size, keys, walked, cursor } = readOrder(sort, untimed(args, asOf))
  const assets = recordsOf(session.core, 'assets')
  const options = { collation: listCollation, maxTimeMS: queryTimeoutMs }
  const first = [
    ...(cursor ? [{ $match: beyond(walked, cursor) }] : []),
    { $sort: sortOf(walked) },
    { $limit: size + 1 },
  ]
  const [rows] = await Promise.all([
    assets
      .aggregate([...assetsAsOf(session, kind, condition, asOf, first), ...first.slice(-2)], {
        ...options,
        batchSize: size + 2,
      })
      .toArray(),
    assertFewMoved(session, kind, asOf),
    assertRemembered(session, asOf),
  ])
  return {
    ...timed(
      cut(
        rows.map((row) => ({ ...row, asOf })),
        { size, keys, args: untimed(args, asOf) },
      ),
      asOf,
    ),
    async count() {
      const counting = assetsAsOf(session, kind, condition, asOf, [{ $project: { _id: 1 } }])
      const [counted] = await assets
        .aggregate<{ count: number }>([...counting, { $count: 'count' }], options)
        .toArray()
      return counted?.count ?? 0
    },
  }
}

/** @throws BadInput naming the cap, before the database takes too long */
export async function assertFewMoved({ core }: Session, kind: Kind, asOf: Date) {
  const moved = { ...ofKind(kind), ...movedSince(asOf) }
  const count = await recordsOf(core, 'assets').countDocuments(moved, {
    limit: maxMoved + 1,
    maxTimeMS: queryTimeoutMs,
  })
  if (count > maxMoved)
    throw new BadInput(
      `More than ${maxMoved} ${kind.plural} have changed since ${asOf.toISOString()}; a list of then would take too long. Ask for a later moment, or for single assets.`,
    )
}

/** A page whose cursors carry the moment that it is of. */
export const timed = <T extends Pick<Page<unknown>, 'edges'>>(page: T, asOf: Date | null | undefined): T =>
  asOf
    ? {
        ...page,
        edges: page.edges.map((edge) => ({
          ...edge,
          cursor: `${edge.cursor}.${asOf.getTime().toString(36)}`,
        })),
      }
    : page

/** The moment that a cursor goes on at; null of a list of the present. */
export function momentIn({ after, before }: PageArgs): Date | null {
  const [, moment] = (after ?? before ?? '').split('.')
  const time = moment ? parseInt(moment, 36) : NaN
  return Number.isSafeInteger(time) ? new Date(time) : null
}

/** The arguments with the cursor as the page knows it. @throws BadInput when the cursor is of another moment */
export function untimed(args: PageArgs, asOf: Date | null | undefined): PageArgs {
  const { after, before } = args
  if (!after && !before) return args
  if (momentIn(args)?.getTime() !== asOf?.getTime())
    throw new BadInput('This cursor is of another moment than the list. Start again without it.')
  const bare = (cursor: string | null | undefined) => cursor?.split('.')[0]
  return { ...args, after: bare(after), before: bare(before) }
}
