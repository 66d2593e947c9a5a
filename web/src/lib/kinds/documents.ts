import { gql, type TypedDocumentNode } from '@urql/core'
import type { AssetFieldInfo, KindInfo } from '#lib/assets/kinds.svelte.ts'
import type { UserErrors } from '#lib/client.ts'
import {
  AssetHeadFragmentDoc,
  AssetSourcesFragmentDoc,
  type AssetHeadFragment,
  type AssetSourcesFragment,
} from '#lib/gql/generated.ts'

/** What is known about an asset of whatever kind: what all have in common, and its fields by name. */
export type AssetRow = AssetHeadFragment & Record<string, unknown>
export type AssetPage = AssetRow & AssetSourcesFragment

type PageInfo = {
  hasNextPage: boolean
  hasPreviousPage: boolean
  startCursor: string | null
  endCursor: string | null
}
type ListData = { list: { nodes: AssetRow[]; totalCount: number; pageInfo: PageInfo } }
type NamesData = { list: { nodes: { id: string; name: string; environment: string | null }[] } }
type PageData = { asset: AssetPage | null }
type SaveData = {
  save: { asset: AssetRow | null; changeSet: { id: string } | null; userErrors: UserErrors }
}
type Variables = Record<string, unknown>

export type KindDocuments = {
  list: TypedDocumentNode<ListData, Variables>
  /** Just enough to tell assets apart, for type-ahead. */
  names: TypedDocumentNode<NamesData, { filter: Variables; first: number }>
  page: TypedDocumentNode<PageData, { id: string; asOf?: string | null }>
  create: TypedDocumentNode<SaveData, { input: Variables }>
  update: TypedDocumentNode<SaveData, { input: Variables }>
}

const built = new Map<KindInfo, KindDocuments>()

/** The operations of a kind, written from what the API says about its fields. */
export function documentsOf(info: KindInfo): KindDocuments {
  const known = built.get(info)
  if (known) return known
  const one = singularOf(info)
  const Type = typeNameOf(info)
  const many = info.plural
  const save = (verb: 'Create' | 'Update') =>
    document<SaveData, { input: Variables }>(
      `mutation ${Type}${verb}($input: ${Type}${verb}Input!) {
        save: ${one}${verb}(input: $input) {
          asset: ${one} { ...AssetHead }
          changeSet { id }
          userErrors { code field message }
        }
      }`,
    )
  const documents: KindDocuments = {
    list: document(
      `query ${Type}List($first: Int, $after: String, $last: Int, $before: String, $filter: ${Type}Filter, $orderBy: [${Type}Order!], $asOf: DateTimeISO) {
        list: ${many}(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy, asOf: $asOf) {
          nodes { ...AssetHead ${selection(info, (field) => field.type !== 'OBJECTS')} }
          totalCount
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }`,
    ),
    names: gql(
      `query ${Type}Names($filter: ${Type}Filter, $first: Int) {
        list: ${many}(first: $first, filter: $filter) { nodes { __typename id name environment } }
      }`,
    ),
    page: document(
      `query ${Type}Page($id: ID!, $asOf: DateTimeISO) {
        asset: ${one}(id: $id, asOf: $asOf) { ...AssetHead ...AssetSources ${selection(info, () => true)} }
      }`,
      true,
    ),
    create: save('Create'),
    update: save('Update'),
  }
  built.set(info, documents)
  return documents
}

/** LOAD_BALANCER → loadBalancer: how the API calls one of a kind. */
export const singularOf = ({ kind }: { kind: string }): string =>
  kind.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** LOAD_BALANCER → LoadBalancer: how the API calls the type of a kind. */
export function typeNameOf({ kind }: { kind: string }): string {
  const one = singularOf({ kind })
  return one.charAt(0).toUpperCase() + one.slice(1)
}

function document<Data, Given extends Variables>(text: string, sources = false) {
  return sources
    ? gql<Data, Given>`
        ${text}
        ${AssetHeadFragmentDoc}
        ${AssetSourcesFragmentDoc}
      `
    : gql<Data, Given>`
        ${text}
        ${AssetHeadFragmentDoc}
      `
}

/** The fields of a kind beyond those that every asset has; those of a specification in the form of each family. */
function selection(info: KindInfo, wanted: (field: AssetFieldInfo) => boolean): string {
  const fields = info.fields.filter((field) => wanted(field) && !COMMON.includes(field.name))
  const own = fields.filter((field) => !field.spec).map(written)
  if (!info.specs.length) return own.join(' ')
  const forms = info.specs.map((spec) => {
    const parts = fields.filter((field) => field.spec && spec.fields.includes(field.name))
    return `... on ${spec.typeName} { __typename ${parts.map(written).join(' ')} }`
  })
  return `${own.join(' ')} spec { ${forms.join(' ')} }`
}

/** What the fragment of every asset asks for. */
const COMMON = ['name', 'description', 'status', 'environment', 'tags']

function written({ name, type, itemFields }: AssetFieldInfo): string {
  if (type === 'REFERENCE') return `${name} { __typename id kind name }`
  if (type === 'OBJECTS') return `${name} { ${itemFields.map((item) => item.name).join(' ')} }`
  return name
}

/** An asset with the fields of its specification beside the others. */
export function flat<Asset extends AssetRow>(asset: Asset): Asset {
  const { spec } = asset
  return spec && typeof spec === 'object' ? { ...spec, ...asset } : asset
}
