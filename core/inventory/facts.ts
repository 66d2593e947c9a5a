import { Property } from '@mikro-orm/decorators/legacy'
import { type ClassType, Field, Float } from 'type-graphql'
import type { Suggest } from './catalogue/suggest.ts'

/** How a fact is stored, filtered, entered and shown. REFERENCE holds the id of an asset and is kept with a relation. */
export type FactType =
  'TEXT' | 'ADDRESS' | 'NUMBER' | 'BOOLEAN' | 'DATE' | 'ENUM' | 'LIST' | 'OBJECTS' | 'REFERENCE'

export interface FactOptions {
  type: FactType
  label: string
  description: string
  /** Heading under which forms and pages show it. */
  group: string
  unit?: string
  required?: boolean
  /** False for what only sources know, such as a provider's own id. */
  writable?: boolean
  sortable?: boolean
  maxLength?: number
  /** Values of an ENUM: the TypeScript enum that is registered with the schema. */
  values?: Record<string, string>
  /** What an ENUM is when nobody says. */
  fallback?: string
  /** Shape of the items of OBJECTS, for output and input. */
  items?: () => ClassType<object>
  /** Its values identify the asset: "paste anything, find it". */
  identifying?: boolean
  /** What a REFERENCE points to, and the relation that is kept with it. */
  target?: string
  relation?: string
  /** Lists are counted by its values. ENUM and REFERENCE facts are so without saying. */
  facet?: boolean
  /** Where forms take suggestions from; other values are as good. */
  suggest?: Suggest
  /** Part of an app's specification: answered and entered under `spec`, by those families that have it. */
  spec?: boolean
}

/** A declared fact: one line of a kind, from which its column, filter, order, inputs, table and form derive. */
export interface Fact extends FactOptions {
  name: string
  /** Name of the class that declares it. */
  declaredBy: string
  writable: boolean
  sortable: boolean
  maxLength: number
}

const declaredOn = new Map<object, Fact[]>()

/** Declares a property of an asset as a fact: stored, in the API, with history, provenance and drift. */
export function Fact(options: FactOptions): PropertyDecorator {
  return (prototype, name) => {
    const fact: Fact = {
      name: String(name),
      declaredBy: prototype.constructor.name,
      writable: true,
      sortable: ['TEXT', 'ADDRESS', 'NUMBER', 'BOOLEAN', 'DATE', 'ENUM'].includes(options.type),
      maxLength: 1000,
      ...options,
    }
    const facts = declaredOn.get(prototype) ?? []
    declaredOn.set(prototype, [...facts, fact])
    Property({ type: storedType[fact.type], nullable: true })(prototype, String(name))
    // A reference is answered as the asset that it points to, by the resolver of the relation.
    if (fact.type !== 'REFERENCE' && !fact.spec) Field(outputType(fact), outputOptions(fact))(prototype, name)
  }
}

/** One field of the items of an OBJECTS fact. */
export interface ItemField {
  name: string
  type: 'TEXT' | 'NUMBER' | 'BOOLEAN' | 'DATE' | 'ENUM'
  /** Values of an ENUM: the TypeScript enum that is registered with the schema. */
  values?: Record<string, string>
  label: string
  description: string
  unit?: string
  required?: boolean
  /** Where forms take suggestions from; other values are as good. */
  suggest?: Suggest
}

const itemFields = new Map<object, ItemField[]>()

/** Declares a property of an item, the same for output and input. */
export function Item(options: Omit<ItemField, 'name'>): PropertyDecorator {
  return (prototype, name) => {
    const field = { name: String(name), ...options }
    itemFields.set(prototype, [...(itemFields.get(prototype) ?? []), field])
    Field(itemType(field), {
      nullable: !field.required,
      description: field.unit ? `${field.description} In ${field.unit}.` : field.description,
    })(prototype, name)
  }
}

const plainTypes = { TEXT: String, NUMBER: Float, BOOLEAN: Boolean, DATE: Date }
const itemType = (field: ItemField) => () => (field.type === 'ENUM' ? field.values! : plainTypes[field.type])

/** The fields of the items of a fact; none where it has no items. */
export const itemFieldsOf = (fact: Fact): ItemField[] => (fact.items ? fieldsOf(fact.items()) : [])

/** The fields that a class declares with {@link Item}. */
export const fieldsOf = (items: ClassType<object>): ItemField[] =>
  itemFields.get(items.prototype as object) ?? []

/** All facts of a kind, those of every asset first. */
export function factsOf(kind: ClassType<object>): Fact[] {
  const inherited = Object.getPrototypeOf(kind.prototype) as object | null
  const base =
    inherited && inherited !== Object.prototype ? factsOf(inherited.constructor as ClassType<object>) : []
  return [...base, ...(declaredOn.get(kind.prototype) ?? [])]
}

const storedType: Record<FactType, string> = {
  TEXT: 'string',
  ADDRESS: 'string',
  NUMBER: 'double',
  BOOLEAN: 'boolean',
  DATE: 'datetime',
  ENUM: 'string',
  LIST: 'json',
  OBJECTS: 'json',
  REFERENCE: 'ObjectId',
}

/** The type of the API in which a fact is answered. */
export function outputType(fact: Fact): () => object {
  switch (fact.type) {
    case 'NUMBER':
      return () => Float
    case 'BOOLEAN':
      return () => Boolean
    case 'DATE':
      return () => Date
    case 'ENUM':
      return () => fact.values!
    case 'LIST':
      return () => [String]
    case 'OBJECTS':
      return () => [fact.items!()]
    default:
      return () => String
  }
}

export const outputOptions = (fact: Fact) => ({
  description: fact.unit ? `${fact.description} In ${fact.unit}.` : fact.description,
  nullable: !(fact.required || fact.type === 'LIST' || fact.type === 'OBJECTS'),
})
