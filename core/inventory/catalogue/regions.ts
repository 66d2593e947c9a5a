import { Field, ObjectType } from 'type-graphql'
import { Faults } from '../../accounts/fields.ts'
import { type Fault, fault, UserFault } from '../../platform/errors.ts'
import type { Region } from './providers/region.ts'
import { needText, readList } from './read.ts'

@ObjectType({ description: 'A region of a provider.' })
export class CatalogueRegion implements Region {
  @Field(() => String, { description: "As the provider's API calls it, such as eu-west-1." })
  code!: string

  @Field(() => String, { description: 'As people call it, such as Ireland.' })
  name!: string

  @Field(() => [String], { description: "Its zones, as the provider's API calls them." })
  zones!: string[]

  /** Came with Maestro. */
  shipped!: boolean

  @Field(() => Boolean, {
    description: 'An administrator has changed or added it, so later versions of Maestro leave it as it is.',
  })
  edited!: boolean

  /** An administrator has taken it out; kept, so that later versions do not bring it back. */
  hidden!: boolean
}

export interface RegionInput {
  code: string
  name: string
  zones?: string[] | null
}

const maxRegions = 500

/** A region as it comes with Maestro. */
export const asShipped = (region: Region): CatalogueRegion => ({
  ...region,
  shipped: true,
  edited: false,
  hidden: false,
})

/** @throws UserFault whose path leads to the region */
export function readRegions(given: readonly RegionInput[]): Region[] {
  if (given.length > maxRegions)
    throw fault('LIMIT_REACHED', 'regions', `A provider may have ${maxRegions} regions.`)
  const codes = new Set<string>()
  return given.map((one, at) => {
    const faults = new Faults()
    const region = {
      code: needText(faults, 'code', one.code, 60),
      name: needText(faults, 'name', one.name, 100),
      zones: readList(faults, 'zones', one.zones ?? [], 100, 60),
    }
    faults.expect(!codes.has(region.code), 'TAKEN', 'code', `There are two regions "${region.code}".`)
    codes.add(region.code)
    within(faults, ['regions', String(at)])
    return region
  })
}

function within(faults: Faults, path: string[]) {
  try {
    faults.throwIfAny()
  } catch (error) {
    if (!(error instanceof UserFault)) throw error
    throw new UserFault(
      error.faults.map((one): Fault => ({ ...one, field: [...path, ...(one.field ?? [])] })),
    )
  }
}

/** The regions of a provider once an administrator has written this list of them. */
export function editedRegions(
  before: readonly CatalogueRegion[],
  wanted: readonly Region[],
): CatalogueRegion[] {
  const kept = wanted.map((region): CatalogueRegion => {
    const own = before.find(({ code }) => code === region.code)
    const changed = !own || own.name !== region.name || String(own.zones) !== String(region.zones)
    return {
      ...region,
      shipped: own?.shipped ?? false,
      edited: changed || own.edited,
      hidden: false,
    }
  })
  const left = before.filter((own) => own.shipped && !wanted.some(({ code }) => code === own.code))
  return [...kept, ...left.map((own) => ({ ...own, hidden: true }))]
}

/** The regions of a provider once it follows what is shipped now, where nobody has changed that. */
export function followed(
  stored: readonly CatalogueRegion[],
  shipped: readonly CatalogueRegion[],
): CatalogueRegion[] {
  const now = shipped.map((region): CatalogueRegion => {
    const own = stored.find(({ code }) => code === region.code)
    if (!own) return region
    return own.edited ? { ...own, shipped: true } : { ...region, hidden: own.hidden }
  })
  const others = stored.filter(({ code }) => !shipped.some((region) => region.code === code))
  return [...now, ...others.filter(({ edited, hidden }) => edited || hidden)]
}
