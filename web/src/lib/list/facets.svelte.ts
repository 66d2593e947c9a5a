import { asOf } from '#lib/asOf/asOf.ts'
import type { KindInfo } from '#lib/assets/kinds.svelte.ts'
import { typeNameOf } from '#lib/kinds/documents.ts'
import { query } from '#lib/query.svelte.ts'
import type { Condition } from './conditions.ts'
import { facetDocument, OWN, type Facet } from './facetDocument.ts'

type Filter = Record<string, unknown> | null

/** instanceType → INSTANCE_TYPE: how the API calls what can be counted. */
const constant = (field: string) => field.replace(/(?<=[a-z0-9])(?=[A-Z][a-z])/g, '_').toUpperCase()

/**
 * How a list spreads over the values of some fields. A field that is filtered is counted as if it were not, so that its
 * other values can be chosen beside the one.
 */
export function facets(
  info: KindInfo,
  fields: string[],
  conditions: () => Condition[],
  filterFor: (conditions: Condition[]) => Filter,
) {
  const variables = $derived.by(() => {
    const chosen = conditions()
    const own = fields.filter((field) => chosen.some((each) => each.field === field)).slice(0, OWN)
    const part = (name: string, by: string[], filter: Filter) => ({
      [name]: filter,
      [`${name}By`]: by.map(constant),
      [`${name}Asked`]: by.length > 0,
    })
    return Object.assign(
      { asOf: asOf() },
      part(
        'rest',
        fields.filter((field) => !own.includes(field)),
        filterFor(chosen),
      ),
      ...Array.from({ length: OWN }, (_, i) => {
        const field = own[i]
        const others = chosen.filter((each) => each.field !== field)
        return part(`own${i}`, field ? [field] : [], field ? filterFor(others) : null)
      }),
    ) as Record<string, unknown>
  })
  const asked = query(facetDocument(info), () => (fields.length ? variables : null), [typeNameOf(info)])
  const found = $derived(
    Object.values(asked.data ?? {}).flatMap((part) => (part && 'facets' in part ? part.facets : [])),
  )

  return {
    /** In the order in which they were asked for. */
    get current(): Facet[] {
      return fields.flatMap((field) => found.find((facet) => facet.field === field) ?? [])
    },
    get stale() {
      return asked.stale
    },
    reload: () => asked.reload(),
  }
}

/** The conditions when a value of a facet is chosen, or given up where it was chosen already. */
export function toggleValue(conditions: Condition[], field: string, value: string): Condition[] {
  const at = conditions.findIndex((each) => each.field === field && each.operator === 'is')
  const before = conditions[at]?.values ?? []
  const values = before.includes(value) ? before.filter((each) => each !== value) : [...before, value]
  const next: Condition = { field, operator: 'is', values }
  const others = conditions.filter((each) => each.field !== field)
  return values.length
    ? at < 0
      ? [...others, next]
      : conditions.map((each, i) => (i === at ? next : each))
    : others
}
