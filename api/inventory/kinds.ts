import '../../core/entities.ts'
import { registerEnumType } from 'type-graphql'
import { allKinds } from '../../core/inventory/kinds.ts'

const kinds = allKinds()

/** Every kind of asset, as an enum of the API. */
export const AssetKinds: Record<string, string> = Object.fromEntries(kinds.map(({ kind }) => [kind, kind]))
registerEnumType(AssetKinds, {
  name: 'AssetKind',
  description: 'What kind of thing an asset is.',
  valuesConfig: Object.fromEntries(kinds.map(({ kind, description }) => [kind, { description }])),
})

/** Server → server, LoadBalancer → loadBalancer. */
export const singularOf = (typeName: string) => typeName.charAt(0).toLowerCase() + typeName.slice(1)

/** ipv4Private → IPV4_PRIVATE, memoryGiB → MEMORY_GIB. */
export const constantOf = (field: string) => field.replace(/(?<=[a-z0-9])(?=[A-Z][a-z])/g, '_').toUpperCase()
