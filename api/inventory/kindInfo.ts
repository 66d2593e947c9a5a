import { Field, Int, ObjectType } from 'type-graphql'
import type { Suggest } from '../../core/inventory/catalogue/suggest.ts'
import { type Fact, type FactType, itemFieldsOf } from '../../core/inventory/facts.ts'
import { AppFamily, type AppSpec, appSpecs, DatabaseEngine } from '../../core/inventory/families.ts'
import { allKinds, type Kind } from '../../core/inventory/kinds.ts'
import { formOf } from './appSpec.ts'
import { filterOfFact } from './filters.ts'
import { AssetFieldTypes, AssetItemFieldInfo, itemFieldInfo } from './itemInfo.ts'
import { AssetKinds, constantOf } from './kinds.ts'
import { AssetRelationInfo, relationInfos } from './relationInfo.ts'
import { SuggestionSources } from './suggestions.ts'

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

  @Field(() => SuggestionSources, {
    nullable: true,
    description: 'Where suggestions for its values come from; null when only the estate itself has some.',
  })
  suggest!: Suggest | null

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

  @Field(() => Boolean, {
    description: 'Whether it is a part of `spec`: read and set in the form that fits the family.',
  })
  spec!: boolean

  @Field(() => [AssetItemFieldInfo], { description: 'Fields of the items of an OBJECTS; none of others.' })
  itemFields!: AssetItemFieldInfo[]
}

@ObjectType({ description: 'The form that the specification of one family takes.' })
export class AssetSpecInfo {
  @Field(() => String, { description: 'Name of the form in the `spec` of an input.' })
  form!: string

  @Field(() => String, { description: 'Name of the type in which `spec` is answered.' })
  typeName!: string

  @Field(() => AppFamily, { description: 'Which family it fits.' })
  family!: AppFamily

  @Field(() => DatabaseEngine, { nullable: true, description: 'Only for databases of this engine.' })
  engine!: DatabaseEngine | null

  @Field(() => [String], { description: 'Names of its fields, in their order.' })
  fields!: string[]
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

  @Field(() => [AssetSpecInfo], { description: 'Forms of its specification; none where it has no families.' })
  specs!: AssetSpecInfo[]

  @Field(() => [AssetRelationInfo], { description: 'Fields of its type that lead to related assets.' })
  relations!: AssetRelationInfo[]
}

export const kindInfos = (): AssetKindInfo[] =>
  allKinds().map((kind) => ({
    kind: kind.kind,
    name: spoken(kind),
    plural: kind.plural,
    fields: kind.facts.map(fieldInfo),
    specs: kind.kind === 'APP' ? appSpecs.map(specInfo) : [],
    relations: relationInfos(kind),
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
  suggest: fact.suggest ?? null,
  filterable: filterOfFact(fact) !== undefined,
  orderField: fact.sortable ? constantOf(fact.name) : null,
  writable: fact.writable,
  required: fact.required ?? false,
  maxLength: fact.type === 'TEXT' ? fact.maxLength : null,
  spec: fact.spec ?? false,
  itemFields: itemFieldsOf(fact).map(itemFieldInfo),
})

const specInfo = (spec: AppSpec): AssetSpecInfo => ({
  form: formOf(spec),
  typeName: spec.typeName,
  family: spec.family,
  engine: spec.engine ?? null,
  fields: spec.facts,
})
