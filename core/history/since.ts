import type { ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { changesOf } from './records.ts'

/** Which fields of each of these records were changed since the given versions, in one command. */
export async function fieldsSince(
  core: Core,
  seen: { record: ObjectId; version: number }[],
): Promise<Map<string, ReadonlySet<string>>> {
  const fields = new Map<string, Set<string>>()
  if (!seen.length) return fields
  const later = changesOf(core)
    .find({ $or: seen.map(({ record, version }) => ({ record, version: { $gt: version } })) })
    .project<{ record: ObjectId; before: object | null; after: object }>({ record: 1, before: 1, after: 1 })
  for await (const { record, before, after } of later) {
    const known = fields.get(record.toHexString()) ?? new Set()
    for (const field of Object.keys({ ...before, ...after })) known.add(field)
    fields.set(record.toHexString(), known)
  }
  return fields
}
