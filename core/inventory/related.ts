import type { Document, ObjectId } from 'mongodb'
import { assertRemembered } from '../history/horizon.ts'
import { recordsOf } from '../history/records.ts'
import { visible } from '../platform/access.ts'
import { listCollation, queryTimeoutMs } from '../platform/database.ts'
import { mapPage, type Page, type PageArgs } from '../platform/page.ts'
import { type Children, findPages } from '../platform/pages.ts'
import type { Session } from '../platform/session.ts'
import { asOfThen, holdingThen, timed, untimed } from './asOf.ts'
import type { Asset } from './asset.ts'
import { type FacetedPage, facetsOfChildren } from './facets.ts'
import { conditionOf, hydrate, type ListArgs, sortKeys } from './find.ts'
import type { Kind } from './kinds.ts'
import { hydrateRelation, type Relation } from './relation.ts'
import type { Road } from './relationKinds.ts'

/** An asset at the other end of a relation. */
export interface Related {
  asset: Asset
  relation: Relation
}

const ends = (forward: boolean) =>
  forward ? ({ near: 'from', far: 'to' } as const) : ({ near: 'to', far: 'from' } as const)

/** Stages that follow an edge to the asset at its far end; the asset then carries the edge as `relation`. */
const follow = (session: Session, holding: Document, far: string): Document[] => [
  ...holdingThen(session, holding),
  {
    $lookup: {
      from: 'assets',
      localField: far,
      foreignField: '_id',
      ...(session.asOf && { pipeline: [{ $match: visible(session) }, ...asOfThen(session)] }),
      as: 'end',
    },
  },
  { $unwind: '$end' },
  {
    $replaceWith: {
      $mergeObjects: [
        '$end',
        {
          relation: Object.fromEntries(
            ['_id', 'kind', 'from', 'to', 'properties', 'validFrom', 'sources', 'version', 'asOf'].map(
              (name) => [name, `$${name}`],
            ),
          ),
        },
      ],
    },
  },
]

const holding = ({ relation, property }: Road): Document => ({
  kind: relation.kind,
  ...(property && { [`properties.${property}`]: true }),
})

/** The same page of what each of the assets is related to by a road; one command for all of them. */
export const findRelated = (
  session: Session,
  road: Road,
  kind: Kind,
  parents: readonly ObjectId[],
  args: ListArgs,
): Promise<FacetedPage<Related>[]> => findAtEnds(session, holding(road), road.direction, kind, parents, args)

/** The same page of what such relations lead to from each of the assets. */
export async function findAtEnds(
  session: Session,
  holding: Document,
  direction: Road['direction'],
  kind: Kind,
  parents: readonly ObjectId[],
  args: ListArgs,
): Promise<FacetedPage<Related>[]> {
  const { near, far } = ends(direction === 'FORWARD')
  const children: Children = {
    collection: 'relations',
    by: near,
    reach: follow(session, holding, far),
    filter: { $and: [await conditionOf(session, kind, args), visible(session)] },
    sort: sortKeys(args.orderBy),
    collation: listCollation,
  }
  const pages = await findPages(session.core, parents, children, untimed(args, session.asOf))
  const facets = facetsOfChildren(session, kind, parents, children)
  return pages.map((page, index) => ({
    ...timed(
      mapPage(page, ({ relation, ...asset }) => ({
        asset: hydrate(asset),
        relation: hydrateRelation(relation as Document),
      })),
      session.asOf,
    ),
    facets: facets(parents[index]!),
  }))
}

/** The same page of the relations that hold for each of the assets, in one direction; only between visible ends. */
export async function findRelations(
  session: Session,
  direction: Road['direction'],
  kinds: string[] | null | undefined,
  assets: readonly ObjectId[],
  args: PageArgs,
): Promise<Page<Relation>[]> {
  const { near, far } = ends(direction === 'FORWARD')
  const pages = await findPages(
    session.core,
    assets,
    {
      collection: 'relations',
      by: near,
      reach: [
        ...holdingThen(session, kinds?.length ? { kind: { $in: kinds } } : {}),
        {
          $lookup: {
            from: 'assets',
            localField: far,
            foreignField: '_id',
            pipeline: [
              { $match: visible(session) },
              ...asOfThen(session),
              { $match: { retiredAt: null } },
              { $project: { _id: 1 } },
            ],
            as: 'end',
          },
        },
        { $match: { 'end.0': { $exists: true } } },
        { $unset: 'end' },
      ],
      filter: {},
      sort: [{ field: 'kind', direction: 1 }],
    },
    untimed(args, session.asOf),
  )
  return pages.map((page) => timed(mapPage(page, hydrateRelation), session.asOf))
}

/** Those among the relations of which both ends are visible. */
export async function findRelationsById(session: Session, ids: ObjectId[]): Promise<Relation[]> {
  await assertRemembered(session, session.asOf)
  const rows = await recordsOf(session.core, 'relations')
    .aggregate([{ $match: { _id: { $in: ids } } }, ...asOfThen(session)], { maxTimeMS: queryTimeoutMs })
    .toArray()
  const seen = await seenAmong(
    session,
    rows.flatMap(({ from, to }) => [from as ObjectId, to as ObjectId]),
  )
  return rows
    .filter(({ from, to }) => seen.has(String(from)) && seen.has(String(to)))
    .map((row) => hydrateRelation(row))
}

/** Which of the assets may be seen, as hexadecimal ids. */
async function seenAmong(session: Session, ids: ObjectId[]): Promise<Set<string>> {
  if (!ids.length) return new Set()
  const rows = await recordsOf(session.core, 'assets')
    .find({ _id: { $in: ids }, ...visible(session) }, { projection: { _id: 1 }, maxTimeMS: queryTimeoutMs })
    .toArray()
  return new Set(rows.map(({ _id }) => String(_id)))
}
