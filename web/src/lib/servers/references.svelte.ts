import { client } from '#lib/client.ts'
import { ReferenceNamesDocument } from '#lib/gql/generated.ts'
import { readCondition } from '#lib/list/conditions.ts'

/** Names for the connections and datacenters that filter chips mention by id. */
export function references(chips: () => string[]) {
  let names = $state.raw<Record<string, string>>({})

  $effect(() => {
    const ids = chips()
      .map(readCondition)
      .flatMap((each) => (each && ['connection', 'datacenter'].includes(each.field) ? each.values : []))
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
