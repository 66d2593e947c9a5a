import { Arg, type ClassType, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { facetFieldsOf, type FacetedPage } from '../../core/inventory/facets.ts'
import { factOf, type Kind } from '../../core/inventory/kinds.ts'
import { checkFirst } from '../checkFirst.ts'
import { constantOf } from './kinds.ts'

@ObjectType({ description: 'A value of a facet, and how often it occurs.' })
class FacetValue {
  @Field(() => String, {
    description: 'The value as the filter of the field takes it; an id where it refers to an asset.',
  })
  value!: string

  @Field(() => String, {
    description: 'The value as a person reads it; the name where it refers to an asset.',
  })
  label!: string

  @Field(() => Int, { description: 'How many assets of the list have it.' })
  count!: number
}

@ObjectType({ description: 'How the assets of a list spread over the values of one field.' })
class Facet {
  @Field(() => String, { description: 'Name of the field in the API and its filter.' })
  field!: string

  @Field(() => [FacetValue], { description: 'The most frequent values first.' })
  values!: FacetValue[]

  @Field(() => Int, { description: 'How many assets have a value beyond these.' })
  otherCount!: number

  @Field(() => Int, { description: 'How many assets have no value, or one that you may not see.' })
  missingCount!: number
}

const made = new Map<Kind, Record<string, string>>()

/** Fields by which a kind's lists are counted, as an enum of the API. */
function facetFields(kind: Kind): Record<string, string> {
  const known = made.get(kind)
  if (known) return known
  const fields = Object.fromEntries(facetFieldsOf(kind).map((field) => [constantOf(field), field]))
  registerEnumType(fields, {
    name: `${kind.typeName}FacetField`,
    description: `What ${kind.plural} can be counted by.`,
    valuesConfig: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        name,
        { description: factOf(kind, field)?.description ?? 'What kind of thing it is.' },
      ]),
    ),
  })
  made.set(kind, fields)
  return fields
}

/** Gives a kind's connection the field `facets`. The connection has to keep its page as `page`. */
export function addFacets(kind: Kind, Connection: ClassType<object>) {
  const prototype = Connection.prototype as object
  const Fields = facetFields(kind)
  Object.defineProperty(prototype, 'facets', {
    value(this: { page: FacetedPage<unknown> }, by: string[], first: number) {
      return this.page.facets(by, checkFirst(first))
    },
  })
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'facets')!
  Arg('by', () => [Fields], { description: 'By which fields; ten at most.' })(prototype, 'facets', 0)
  Arg('first', () => Int, {
    nullable: true,
    defaultValue: 20,
    description: 'How many values of each; 100 at most.',
  })(prototype, 'facets', 1)
  Field(() => [Facet], {
    description:
      'How all that fit the filter, not only this page, spread over values; counted only when asked for.',
  })(prototype, 'facets', descriptor)
}
