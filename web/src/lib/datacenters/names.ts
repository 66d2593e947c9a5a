import { client } from '#lib/client.ts'
import { DatacenterNamesDocument } from '#lib/gql/generated.ts'

export async function datacentersNamed(text: string) {
  const { data } = await client
    .query(DatacenterNamesDocument, { text }, { requestPolicy: 'network-only' })
    .toPromise()
  return (data?.datacenters.nodes ?? []).map((each) => ({
    value: each.id,
    label: each.name,
    note: each.provider,
    regions: each.regions,
  }))
}
