import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Fact, FactType } from '../../core/inventory/facts.ts'
import { allKinds, type Kind } from '../../core/inventory/kinds.ts'
import { filterOfFact } from './filters.ts'
import { AssetKinds, constantOf } from './kinds.ts'

const AssetFieldTypes: { [Type in FactType | 'BOOLEAN']: Type } = {
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

@ObjectType({ description: 'One field of a kind.' })
export class AssetFieldInfo {
  @Field(() => String, { description: 'Name of the field in the API, its filter and its inputs.' })
  name!: string

  @Field(() => String, { description: 'What to call it on screen.' })
  label!: string

  @Field(() => String, { description: 'What it says, in a sentence.' })
  description!: string

  @Field(() => String, { description: 'Heading under which it is shown.' })
  group!: string

  @Field(() => AssetFieldTypes, { description: 'How it is shown, filtered and entered.' })
  type!: FactType

  @Field(() => String, { nullable: true, description: 'Unit of a number.' })
  unit!: string | null

  @Field(() => [String], { nullable: true, description: 'Values of an ENUM.' })
  options!: string[] | null

  @Field(() => AssetKinds, { nullable: true, description: 'Kind that a REFERENCE points to.' })
  target!: string | null

  @Field(() => Boolean, { description: "Whether the kind's filter has it." })
  filterable!: boolean

  @Field(() => String, {
    nullable: true,
    description: "Its name in the kind's OrderField enum; null when lists cannot be ordered by it.",
  })
  orderField!: string | null

  @Field(() => Boolean, { description: 'Whether people may set it; otherwise only sources do.' })
  writable!: boolean

  @Field(() => Boolean, { description: 'Whether an asset needs it.' })
  required!: boolean

  @Field(() => Int, { nullable: true, description: 'Longest text that is accepted.' })
  maxLength!: number | null
}

@ObjectType({ description: 'What a kind is made of: drives tables, filters and forms.' })
export class AssetKindInfo {
  @Field(() => AssetKinds, { description: 'The kind.' })
  kind!: string

  @Field(() => String, { description: 'Name of one, such as server.' })
  name!: string

  @Field(() => String, { description: 'Name of several; also the field of Query that lists them.' })
  plural!: string

  @Field(() => [AssetFieldInfo], { description: 'Its fields, those of every asset first.' })
  fields!: AssetFieldInfo[]
}

export const kindInfos = (): AssetKindInfo[] =>
  allKinds().map((kind) => ({
    kind: kind.kind,
    name: spoken(kind),
    plural: kind.plural,
    fields: kind.facts.map(fieldInfo),
  }))

/** LoadBalancer → load balancer. */
const spoken = (kind: Kind) => kind.typeName.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()

const fieldInfo = (fact: Fact): AssetFieldInfo => ({
  name: fact.name,
  label: fact.label,
  description: fact.description,
  group: fact.group,
  type: fact.type,
  unit: fact.unit ?? null,
  options: fact.values ? Object.values(fact.values) : null,
  target: fact.target ?? null,
  filterable: filterOfFact(fact) !== undefined,
  orderField: fact.sortable ? constantOf(fact.name) : null,
  writable: fact.writable,
  required: fact.required ?? false,
  maxLength: fact.type === 'TEXT' ? fact.maxLength : null,
})
