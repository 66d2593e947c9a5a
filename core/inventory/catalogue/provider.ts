import { Entity, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ObjectType } from 'type-graphql'
import type { Faults } from '../../accounts/fields.ts'
import { CatalogueEntry, type Saying, type Shelf } from './entry.ts'
import { builtInProviders } from './providers/all.ts'
import { needText } from './read.ts'
import {
  asShipped,
  CatalogueRegion,
  editedRegions,
  followed,
  readRegions,
  type RegionInput,
} from './regions.ts'

@ObjectType({
  implements: CatalogueEntry,
  description: 'Somebody in whose datacenters things run, with regions and their zones.',
})
@Entity({ collection: 'catalogueProviders' })
@Unique({
  properties: ['code'],
  options: { collation: { locale: 'en', strength: 2, numericOrdering: true } },
})
export class CatalogueProvider extends CatalogueEntry {
  @Field(() => String, {
    description: 'What datacenters say in `provider`, such as AWS; at most 100 characters.',
  })
  @Property({ type: 'string' })
  code!: string

  @Field(() => String, { description: 'Its full name, such as Amazon Web Services.' })
  @Property({ type: 'string' })
  name!: string

  @Property({ type: 'json' })
  regions!: CatalogueRegion[]

  @Field(() => [CatalogueRegion], { name: 'regions', description: 'Its regions.' })
  shownRegions(): CatalogueRegion[] {
    return this.regions.filter(({ hidden }) => !hidden)
  }
}

/** Absent stays as it is; regions that are left out of the list are taken out. */
export interface ProviderInput {
  code?: string | null
  name?: string | null
  regions?: RegionInput[] | null
}

export const providers: Shelf<CatalogueProvider, ProviderInput> = {
  entryClass: CatalogueProvider,
  noun: 'provider',
  collection: 'catalogueProviders',
  most: 500,
  shipped: new Map(
    builtInProviders.map(({ code, name, regions }) => [
      code,
      { code, name, regions: regions.map(asShipped) },
    ]),
  ),
  nameOf: ({ name }) => name ?? '',
  unique: 'code',
  read: readProvider,
  follow: (stored, { regions, ...shipped }) => ({
    ...(stored.edited ? {} : shipped),
    regions: followed(stored.regions, regions!),
  }),
  // Regions that were added here are nowhere else, so they stay.
  reset: (stored, { regions, ...shipped }) => ({
    ...shipped,
    regions: followed(
      stored.regions.filter(({ code, edited }) => edited && !regions!.some((one) => one.code === code)),
      regions!,
    ),
  }),
}

function readProvider(faults: Faults, input: ProviderInput, before: CatalogueProvider | null) {
  const says: Saying<CatalogueProvider> = {}
  if (!before || input.code != null) says.code = needText(faults, 'code', input.code, 100)
  if (!before || input.name != null) says.name = needText(faults, 'name', input.name, 180)
  if (!before || input.regions != null)
    says.regions = editedRegions(before?.regions ?? [], readRegions(input.regions ?? []))
  return says
}
