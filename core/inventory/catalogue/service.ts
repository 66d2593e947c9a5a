import { Entity, Index, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ObjectType } from 'type-graphql'
import type { Faults } from '../../accounts/fields.ts'
import { AppFamily } from '../families.ts'
import { CatalogueEntry, type Saying, type Shelf } from './entry.ts'
import { needText, readList } from './read.ts'
import { builtInServices } from './services/all.ts'

@ObjectType({
  implements: CatalogueEntry,
  description: 'A language, a product or a service of a provider, which apps name as their product.',
})
@Entity({ collection: 'catalogueServices' })
@Unique({
  properties: ['name'],
  options: { collation: { locale: 'en', strength: 2, numericOrdering: true } },
})
@Index({ properties: ['families', 'name'] })
export class CatalogueService extends CatalogueEntry {
  @Field(() => String, { description: 'What it is called; at most 180 characters.' })
  @Property({ type: 'string' })
  name!: string

  @Field(() => [AppFamily], { description: 'Families of apps that it is suggested for.' })
  @Property({ type: 'json' })
  families!: AppFamily[]

  @Field(() => [String], { description: 'What else it is found by, such as mysql, relational or aws.' })
  @Property({ type: 'json' })
  tags!: string[]

  @Field(() => Boolean, { description: 'Whether a provider runs it as a service.' })
  @Property({ type: 'boolean' })
  managed!: boolean
}

/** Absent stays as it is. */
export interface ServiceInput {
  name?: string | null
  families?: AppFamily[] | null
  tags?: string[] | null
  managed?: boolean | null
}

export const services: Shelf<CatalogueService, ServiceInput> = {
  entryClass: CatalogueService,
  noun: 'service',
  collection: 'catalogueServices',
  most: 5000,
  shipped: new Map(builtInServices.map((service) => [service.name, { ...service }])),
  nameOf: ({ name }) => name ?? '',
  unique: 'name',
  read: readService,
  follow: (stored, shipped) => (stored.edited ? {} : shipped),
  reset: (_stored, shipped) => shipped,
}

function readService(faults: Faults, input: ServiceInput, before: CatalogueService | null) {
  const says: Saying<CatalogueService> = {}
  if (!before || input.name != null) says.name = needText(faults, 'name', input.name, 180)
  if (!before || input.families != null) {
    says.families = [...new Set(input.families)]
    faults.expect(says.families.length > 0, 'REQUIRED', 'families', 'Please choose at least one family.')
  }
  if (!before || input.tags != null) says.tags = readList(faults, 'tags', input.tags ?? [], 32, 60)
  if (!before || input.managed != null) says.managed = input.managed ?? false
  return says
}
