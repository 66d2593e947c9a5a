import { AssetStatus } from '../../inventory/asset.ts'
import type { CrawlContext, Observation, ThingRef } from '../crawler.ts'
import type { Cloud } from './cloud.ts'
import { novaHeaders } from './nova.ts'
import { allOf, type Listing } from './pages.ts'
import { extrasOf, type Thing, thingsOf, UnreadableThing } from './thing.ts'

/** Ids of flavors are free words such as "1", so that two regions may mean two sizes by one. */
export const flavorId = (region: string, id: string) => `${region}/${id}`

export const flavorListing = async (
  cloud: Cloud,
  context: CrawlContext,
  region: string,
): Promise<Listing> => ({
  service: 'compute',
  region,
  path: '/flavors/detail',
  collection: 'flavors',
  // Those that an administrator keeps for some projects as well.
  query: [['is_public', 'None']],
  headers: await novaHeaders(cloud, context, region),
})

export function translateFlavor(flavor: Thing, region: string): Observation {
  const { name, vcpus, memoryGiB, diskGiB } = sizeOf(flavor)
  const ephemeral = flavor.number('OS-FLV-EXT-DATA:ephemeral')
  const disks = [diskGiB ? `${diskGiB} GiB` : null, ephemeral ? `${ephemeral} GiB ephemeral` : null].filter(
    Boolean,
  )
  const disabled = flavor.flag('OS-FLV-DISABLED:disabled')
  return {
    externalId: flavorId(region, flavor.id),
    values: {
      name: name ?? flavor.id,
      description: flavor.text('description'),
      status: disabled ? AssetStatus.STOPPED : AssetStatus.ACTIVE,
      region,
      providerId: flavor.id,
      apiName: name,
      provider: 'OpenStack',
      service: 'Nova',
      vcpus,
      memoryGiB,
      localStorage: disks.join(' and ') || undefined,
      public: flavor.flag('os-flavor-access:is_public'),
      extras: [
        ...extrasOf(flavor, { swap: 'swap', rxtx_factor: 'rxtx_factor' }),
        ...flavor.entries('extra_specs').map(([key, value]) => ({ key, value })),
      ],
    },
  }
}

/** How large a server is, and which flavor says so. */
export interface Size {
  name: string | undefined
  vcpus: number | undefined
  memoryGiB: number | undefined
  diskGiB: number | undefined
  ref?: ThingRef
}

export const sizeOf = (flavor: Thing): Size => {
  const ram = flavor.number('ram')
  return {
    name: flavor.text('original_name') ?? flavor.text('name'),
    vcpus: flavor.number('vcpus'),
    memoryGiB: ram === undefined ? undefined : Math.round((ram / 1024) * 100) / 100,
    diskGiB: flavor.number('disk'),
  }
}

/** The flavors of a region as servers speak of them: by name since Nova 2.47, by id before. */
export class FlavorBook {
  readonly #byId = new Map<string, Size>()
  readonly #byName = new Map<string, Size>()

  constructor(region: string, flavors: Thing[]) {
    for (const flavor of flavors) {
      const size = readSize(flavor)
      if (!size) continue
      const ref = { resource: 'flavors', externalId: flavorId(region, size.id) }
      this.#byId.set(size.id, { ...size, ref })
      if (size.name) this.#byName.set(size.name, { ...size, ref })
    }
  }

  static async read(cloud: Cloud, context: CrawlContext, region: string): Promise<FlavorBook> {
    const listing = await flavorListing(cloud, context, region)
    return new FlavorBook(region, thingsOf(await allOf(cloud, context, listing)))
  }

  /** What the server itself says comes first: it keeps its size when the flavor is gone or made anew. */
  sizeFor(flavor: Thing | undefined): Size | undefined {
    if (!flavor) return undefined
    const id = flavor.text('id')
    if (id) return this.#byId.get(id)
    const own = sizeOf(flavor)
    const named = own.name ? this.#byName.get(own.name) : undefined
    const same = named && named.vcpus === own.vcpus && named.memoryGiB === own.memoryGiB
    return { ...own, ...(same && named.ref && { ref: named.ref }) }
  }
}

/** Flavors that cannot be read are set aside where they are listed; servers do without them. */
function readSize(flavor: Thing): (Size & { id: string }) | null {
  try {
    return { ...sizeOf(flavor), id: flavor.id }
  } catch (error) {
    if (error instanceof UnreadableThing) return null
    throw error
  }
}
