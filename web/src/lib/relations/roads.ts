import type { KindInfo } from '#lib/assets/kinds.svelte.ts'
import type { RelatedAssetFragment, RoadInfoFragment } from '#lib/gql/generated.ts'

/** A way from an asset to related ones, as the API tells it: a kind of relation, and from which end. */
export type Road = RoadInfoFragment
export type PropertyInfo = Road['properties'][number]
export type Properties = Record<string, string | number | boolean | null>

export type RelationFacts = { id: string; version: number; validFrom: string; properties: Properties }

/** What stands at the other end, and the relation; null where a field of the other end says so. */
export type Related = { node: RelatedAssetFragment; relation?: RelationFacts | null }

/** Every road once: those that only narrow another one show nothing of their own. */
export const roadsOf = (info: KindInfo): Road[] => info.relations.filter((road) => !road.only)

/** Relations of many to many; what an asset has one of is set in its form. */
export const editableRoads = (info: KindInfo): Road[] => roadsOf(info).filter((road) => !road.reference)

type Starter = { kind: string; family?: unknown; databaseEngine?: unknown }

/** What is only said of some that start such a relation; a property that is known is shown in any case. */
const FITS: Record<string, (starter: Starter) => boolean> = {
  storageType: ({ family }) => family === 'DATABASE',
  storagePath: ({ family }) => family === 'DATABASE',
  dataGuardRole: ({ databaseEngine }) => databaseEngine === 'ORACLE',
}

/** The properties that make sense for a relation that starts at this asset. */
export const propertiesFor = (road: Road, starter: Starter, known: Record<string, unknown>): PropertyInfo[] =>
  road.properties.filter(({ name }) => FITS[name]?.(starter) !== false || hasValue(known[name]))

/** False is what a relation is anyway, so only true is worth a word. */
export const hasValue = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && value !== false
