import type { CombinedError } from '@urql/core'
import { client } from '#lib/client.ts'
import {
  AssetFieldValuesDocument,
  AssetKindsDocument,
  type AssetKind,
  type AssetKindsQuery,
  type FieldInfoFragment,
} from '#lib/gql/generated.ts'

export type AssetFieldInfo = FieldInfoFragment
export type ItemFieldInfo = FieldInfoFragment['itemFields'][number]
export type KindInfo = AssetKindsQuery['assetKinds'][number]

let kinds = $state.raw<KindInfo[]>([])
let problem = $state.raw<CombinedError>()
let asked = false

async function ask() {
  asked = true
  const { data, error } = await client
    .query(AssetKindsDocument, {}, { requestPolicy: 'cache-first' })
    .toPromise()
  problem = error
  kinds = data?.assetKinds ?? []
}

/** What a kind is made of; undefined until the API has said so, once per visit. */
export function kindInfo(kind: AssetKind): KindInfo | undefined {
  if (!asked) void ask()
  return kinds.find((each) => each.kind === kind)
}

/** Why nothing is known about the kinds, and a way to ask again. */
export function kindsProblem() {
  return problem && { error: problem, again: () => void ask() }
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
