import { Entity, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ObjectType } from 'type-graphql'
import type { Faults } from '../../accounts/fields.ts'
import { CatalogueEntry, type Saying, type Shelf } from './entry.ts'
import { OptionList } from './optionList.ts'
import { builtInOptions } from './options/all.ts'
import { needText } from './read.ts'

@ObjectType({ implements: CatalogueEntry, description: 'A value that forms suggest.' })
@Entity({ collection: 'catalogueOptions' })
@Unique({
  properties: ['list', 'value'],
  options: { collation: { locale: 'en', strength: 2, numericOrdering: true } },
})
export class CatalogueOption extends CatalogueEntry {
  @Field(() => OptionList, { description: 'List that it belongs to.' })
  @Property({ type: 'string' })
  list!: OptionList

  @Field(() => String, { description: 'The value; at most 100 characters.' })
  @Property({ type: 'string' })
  value!: string

  /** Place in its list; those that were added come last. */
  @Property({ type: 'integer' })
  place!: number
}

/** An option stays in its list. */
export interface OptionInput {
  list?: OptionList
  value?: string | null
}

const lastPlace = 1_000

export const options: Shelf<CatalogueOption, OptionInput> = {
  entryClass: CatalogueOption,
  noun: 'option',
  collection: 'catalogueOptions',
  most: 5000,
  shipped: new Map(
    Object.values(OptionList).flatMap((list) =>
      builtInOptions[list].map((value, place) => [`${list}:${value}`, { list, value, place }]),
    ),
  ),
  nameOf: ({ list, value }) => `${list ?? ''}: ${value ?? ''}`,
  unique: 'value',
  read: readOption,
  follow: (stored, { place, ...shipped }) => (stored.edited ? { place } : { place, ...shipped }),
  reset: (_stored, shipped) => shipped,
}

function readOption(faults: Faults, input: OptionInput, before: CatalogueOption | null) {
  const says: Saying<CatalogueOption> = before ? {} : { list: input.list!, place: lastPlace }
  if (!before || input.value != null) says.value = needText(faults, 'value', input.value, 100)
  return says
}
