import type { Document } from 'mongodb'
import { queryTimeoutMs } from '../platform/database.ts'
import { BadInput } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import { escapedText } from '../platform/text.ts'
import { type ChangeOrigin, type ChangeSet, changesOf } from './records.ts'
import { sieve, type Sieved, sievedFields } from './sieve.ts'

/** Which change sets are wanted; what is absent does not matter. */
export interface ChangeSetFilter {
  /** Part of the name of who did it, whatever its case. */
  actor?: string | null
  origins?: ChangeOrigin[] | null
  /** Kinds of the assets that changed. */
  kinds?: string[] | null
  /** Fields of assets of which one changed; that an asset was added is no change of a field. */
  fields?: string[] | null
  since?: Date | null
  until?: Date | null
}

/** Condition on the change sets themselves. What they did to which asset is for `narrowed` to decide. */
export function setCondition({ actor, origins, kinds, since, until }: ChangeSetFilter): Document {
  const at = { ...(since && { $gte: since }), ...(until && { $lt: until }) }
  return {
    ...(actor?.trim() && { 'actor.name': { $regex: escapedText(actor.trim()), $options: 'i' } }),
    ...(origins?.length && { origin: { $in: origins } }),
    ...(kinds?.length && { kinds: { $in: kinds } }),
    ...(Object.keys(at).length && { at }),
  }
}

/** Whether the changes of a set have to be looked at. */
export const isNarrow = ({ kinds, fields }: ChangeSetFilter): boolean => !!(kinds?.length || fields?.length)

/**
 * Those of the sets that did what is wanted to an asset that the session may see: what is invisible is not there, so it
 * fits no filter either.
 */
export async function narrowed<T extends Pick<ChangeSet, '_id'>>(
  session: Session,
  sets: T[],
  { kinds, fields }: ChangeSetFilter,
): Promise<T[]> {
  if (!sets.length || !isNarrow({ kinds, fields })) return sets
  const changes = changesOf(session.core).find(
    {
      set: { $in: sets.map(({ _id }) => _id) },
      collection: 'assets',
      ...(kinds?.length && { recordKind: { $in: kinds } }),
      ...(fields?.length && { before: { $ne: null }, $or: fields.flatMap(touching) }),
    },
    { projection: sievedFields, maxTimeMS: queryTimeoutMs },
  )
  const fitting = new Set<string>()
  let waiting: Sieved[] = []
  const flush = async () => {
    for (const { set } of await sieve(session, waiting)) fitting.add(set.toHexString())
    waiting = []
  }
  for await (const change of changes)
    if (!fitting.has(change.set.toHexString()) && waiting.push(change) === chunk) await flush()
  await flush()
  return sets.filter(({ _id }) => fitting.has(_id.toHexString()))
}

const chunk = 1_000

function touching(field: string): Document[] {
  if (!/^[a-z]\w*$/i.test(field)) throw new BadInput(`There is no field ${field}.`)
  return [{ [`before.${field}`]: { $exists: true } }, { [`after.${field}`]: { $exists: true } }]
}
