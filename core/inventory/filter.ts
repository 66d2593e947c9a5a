import type { Document } from 'mongodb'
import { BadInput } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { escapedText } from '../platform/text.ts'
import { normalizeIdentifier } from './effective.ts'
import type { Fact } from './facts.ts'
import { anyKind } from './anyKind.ts'
import { allKinds, assetTypeName, factOf, type Kind, kindOf } from './kinds.ts'
import { relatedIds } from './relatedFilter.ts'

/** Filter of the API: operators by field, with `and`, `or`, `not`. One grammar for lists, counts and saved queries. */
export type AssetFilter = Record<string, unknown>

type Operators = Record<string, unknown>

const maxDepth = 6
const maxValues = 500
const maxTextLength = 1000

/** The filter as a MongoDB condition. @throws BadInput when it is deeper or longer than the caps */
export function toCondition(kind: Kind, filter: AssetFilter | null | undefined): Document {
  const live = mentions(filter, 'retired') ? {} : { retiredAt: null }
  const ofKind = kind === anyKind ? {} : { kind: kind.kind }
  return { ...ofKind, ...live, ...conditionOf(kind, filter ?? {}, 1) }
}

const typeNamesOf = (kind: Kind) =>
  kind === anyKind ? allKinds().map(({ typeName }) => typeName) : [kind.typeName]

const mentions = (filter: unknown, field: string): boolean =>
  typeof filter === 'object' &&
  filter !== null &&
  Object.entries(filter).some(
    ([name, value]) =>
      name === field || (isLogic(name) && [value].flat().some((one) => mentions(one, field))),
  )

export const isLogic = (name: string) => name === 'and' || name === 'or' || name === 'not'

function conditionOf(kind: Kind, filter: AssetFilter, depth: number): Document {
  if (depth > maxDepth) throw new BadInput(`A filter may be ${maxDepth} levels deep; this one is deeper.`)
  const conditions = Object.entries(filter)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => {
      if (name === 'and') return all((value as AssetFilter[]).map((one) => conditionOf(kind, one, depth + 1)))
      if (name === 'or') return any((value as AssetFilter[]).map((one) => conditionOf(kind, one, depth + 1)))
      if (name === 'not') return { $nor: [conditionOf(kind, value as AssetFilter, depth + 1)] }
      return fieldCondition(kind, name, value as Operators)
    })
  return all(conditions)
}

const all = (conditions: Document[]): Document => {
  const real = conditions.filter((condition) => Object.keys(condition).length)
  return real.length === 0 ? {} : real.length === 1 ? real[0]! : { $and: real }
}
const any = (conditions: Document[]): Document =>
  conditions.length ? { $or: conditions } : { _id: { $in: [] } }

function fieldCondition(kind: Kind, name: string, operators: Operators): Document {
  switch (name) {
    case relatedIds:
      return { _id: operators }
    case 'id':
      return compare('_id', operators, (id) => decodeId(id, ...typeNamesOf(kind)).id)
    case 'tag':
      return tagCondition(operators)
    case 'identifier':
      return compare('identifiers', operators, normalizeIdentifier)
    case 'retired':
      return operators.eq === null || operators.eq === undefined
        ? {}
        : { retiredAt: operators.eq ? { $ne: null } : null }
    case 'drifted':
      return { 'drift.0': { $exists: Boolean(operators.eq) } }
    case 'connection':
      return compare('observations.connection', operators, (id) => decodeId(id, 'Connection').id)
    default: {
      const fact = factOf(kind, name)
      return compare(name, operators, fact ? valueOf(fact) : (value) => value)
    }
  }
}

const valueOf =
  (fact: Fact) =>
  (value: unknown): unknown =>
    fact.type === 'REFERENCE' ? decodeId(String(value), assetTypeName(kindOf(fact.target!).kind)).id : value

function tagCondition(operators: Operators): Document {
  const value = operators.value ? compare('value', operators.value as Operators, (text) => text) : {}
  return { tags: { $elemMatch: { key: checkedText(operators.key), ...value } } }
}

function compare(field: string, operators: Operators, convert: (value: never) => unknown): Document {
  const one = (value: unknown) => convert(checkedText(value) as never)
  const many = (values: unknown) => {
    const list = values as unknown[]
    if (list.length > maxValues)
      throw new BadInput(`A filter may name ${maxValues} values; this one names ${list.length}.`)
    return list.map(one)
  }
  const conditions = Object.entries(operators)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([operator, value]): Document => {
      switch (operator) {
        case 'eq':
          return { $eq: one(value) }
        case 'ne':
          return { $ne: one(value) }
        case 'in':
          return { $in: many(value) }
        case 'nin':
          return { $nin: many(value) }
        case 'lt':
        case 'lte':
        case 'gt':
        case 'gte':
          return { [`$${operator}`]: one(value) }
        case 'contains':
          return { $regex: escapedText(one(value)), $options: 'i' }
        case 'startsWith':
          return { $regex: `^${escapedText(one(value))}`, $options: 'i' }
        case 'exists':
          return value ? { $nin: [null, []] } : { $in: [null, []] }
        default:
          throw new BadInput(`"${operator}" is not an operator of a filter.`)
      }
    })
  return all(conditions.map((condition) => ({ [field]: condition })))
}

function checkedText(value: unknown): unknown {
  if (typeof value === 'string' && value.length > maxTextLength)
    throw new BadInput(
      `A text in a filter may be ${maxTextLength} characters long; this one has ${value.length}.`,
    )
  return value
}
