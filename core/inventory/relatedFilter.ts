import type { Document, ObjectId } from 'mongodb'
import { recordsOf } from '../history/records.ts'
import { visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { BadInput } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import { farKindOf } from './anyKind.ts'
import { assetsAsOf, holdingThen } from './asOf.ts'
import { type AssetFilter, isLogic } from './filter.ts'
import { conditionOf } from './find.ts'
import type { Kind } from './kinds.ts'
import { type Road, roadsOf } from './relationKinds.ts'

/** How many assets a condition on related ones may come to; more would be a query too long for the database. */
const maxRelated = 100_000

/** Name of a condition on ids that a condition on related assets has become; no field of the API is called so. */
export const relatedIds = '$related'

/**
 * The filter with each condition on related assets (`apps: {some: …}`) replaced by the ids of those that fulfil it. Two
 * commands per condition, whatever they find; only visible assets count, so nothing can be guessed.
 *
 * @throws BadInput when more than {@link maxRelated} assets would be named
 */
export async function withRelated(
  session: Session,
  kind: Kind,
  filter: AssetFilter | null | undefined,
): Promise<AssetFilter | null | undefined> {
  if (!filter) return filter
  const roads = roadsOf(kind.kind)
  const entries = await Promise.all(
    Object.entries(filter).map(async ([field, value]): Promise<[string, unknown][]> => {
      if (value === null || value === undefined) return []
      if (isLogic(field))
        return [
          [
            field,
            Array.isArray(value)
              ? await Promise.all(value.map((one) => withRelated(session, kind, one as AssetFilter)))
              : await withRelated(session, kind, value as AssetFilter),
          ],
        ]
      const road = roads.find((one) => one.field === field)
      if (!road) return [[field, value]]
      return [['and', await conditionsOn(session, road, value as Quantified)]]
    }),
  )
  const flat = entries.flat()
  const all = flat.filter(([field]) => field === 'and').flatMap(([, value]) => value as AssetFilter[])
  return {
    ...Object.fromEntries(flat.filter(([field]) => field !== 'and')),
    ...(all.length && { and: all }),
  }
}

interface Quantified {
  some?: AssetFilter | null
  none?: AssetFilter | null
}

const conditionsOn = async (session: Session, road: Road, { some, none }: Quantified) => [
  ...(some ? [{ [relatedIds]: { $in: await relatedTo(session, road, some) } }] : []),
  ...(none ? [{ [relatedIds]: { $nin: await relatedTo(session, road, none) } }] : []),
]

/** The assets at the near end of a road whose far end fulfils the filter. */
async function relatedTo(session: Session, road: Road, filter: AssetFilter): Promise<ObjectId[]> {
  const far = farKindOf(road)
  const forward = road.direction === 'FORWARD'
  const condition = await conditionOf(session, far, { filter })
  const ids = [{ $project: { _id: 1 } }]
  const fulfilling = await idsOf(
    recordsOf(session.core, 'assets').aggregate<{ _id: ObjectId }>(
      [
        ...(session.asOf
          ? assetsAsOf(session, far, condition, session.asOf, ids)
          : [{ $match: { $and: [condition, visible(session)] } }, ...ids]),
        { $limit: maxRelated + 1 },
      ],
      { maxTimeMS: queryTimeoutMs },
    ),
    road,
  )
  const holding: Document = {
    kind: road.relation.kind,
    ...(road.property && { [`properties.${road.property}`]: true }),
  }
  return idsOf(
    recordsOf(session.core, 'relations').aggregate<{ _id: ObjectId }>(
      [
        { $match: { [forward ? 'to' : 'from']: { $in: fulfilling } } },
        ...holdingThen(session, holding),
        { $group: { _id: forward ? '$from' : '$to' } },
        { $limit: maxRelated + 1 },
      ],
      { maxTimeMS: queryTimeoutMs },
    ),
    road,
  )
}

async function idsOf(rows: AsyncIterable<{ _id: ObjectId }>, road: Road): Promise<ObjectId[]> {
  const ids: ObjectId[] = []
  for await (const { _id } of rows) ids.push(_id)
  if (ids.length > maxRelated)
    throw new BadInput(
      `The condition on ${road.field} comes to more than ${maxRelated} assets. Make it narrower.`,
    )
  return ids
}
