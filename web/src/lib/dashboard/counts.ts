import { gql, type TypedDocumentNode } from '@urql/core'
import type { AppFamily, AssetKind } from '#lib/gql/generated.ts'
import { familyNames } from '#lib/kinds/families.ts'
import { paths } from '#lib/kinds/paths.ts'

type Counts = Record<string, { totalCount: number }>

const kinds = Object.keys(paths) as AssetKind[]

/** The field of the API that lists a kind. */
const listOf = (kind: AssetKind) => paths[kind].slice(1)

/** How many there are of each kind and of each family of apps, in one question. */
export const CountsDocument: TypedDocumentNode<Counts, Record<string, never>> = gql(
  `query InventoryCounts {
    ${kinds.map((kind) => `${listOf(kind)}(first: 1) { totalCount }`).join(' ')}
    ${familyNames.map((family) => `FAMILY_${family}: apps(first: 1, filter: { family: { eq: ${family} } }) { totalCount }`).join(' ')}
  }`,
)

export const countOf = (counts: Counts, kind: AssetKind) => counts[listOf(kind)]?.totalCount ?? 0

/** The families that there are, the most frequent first. */
export function familyCounts(counts: Counts): { family: AppFamily; n: number }[] {
  return familyNames
    .map((family) => ({ family, n: counts[`FAMILY_${family}`]?.totalCount ?? 0 }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n)
}
