import { Field, ObjectType, registerEnumType } from 'type-graphql'
import type { Suggest } from '../../core/inventory/catalogue/suggest.ts'
import type { FactType, ItemField } from '../../core/inventory/facts.ts'
import { SuggestionSources } from './suggestions.ts'

export const AssetFieldTypes: { [Type in FactType | 'BOOLEAN']: Type } = {
  TEXT: 'TEXT',
  NUMBER: 'NUMBER',
  BOOLEAN: 'BOOLEAN',
  DATE: 'DATE',
  ENUM: 'ENUM',
  ADDRESS: 'ADDRESS',
  LIST: 'LIST',
  OBJECTS: 'OBJECTS',
  REFERENCE: 'REFERENCE',
}
registerEnumType(AssetFieldTypes, {
  name: 'AssetFieldType',
  description: 'How a field is shown, filtered and entered.',
  valuesConfig: {
    TEXT: { description: 'A line of text.' },
    NUMBER: { description: 'A number; `unit` says of what.' },
    BOOLEAN: { description: 'Yes or no.' },
    DATE: { description: 'A moment.' },
    ENUM: { description: 'One of the `options`.' },
    ADDRESS: { description: 'An IP address.' },
    LIST: { description: 'Several texts.' },
    OBJECTS: { description: 'Several things with fields of their own.' },
    REFERENCE: { description: 'Another asset, of the kind that `target` names.' },
  },
})

@ObjectType({ description: 'One field of the items of an OBJECTS field, or of a relation.' })
export class AssetItemFieldInfo {
  @Field(() => String, { description: 'Name of the field in the API.' })
  name!: string

  @Field(() => String, { description: 'What to call it on screen.' })
  label!: string

  @Field(() => String, { description: 'What it says, in a sentence.' })
  description!: string

  @Field(() => AssetFieldTypes, { description: 'How it is shown and entered.' })
  type!: FactType

  @Field(() => String, { nullable: true, description: 'Unit of a number.' })
  unit!: string | null

  @Field(() => [String], { nullable: true, description: 'Values of an ENUM.' })
  options!: string[] | null

  @Field(() => SuggestionSources, {
    nullable: true,
    description: 'Where suggestions for its values come from; null when there are none.',
  })
  suggest!: Suggest | null

  @Field(() => Boolean, { description: 'Whether an item needs it.' })
  required!: boolean
}

export const itemFieldInfo = (field: ItemField): AssetItemFieldInfo => ({
  name: field.name,
  label: field.label,
  description: field.description,
  type: field.type,
  unit: field.unit ?? null,
  options: field.values ? Object.values(field.values) : null,
  suggest: field.suggest ?? null,
  required: field.required ?? false,
})
