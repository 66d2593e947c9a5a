import type { Fields } from '../../history/records.ts'
import { valueOf, WrongCell } from '../../inventory/cellValues.ts'
import { checkFacts } from '../../inventory/check.ts'
import type { Fact } from '../../inventory/facts.ts'
import { type Kind, kindOf } from '../../inventory/kinds.ts'
import { fieldsOf } from '../../inventory/facts.ts'
import { RelationProperties, type Road, roadsOf } from '../../inventory/relationKinds.ts'
import { UserFault } from '../../platform/errors.ts'
import type { Observation, ObservedRelation } from '../crawler.ts'
import { UnreadableFile } from '../files/unreadable.ts'
import { isObject } from './document.ts'

/**
 * A thing of a document as an observation: its facts by name, what it refers to by the ids within the documents, and
 * the fields along which it is related to others, as lists of ids or of objects with an id and properties.
 *
 * @throws UnreadableFile with the first fault
 */
export function readThing(kind: Kind, thing: unknown): Observation {
  if (!isObject(thing)) throw new UnreadableFile('It is not an object.')
  const { id, ...said } = thing
  if ((typeof id !== 'string' && typeof id !== 'number') || String(id).trim() === '')
    throw new UnreadableFile('It has no id, so it cannot be told from others.')
  const externalId = String(id).trim()
  try {
    const roads = roadsOf(kind.kind).filter(({ direction, property }) => direction === 'FORWARD' && !property)
    const unknown = Object.keys(said).find(
      (name) => !kind.facts.some((fact) => fact.name === name) && !roads.some(({ field }) => field === name),
    )
    if (unknown) throw new UnreadableFile(`There is no field "${unknown.slice(0, 60)}" of ${kind.plural}.`)
    return {
      externalId,
      values: { name: externalId, ...factsOf(kind, said) },
      relations: roads.flatMap((road) => relationsOf(road, said[road.field])),
    }
  } catch (error) {
    if (error instanceof UnreadableFile) error.externalId = externalId
    throw error
  }
}

function factsOf(kind: Kind, said: Record<string, unknown>): Fields {
  const given: Fields = {}
  const references: Fields = {}
  for (const fact of kind.facts) {
    const value = sentence(() => valueOf(fact, said[fact.name]))
    // The datacenter is that of the connection.
    if (value === undefined || value === null || fact.name === 'datacenter') continue
    if (fact.type === 'REFERENCE') references[fact.name] = referenceOf(fact, value)
    else given[fact.name] = value
  }
  return { ...sentence(() => checkFacts(kind, given, { creating: false })), ...references }
}

const referenceOf = (fact: Fact, value: unknown) => ({
  resource: kindOf(fact.target!).plural,
  externalId: String(value as string),
})

function relationsOf(road: Road, list: unknown): ObservedRelation[] {
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) throw new UnreadableFile(`Its "${road.field}" are not a list.`)
  return list.map((entry: unknown) => {
    const { id, kind, ...properties } = isObject(entry) ? entry : { id: entry }
    if (typeof id !== 'string' && typeof id !== 'number')
      throw new UnreadableFile(`An entry of "${road.field}" is neither an id nor an object with one.`)
    return {
      kind: road.relation.kind,
      to: { resource: kindOf(targetKind(road, kind)).plural, externalId: String(id) },
      properties: propertiesOf(road, properties),
    }
  })
}

/** Where a relation may lead to several kinds, the entry says to which; the first one otherwise. */
function targetKind(road: Road, said: unknown): string {
  if (said === undefined) return road.kinds[0]!
  const kind = road.kinds.find((one) => one === String(said as string).toUpperCase())
  if (!kind)
    throw new UnreadableFile(`An entry of "${road.field}" must be of kind ${road.kinds.join(' or ')}.`)
  return kind
}

function propertiesOf({ field, relation }: Road, said: Record<string, unknown>): RelationProperties {
  const properties: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(said)) {
    const property = relation.properties.find((one) => one === name)
    if (!property) throw new UnreadableFile(`There is no "${name.slice(0, 60)}" of an entry of "${field}".`)
    const declared = fieldsOf(RelationProperties).find((one) => one.name === name)!
    properties[name] =
      sentence(() => valueOf({ ...declared, type: declared.type } as Fact, value)) ?? undefined
  }
  return properties as RelationProperties
}

/** What is wrong with a value is wrong with the thing. */
function sentence<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof WrongCell || error instanceof UserFault) throw new UnreadableFile(error.message)
    throw error
  }
}
