import type { ObjectId } from 'mongodb'
import { reachesAll, visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { type AssetFilter, isLogic } from './filter.ts'
import { assetTypeName, factOf, type Kind } from './kinds.ts'

type Named = { collection: 'assets' | 'connections'; id: ObjectId }

/**
 * The filter without what the session may not see: a condition on something invisible is one on something that does
 * not exist, or guessing ids would tell what belongs to it. One command per collection that is named.
 */
export async function visibleFilter(
  session: Session,
  kind: Kind,
  filter: AssetFilter | null | undefined,
): Promise<AssetFilter | null | undefined> {
  if (!filter || reachesAll(session)) return filter
  const named = namedIn(kind, filter)
  if (!named.length) return filter
  const seen = new Set(
    (await Promise.all([seenIn(session, 'assets', named), seenIn(session, 'connections', named)])).flat(),
  )
  return without(kind, filter, (id) => seen.has(id.toHexString()))
}

async function seenIn(session: Session, collection: Named['collection'], named: Named[]): Promise<string[]> {
  const ids = named.filter((one) => one.collection === collection).map(({ id }) => id)
  if (!ids.length) return []
  const rows = await session.core.db
    .collection(collection)
    .find({ _id: { $in: ids }, ...visible(session) }, { projection: { _id: 1 }, maxTimeMS: queryTimeoutMs })
    .batchSize(ids.length + 1)
    .toArray()
  return rows.map(({ _id }) => _id.toHexString())
}

/** Type and collection of what a field of the filter names; undefined for plain values. */
function targetOf(kind: Kind, field: string): { type: string; collection: Named['collection'] } | undefined {
  if (field === 'connection') return { type: 'Connection', collection: 'connections' }
  const fact = factOf(kind, field)
  return fact?.type === 'REFERENCE' ? { type: assetTypeName(fact.target!), collection: 'assets' } : undefined
}

interface Operators {
  eq?: string | null
  in?: string[] | null
}

function namedIn(kind: Kind, filter: AssetFilter): Named[] {
  return Object.entries(filter).flatMap(([field, value]) => {
    if (value === null || value === undefined) return []
    if (isLogic(field)) return [value].flat().flatMap((one) => namedIn(kind, one as AssetFilter))
    const target = targetOf(kind, field)
    if (!target) return []
    const { eq, in: many } = value as Operators
    return [...(eq ? [eq] : []), ...(many ?? [])].map((id) => ({
      collection: target.collection,
      id: decodeId(id, target.type).id,
    }))
  })
}

function without(kind: Kind, filter: AssetFilter, seen: (id: ObjectId) => boolean): AssetFilter {
  const kept = Object.entries(filter).map(([field, value]): [string, unknown] => {
    if (value === null || value === undefined) return [field, value]
    if (isLogic(field))
      return [
        field,
        Array.isArray(value)
          ? value.map((one) => without(kind, one as AssetFilter, seen))
          : without(kind, value as AssetFilter, seen),
      ]
    const target = targetOf(kind, field)
    if (!target) return [field, value]
    const { eq, in: many } = value as Operators
    const isSeen = (id: string) => seen(decodeId(id, target.type).id)
    // Both have to hold, so nothing is left where either names only what is hidden.
    const ids = eq && many ? many.filter((id) => id === eq) : eq ? [eq] : many
    return [field, ids ? { in: ids.filter(isSeen) } : value]
  })
  return Object.fromEntries(kept)
}
