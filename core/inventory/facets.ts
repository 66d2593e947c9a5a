import type { Document, ObjectId } from 'mongodb'
import { recordsOf } from '../history/records.ts'
import { visible } from '../platform/access.ts'
import { listCollation, queryTimeoutMs } from '../platform/database.ts'
import { BadInput } from '../platform/errors.ts'
import { encodeId } from '../platform/ids.ts'
import type { Page } from '../platform/page.ts'
import { type Children, ofEachParent } from '../platform/pages.ts'
import type { Session } from '../platform/session.ts'
import { anyKind } from './anyKind.ts'
import { asOfThen } from './asOf.ts'
import type { Fact } from './facts.ts'
import { assetTypeName, factOf, type Kind, kindOf } from './kinds.ts'

export interface FacetValue {
  /** As a filter takes it. */
  value: string
  /** As a person reads it. */
  label: string
  count: number
}

/** How the assets of a list spread over the values of one field. */
export interface Facet {
  field: string
  /** The most frequent first. */
  values: FacetValue[]
  /** How many have a value beyond these. */
  otherCount: number
  /** How many have none, or one that the session may not see. */
  missingCount: number
}

/** Facets of one list, read only when they are asked for. */
export type FindFacets = (by: string[], first: number) => Promise<Facet[]>

/** A page of a list that can also tell how all of the list spreads. */
export interface FacetedPage<T> extends Page<T> {
  facets: FindFacets
}

const maxFields = 10

const mayBeFacet = (fact: Fact) =>
  !fact.spec && (fact.facet || fact.type === 'ENUM' || fact.type === 'REFERENCE')

/** Fields by whose values a list of the kind can be counted. */
export const facetFieldsOf = (kind: Kind): string[] => [
  ...(kind === anyKind ? ['kind'] : []),
  ...kind.facts.filter(mayBeFacet).map((fact) => fact.name),
]

/** The facets of a list, all in one command; `stages` answers those that read it, each row by way of some others. */
export function facetsOfList(
  session: Session,
  kind: Kind,
  stages: (each: Document[]) => Document[],
): FindFacets {
  return async (by, first) => {
    const list = stages([{ $project: kept(by) }])
    return (await count(session, kind, 'assets', list, by, first)).get('all') ?? empty(by)
  }
}

/** The same for the children of each parent: one command for all parents that ask for the same. */
export function facetsOfChildren(
  session: Session,
  kind: Kind,
  parents: readonly ObjectId[],
  children: Children,
) {
  const asked = new Map<string, Promise<Map<string, Facet[]>>>()
  return (parent: ObjectId): FindFacets =>
    async (by, first) => {
      const key = `${first} ${by.join()}`
      const found =
        asked.get(key) ??
        count(
          session,
          kind,
          null,
          [
            ...ofEachParent(
              parents,
              children,
              [...(children.reach ?? []), { $match: children.filter }, { $project: kept(by) }],
              'row',
            ),
            { $replaceWith: { $mergeObjects: ['$row', { ofParent: '$_id' }] } },
          ],
          by,
          first,
        )
      asked.set(key, found)
      return (await found).get(parent.toHexString()) ?? empty(by)
    }
}

const kept = (by: string[]) => ({ _id: 0, ...Object.fromEntries(by.map((field) => [field, 1])) })

const empty = (by: string[]): Facet[] =>
  by.map((field) => ({ field, values: [], otherCount: 0, missingCount: 0 }))

interface Counted {
  _id: ObjectId | null
  seen: number
  values: { value: unknown; label?: string; count: number }[]
}

/** @throws BadInput for more fields than are counted at once, or one of them twice */
async function count(
  session: Session,
  kind: Kind,
  collection: 'assets' | null,
  list: Document[],
  by: string[],
  first: number,
): Promise<Map<string, Facet[]>> {
  if (by.length > maxFields)
    throw new BadInput(`A list can be counted by ${maxFields} fields at once; these are ${by.length}.`)
  if (new Set(by).size < by.length) throw new BadInput('A list is counted by one field twice.')
  const branches = by.map((field) => [field, valuesOf(session, factOf(kind, field), field, first)])
  const source = collection ? recordsOf(session.core, collection) : session.core.db
  const [answer] = await source
    .aggregate<Record<string, Counted[]> & { totals: { _id: ObjectId | null; count: number }[] }>(
      [
        ...list,
        {
          $facet: {
            ...Object.fromEntries(branches),
            totals: [{ $group: { _id: '$ofParent', count: { $sum: 1 } } }],
          },
        },
      ],
      { collation: listCollation, maxTimeMS: queryTimeoutMs },
    )
    .toArray()
  return new Map(
    answer!.totals.map(({ _id, count: total }) => [
      _id?.toHexString() ?? 'all',
      by.map((field) => {
        const own = answer![field]!.find((one) => String(one._id) === String(_id))
        return facetOf(field, factOf(kind, field), own, total)
      }),
    ]),
  )
}

/** Stages that count the values of a field for each parent. Memory holds the most frequent ones, not all. */
function valuesOf(session: Session, fact: Fact | undefined, field: string, first: number): Document[] {
  const names =
    fact?.type === 'REFERENCE'
      ? [
          {
            $lookup: {
              from: 'assets',
              localField: '_id.value',
              foreignField: '_id',
              pipeline: [{ $match: visible(session) }, ...asOfThen(session), { $project: { name: 1 } }],
              as: 'target',
            },
          },
          { $unwind: '$target' },
        ]
      : []
  return [
    { $match: { [field]: { $nin: [null, ''] } } },
    { $group: { _id: { parent: '$ofParent', value: `$${field}` }, count: { $sum: 1 } } },
    ...names,
    { $sort: { count: -1, '_id.value': 1 } },
    {
      $group: {
        _id: '$_id.parent',
        seen: { $sum: '$count' },
        values: {
          $firstN: { n: first, input: { value: '$_id.value', label: '$target.name', count: '$count' } },
        },
      },
    },
  ]
}

function facetOf(field: string, fact: Fact | undefined, counted: Counted | undefined, total: number): Facet {
  const { seen = 0, values = [] } = counted ?? {}
  const typeName = fact?.type === 'REFERENCE' && assetTypeName(kindOf(fact.target!).kind)
  return {
    field,
    values: values.map(({ value, label, count: often }) => ({
      value: typeName ? encodeId(typeName, value as ObjectId) : String(value),
      label: label ?? String(value),
      count: often,
    })),
    otherCount: seen - values.reduce((sum, one) => sum + one.count, 0),
    missingCount: total - seen,
  }
}
