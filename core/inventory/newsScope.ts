import type { Document, ObjectId } from 'mongodb'
import { visible } from '../platform/access.ts'
import { BadInput } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { anyKind } from './anyKind.ts'
import { type AssetFilter, isLogic } from './filter.ts'
import { conditionOf } from './find.ts'
import { allKinds, factOf, type Kind } from './kinds.ts'

/** Of which assets somebody wants to hear. */
export interface NewsFilter {
  kinds?: string[] | null
  ids?: string[] | null
  where?: { kind: Kind; filter: AssetFilter } | null
}

/** The same, read once for all that will happen. */
export interface NewsScope {
  kinds: string[]
  ids: ObjectId[] | null
  where: { kind: Kind; filter: AssetFilter }
  /** Fields that decide whether an asset fits. */
  fields: ReadonlySet<string>
}

const maxIds = 200

/** @throws BadInput when the filter is one that no list takes */
export async function readScope(session: Session, filter: NewsFilter): Promise<NewsScope> {
  if ((filter.ids?.length ?? 0) > maxIds)
    throw new BadInput(
      `At most ${maxIds} assets can be watched by their ids; these are ${filter.ids!.length}.`,
    )
  const { kind, filter: where } = filter.where ?? { kind: anyKind, filter: {} }
  const ofWhere = kind === anyKind ? allKinds().map((one) => one.kind) : [kind.kind]
  const fields = fieldsIn(kind, where)
  const scope: NewsScope = {
    kinds: filter.kinds?.length ? ofWhere.filter((one) => filter.kinds!.includes(one)) : ofWhere,
    ids: filter.ids?.map((id) => decodeId(id, ...allKinds().map(({ typeName }) => typeName)).id) ?? null,
    // That something was retired is news, so only who asks for it hears of live or retired assets alone.
    where: { kind, filter: fields.has('retiredAt') ? where : { ...where, retired: { eq: null } } },
    fields,
  }
  await fits(session, scope)
  return scope
}

/** Condition that holds for the assets that are wanted, as far as the session sees them. */
export const fits = async (session: Session, { where, kinds }: NewsScope): Promise<Document> => ({
  $and: [await conditionOf(session, where.kind, where), { kind: { $in: kinds } }, visible(session)],
})

/** Where the conditions of a filter look that are not called like the field. */
const storedAs: Record<string, string> = {
  retired: 'retiredAt',
  tag: 'tags',
  identifier: 'identifiers',
  drifted: 'drift',
  connection: 'observations',
}

function fieldsIn(kind: Kind, filter: AssetFilter): Set<string> {
  return new Set(
    Object.entries(filter).flatMap(([name, value]): string[] => {
      if (value === null || value === undefined) return []
      if (isLogic(name)) return [value].flat().flatMap((one) => [...fieldsIn(kind, one as AssetFilter)])
      return storedAs[name] ? [storedAs[name]] : factOf(kind, name) ? [name] : []
    }),
  )
}
