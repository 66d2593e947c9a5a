import { ObjectId } from 'mongodb'
import type { Fact } from '../../core/inventory/facts.ts'
import type { Session } from '../../core/platform/session.ts'
import { assetsById } from '../byId.ts'

/** A stored value as JSON of the API; a reference is told by the name of its target, null when that is invisible. */
export function apiValue(session: Session, fact: Fact | undefined, value: unknown): unknown {
  if (fact?.type === 'REFERENCE') return nameOf(session, value)
  return jsonOf(value)
}

export async function nameOf(session: Session, id: unknown): Promise<string | null> {
  if (!(id instanceof ObjectId)) return null
  return (await assetsById(session).load(id))?.name ?? null
}

export function jsonOf(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (value instanceof Date) return value.toISOString()
  if (value instanceof ObjectId) return value.toHexString()
  if (Array.isArray(value)) return value.map(jsonOf)
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, jsonOf(inner)]))
  return value
}
