import type { AssetKind } from '#lib/gql/generated.ts'

/** Where the pages of a kind are; the kinds in the order in which the menu has them. */
export const paths: Record<AssetKind, string> = {
  SERVER: '/servers',
  APP: '/apps',
  SYSTEM: '/systems',
  CLIENT: '/clients',
  DATACENTER: '/datacenters',
  VOLUME: '/volumes',
  SNAPSHOT: '/snapshots',
  IMAGE: '/images',
  NETWORK: '/networks',
  FLAVOR: '/flavors',
}

/** The kind of `/servers` and the like; undefined for every other page. */
export function kindAt(path: string): AssetKind | undefined {
  return (Object.keys(paths) as AssetKind[]).find((kind) => paths[kind] === path)
}
