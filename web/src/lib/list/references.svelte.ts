import { client } from '#lib/client.ts'
import { ReferenceNamesDocument } from '#lib/gql/generated.ts'
import type { Condition, FieldType } from './conditions.ts'

type Named = { name: string; type: FieldType }

/** Names for the connections and assets that filter chips mention by id. */
export function references(conditions: () => Condition[], fields: () => Named[]) {
  let names = $state.raw<Record<string, string>>({})

  $effect(() => {
    const pointing = fields().filter((field) => field.type === 'REFERENCE')
    const ids = conditions().flatMap(({ field, values }) =>
      field === 'connection' || pointing.some(({ name }) => name === field) ? values : [],
    )
    if (!ids.length) return
    void client
      .query(ReferenceNamesDocument, { ids }, { requestPolicy: 'cache-first' })
      .toPromise()
      .then(({ data }) => {
        names = Object.fromEntries(
          (data?.nodes ?? []).flatMap((node) => (node && 'name' in node ? [[node.id, node.name]] : [])),
        )
      })
  })

  return {
    get current() {
      return names
    },
  }
}
