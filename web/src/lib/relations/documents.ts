import { gql, type TypedDocumentNode } from '@urql/core'
import type { KindInfo } from '#lib/assets/kinds.svelte.ts'
import { RelatedAssetFragmentDoc } from '#lib/gql/generated.ts'
import { singularOf, typeNameOf } from '#lib/kinds/documents.ts'
import { roadsOf, type Properties, type Related, type Road } from './roads.ts'

type PageInfo = { hasNextPage: boolean; endCursor: string | null }
export type RelatedPage = { totalCount: number; edges: Related[]; pageInfo: PageInfo }
type AllData = { asset: Record<string, RelatedPage> | null }
type RoadData = { asset: { id: string; page: RelatedPage } | null }
type AllVariables = { id: string; first: number; asOf: string | null }
type RoadVariables = AllVariables & { after: string | null; filter: object | null }
/** A relation as it stands now; null when it is gone or out of sight. */
export type Standing = { id: string; version: number; validTo: string | null; properties: Properties } | null

const all = new Map<KindInfo, TypedDocumentNode<AllData, AllVariables>>()
const single = new Map<Road, TypedDocumentNode<RoadData, RoadVariables>>()

/** The beginnings of all roads that leave an asset of the kind. */
export function allRoads(info: KindInfo) {
  const known = all.get(info)
  if (known) return known
  const roads = roadsOf(info).map((road) => `${road.field}(first: $first) { ${page(road)} }`)
  const document = gql<AllData, AllVariables>`
    query ${typeNameOf(info)}Relations($id: ID!, $first: Int!, $asOf: DateTimeISO) {
      asset: ${singularOf(info)}(id: $id, asOf: $asOf) { __typename id ${roads.join(' ')} }
    }
    ${RelatedAssetFragmentDoc}
  `
  all.set(info, document)
  return document
}

/** One road, page by page, narrowed by a filter of the kind at its other end. */
export function oneRoad(info: KindInfo, road: Road) {
  const known = single.get(road)
  if (known) return known
  const filter = road.targets.length === 1 ? typeNameOf({ kind: road.targets[0]! }) : 'Asset'
  const document = gql<RoadData, RoadVariables>`
    query ${typeNameOf(info)}Road($id: ID!, $first: Int!, $after: String, $filter: ${filter}Filter, $asOf: DateTimeISO) {
      asset: ${singularOf(info)}(id: $id, asOf: $asOf) {
        __typename
        id
        page: ${road.field}(first: $first, after: $after, filter: $filter) { ${page(road)} }
      }
    }
    ${RelatedAssetFragmentDoc}
  `
  single.set(road, document)
  return document
}

/** How relations stand now, with the properties that these roads can have. */
export const standing = (roads: Road[]) =>
  gql<{ nodes: Standing[] }, { ids: string[] }>`
    query Standing($ids: [ID!]!) {
      nodes(ids: $ids) { ... on Relation { __typename id version validTo ${properties(roads)} } }
    }
  `

function page(road: Road): string {
  const relation = road.reference ? '' : `relation { __typename id version validFrom ${properties([road])} }`
  return `totalCount pageInfo { hasNextPage endCursor } edges { ${relation} node { ...RelatedAsset } }`
}

function properties(roads: Road[]): string {
  const names = new Set(roads.flatMap((road) => road.properties.map(({ name }) => name)))
  return `properties { ${[...names].join(' ')} }`
}
