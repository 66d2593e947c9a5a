import type { Fields } from '../../history/records.ts'
import type { Observation, ObservedRelation, ThingRef } from '../crawler.ts'
import type { Attributes } from './attributes.ts'

export type ResourceName = 'networks' | 'images' | 'servers' | 'volumes' | 'snapshots' | 'apps'

/** A thing of a state in Maestro's words, and what it is listed with. */
export interface Found {
  resource: ResourceName
  observation: Observation
}

/** How each type of a provider is read. */
export type Types = Record<string, (attributes: Attributes) => Found[]>

/** Something without an id has an empty one. */
export const found = (
  resource: ResourceName,
  id: string | undefined,
  values: Fields,
  relations: ObservedRelation[] = [],
): Found => ({
  resource,
  observation: { externalId: id ?? '', values: { name: id, ...present(values) }, relations },
})

export const ref = (resource: ResourceName, externalId: string | undefined): ThingRef | undefined =>
  externalId ? { resource, externalId } : undefined

export const connectedTo = (ids: (string | undefined)[]): ObservedRelation[] =>
  [...new Set(ids)]
    .filter((id) => id !== undefined)
    .map((id) => ({ kind: 'CONNECTED_TO', to: { resource: 'networks', externalId: id } }))

/** What tags say about a thing, as for things that are read from a cloud. */
export function tagged(attributes: Attributes, name = 'tags'): Fields {
  const all = attributes.map(`${name}_all`)
  const tags = all.length ? all : attributes.map(name)
  const value = (...keys: string[]) =>
    tags.find(({ key }) => keys.includes(key.toLowerCase()))?.value.trim() || undefined
  return {
    tags,
    name: value('name') ?? attributes.text('name'),
    environment: value('environment', 'env')?.toLowerCase(),
  }
}

/** The role that a tag gives a server. */
export const roleOf = (attributes: Attributes, name = 'tags') =>
  attributes
    .map(name)
    .find(({ key }) => key.toLowerCase() === 'role')
    ?.value.trim() || undefined

const present = (values: Fields): Fields =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
