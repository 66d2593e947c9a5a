import { gql, type TypedDocumentNode } from '@urql/core'
import type { KindInfo } from '#lib/assets/kinds.svelte.ts'
import { typeNameOf } from '#lib/kinds/documents.ts'

export type Facet = {
  field: string
  values: { value: string; label: string; count: number }[]
  otherCount: number
  missingCount: number
}
export type FacetData = Record<string, { facets: Facet[] } | undefined>

/** Facets that are filtered, and so counted by themselves; filters on more than these narrow each other's counts. */
export const OWN = 3

const documents = new Map<KindInfo, TypedDocumentNode<FacetData, Record<string, unknown>>>()

/** Counts a list by several fields at once, and by up to three more under filters of their own. */
export function facetDocument(info: KindInfo) {
  const known = documents.get(info)
  if (known) return known
  const Type = typeNameOf(info)
  const parts = ['rest', ...Array.from({ length: OWN }, (_, i) => `own${i}`)]
  const variables = parts.map(
    (part) => `$${part}: ${Type}Filter, $${part}By: [${Type}FacetField!]!, $${part}Asked: Boolean!`,
  )
  const fields = parts.map(
    (part) => `${part}: ${info.plural}(filter: $${part}, first: 1, asOf: $asOf) @include(if: $${part}Asked) {
      facets(by: $${part}By, first: 20) { field values { value label count } otherCount missingCount }
    }`,
  )
  const made: TypedDocumentNode<FacetData, Record<string, unknown>> = gql(
    `query ${Type}Facets($asOf: DateTimeISO, ${variables.join(', ')}) { ${fields.join(' ')} }`,
  )
  documents.set(info, made)
  return made
}
