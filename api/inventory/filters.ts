import { type ClassType, Field, Float, ID, InputType } from 'type-graphql'
import { anyKind, farKindOf } from '../../core/inventory/anyKind.ts'
import type { Fact } from '../../core/inventory/facts.ts'
import type { Kind } from '../../core/inventory/kinds.ts'
import { roadsOf } from '../../core/inventory/relationKinds.ts'
import { AssetKinds } from './kinds.ts'

@InputType({
  description:
    'Conditions on a text; all that are given must hold. Case counts only for `eq`, `ne`, `in`, `nin`.',
})
export class TextFilter {
  @Field(() => String, { nullable: true, description: 'Is exactly this.' })
  eq?: string | null

  @Field(() => String, { nullable: true, description: 'Is not this, or has no value.' })
  ne?: string | null;

  @Field(() => [String], { nullable: true, description: 'Is one of these; at most 500.' })
  in?: string[] | null

  @Field(() => [String], { nullable: true, description: 'Is none of these; at most 500.' })
  nin?: string[] | null

  @Field(() => String, { nullable: true, description: 'Contains this.' })
  contains?: string | null

  @Field(() => String, { nullable: true, description: 'Begins with this.' })
  startsWith?: string | null

  @Field(() => Boolean, { nullable: true, description: 'true: has a value; false: has none.' })
  exists?: boolean | null
}

@InputType({ description: 'Conditions on a number; all that are given must hold.' })
export class NumberFilter {
  @Field(() => Float, { nullable: true, description: 'Is exactly this.' })
  eq?: number | null

  @Field(() => Float, { nullable: true, description: 'Is not this, or has no value.' })
  ne?: number | null;

  @Field(() => [Float], { nullable: true, description: 'Is one of these; at most 500.' })
  in?: number[] | null

  @Field(() => Float, { nullable: true, description: 'Is less than this.' })
  lt?: number | null

  @Field(() => Float, { nullable: true, description: 'Is this or less.' })
  lte?: number | null

  @Field(() => Float, { nullable: true, description: 'Is more than this.' })
  gt?: number | null

  @Field(() => Float, { nullable: true, description: 'Is this or more.' })
  gte?: number | null

  @Field(() => Boolean, { nullable: true, description: 'true: has a value; false: has none.' })
  exists?: boolean | null
}

@InputType({ description: 'Conditions on a moment; all that are given must hold.' })
export class DateFilter {
  @Field(() => Date, { nullable: true, description: 'Is before this.' })
  lt?: Date | null

  @Field(() => Date, { nullable: true, description: 'Is this or before.' })
  lte?: Date | null

  @Field(() => Date, { nullable: true, description: 'Is after this.' })
  gt?: Date | null

  @Field(() => Date, { nullable: true, description: 'Is this or after.' })
  gte?: Date | null

  @Field(() => Boolean, { nullable: true, description: 'true: has a value; false: has none.' })
  exists?: boolean | null
}

@InputType({ description: 'Condition on a yes or no.' })
export class BooleanFilter {
  @Field(() => Boolean, { nullable: true, description: 'Is this; null: either.' })
  eq?: boolean | null
}

@InputType({ description: 'Conditions on an id; all that are given must hold.' })
export class IdFilter {
  @Field(() => ID, { nullable: true, description: 'Is this.' })
  eq?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Is one of these; at most 500.' })
  in?: string[] | null
}

@InputType({ description: 'Has a tag with this key and, where asked for, a value that fits.' })
export class TagFilter {
  @Field(() => String, { description: 'Key of the tag, exactly.' })
  key!: string

  @Field(() => TextFilter, { nullable: true, description: 'Conditions on its value.' })
  value?: TextFilter | null
}

const enumFilters = new Map<object, ClassType<object>>()

/** Asset's status → StatusFilter, an app's family → AppFamilyFilter; facts that share an enum share its filter. */
function enumFilterOf(fact: Fact): ClassType<object> {
  const values = fact.values!
  const known = enumFilters.get(values)
  if (known) return known
  class EnumFilter {}
  const { prototype } = EnumFilter
  const one = () => values
  Field(one, { nullable: true, description: 'Is this.' })(prototype, 'eq')
  Field(one, { nullable: true, description: 'Is not this.' })(prototype, 'ne')
  Field(() => [values], { nullable: true, description: 'Is one of these.' })(prototype, 'in')
  Field(() => [values], { nullable: true, description: 'Is none of these.' })(prototype, 'nin')
  const owner = fact.declaredBy === 'Asset' ? '' : fact.declaredBy
  const name = `${owner}${fact.name.charAt(0).toUpperCase()}${fact.name.slice(1)}Filter`
  InputType(name, {
    description: `Conditions on the ${fact.label.toLowerCase()}; all that are given must hold.`,
  })(EnumFilter)
  enumFilters.set(values, EnumFilter)
  return EnumFilter
}

/** The filter that fits a fact; undefined where none does. */
export function filterOfFact(fact: Fact): ClassType<object> | undefined {
  switch (fact.type) {
    case 'TEXT':
    case 'ADDRESS':
    case 'LIST':
      return TextFilter
    case 'NUMBER':
      return NumberFilter
    case 'BOOLEAN':
      return BooleanFilter
    case 'DATE':
      return DateFilter
    case 'ENUM':
      return enumFilterOf(fact)
    case 'REFERENCE':
      return IdFilter
    case 'OBJECTS':
      return undefined
  }
}

const made = new Map<Kind, ClassType<object>>()

/** The filter of a kind's lists: its facts, what every asset has, what it is related to, and `and`, `or`, `not`. */
export function filterOf(kind: Kind): ClassType<object> {
  const known = made.get(kind)
  if (known) return known
  class Filter {}
  made.set(kind, Filter)
  const field = (name: string, type: () => object, description: string) =>
    Field(type, { nullable: true, description })(Filter.prototype, name)
  field('and', () => [Filter], 'All of these hold. A filter may be six levels deep.')
  field('or', () => [Filter], 'At least one of these holds.')
  field('not', () => Filter, 'This does not hold.')
  field('id', () => IdFilter, 'By id.')
  for (const fact of kind.facts) {
    const type = filterOfFact(fact)
    if (type) field(fact.name, () => type, fact.description)
  }
  for (const road of roadsOf(kind.kind)) {
    const related = relatedFilterOf(farKindOf(road))
    field(road.field, () => related, `By what it is related to: ${road.description}`)
  }
  if (kind === anyKind) field('kind', () => AssetKindFilter, 'By kind.')
  field('tag', () => TagFilter, 'By tag.')
  field('identifier', () => TextFilter, 'By whatever it can be found by: provider ids, hostnames, addresses.')
  field('createdAt', () => DateFilter, 'By when it came into the inventory.')
  field('updatedAt', () => DateFilter, 'By when it last changed in the inventory.')
  field(
    'retired',
    () => BooleanFilter,
    'true: only retired, false: only live ones. Only live ones where it is absent.',
  )
  field(
    'drifted',
    () => BooleanFilter,
    'true: only things with a declared value that differs from what a source reports.',
  )
  field('connection', () => IdFilter, 'Seen by this connection.')
  InputType(`${kind.typeName}Filter`, {
    description: `Which of the ${kind.plural}; all that is given must hold.`,
  })(Filter)
  return Filter
}

const relatedFilters = new Map<Kind, ClassType<object>>()

/** Conditions on the assets at the other end of a relation. */
function relatedFilterOf(far: Kind): ClassType<object> {
  const known = relatedFilters.get(far)
  if (known) return known
  class RelatedFilter {}
  relatedFilters.set(far, RelatedFilter)
  const filter = filterOf(far)
  Field(() => filter, { nullable: true, description: 'At least one of them fulfils this.' })(
    RelatedFilter.prototype,
    'some',
  )
  Field(() => filter, { nullable: true, description: 'None of them fulfils this.' })(
    RelatedFilter.prototype,
    'none',
  )
  InputType(`Related${far.typeName}Filter`, {
    description: `Conditions on related ${far.plural}; all that are given must hold.`,
  })(RelatedFilter)
  return RelatedFilter
}

@InputType({ description: 'Conditions on the kind of an asset.' })
class AssetKindFilter {
  @Field(() => AssetKinds, { nullable: true, description: 'Is this.' })
  eq?: string | null;

  @Field(() => [AssetKinds], { nullable: true, description: 'Is one of these.' })
  in?: string[] | null
}
