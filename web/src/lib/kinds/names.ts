import { kindInfo } from '#lib/assets/kinds.svelte.ts'
import { client } from '#lib/client.ts'
import type { AssetKind } from '#lib/gql/generated.ts'
import { documentsOf } from './documents.ts'

async function some(kind: AssetKind, filter: Record<string, unknown>, first: number) {
  const info = kindInfo(kind)
  if (!info) return []
  const { data } = await client
    .query(documentsOf(info).names, { filter, first }, { requestPolicy: 'network-only' })
    .toPromise()
  return data?.list.nodes ?? []
}

/** Live assets of a kind whose name contains the text, for type-ahead. */
export async function named(kind: AssetKind, text: string) {
  const found = await some(kind, { name: { contains: text } }, 10)
  return found.map(({ id, name, environment }) => ({
    value: id,
    label: name,
    note: environment ?? undefined,
  }))
}

/** Other live assets of the kind that have exactly this value already. */
export async function alike(kind: AssetKind, field: string, value: string, own: string | undefined) {
  const found = await some(kind, { [field]: { eq: value } }, 4)
  return found.filter(({ id }) => id !== own).slice(0, 3)
}
