import { client } from '#lib/client.ts'
import {
  AssetFieldValuesDocument,
  AssetKindsDocument,
  type AssetKind,
  type FieldInfoFragment,
} from '#lib/gql/generated.ts'

export type AssetFieldInfo = FieldInfoFragment
export type KindInfo = { kind: AssetKind; name: string; plural: string; fields: AssetFieldInfo[] }

let kinds = $state.raw<KindInfo[]>([])
let asked = false

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** What a kind is made of; undefined until the API has said so, once per visit. */
export function kindInfo(kind: AssetKind): KindInfo | undefined {
  if (!asked) {
    asked = true
    void client
      .query(AssetKindsDocument, {}, { requestPolicy: 'cache-first' })
      .toPromise()
      .then(({ data }) => {
        if (data)
          kinds = data.assetKinds.map((each) => ({
            ...each,
            name: capital(each.name),
            plural: capital(each.plural),
          }))
        else asked = false
      })
  }
  return kinds.find((each) => each.kind === kind)
}

/** Suggestions for a field from what the estate already contains, the most frequent first. */
export async function fieldValues(kind: AssetKind, field: string, text: string) {
  const { data } = await client
    .query(AssetFieldValuesDocument, { kind, field, text: text || null }, { requestPolicy: 'network-only' })
    .toPromise()
  return (data?.assetFieldValues ?? []).map(({ value, count }) => ({
    value,
    label: value,
    note: String(count),
  }))
}
