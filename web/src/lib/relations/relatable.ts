import { client } from '#lib/client.ts'
import {
  RelatableLookupDocument,
  RelatableNamesDocument,
  type RelatedAssetFragment,
} from '#lib/gql/generated.ts'
import { families } from '#lib/kinds/families.ts'
import { kindPages } from '#lib/kinds/kindPages.ts'
import type { Road } from './roads.ts'

export type Relatable = { value: string; label: string; note: string; asset: RelatedAssetFragment }

/** What may stand at the other end of a road, by whatever was typed; some of it while nothing was. */
export async function relatable(road: Road, text: string, except: string[]): Promise<Relatable[]> {
  const kinds = road.targets
  const fresh = { requestPolicy: 'network-only' as const }
  const found = text.trim()
    ? (await client.query(RelatableLookupDocument, { text: text.trim(), kinds }, fresh).toPromise()).data
        ?.lookup
    : (await client.query(RelatableNamesDocument, { kinds }, fresh).toPromise()).data?.assets.nodes
  return (found ?? [])
    .filter(({ id }) => !except.includes(id))
    .map((asset) => ({ value: asset.id, label: asset.name.slice(0, 200), note: noteOf(asset), asset }))
}

/** What tells things of the same name apart. */
function noteOf(asset: RelatedAssetFragment): string {
  const own =
    asset.__typename === 'App'
      ? families[asset.family].one
      : asset.__typename === 'Server'
        ? (asset.ipv4Private ?? kindPages.SERVER.one)
        : kindPages[asset.kind].one
  return [own, asset.environment].filter(Boolean).join(' · ')
}
