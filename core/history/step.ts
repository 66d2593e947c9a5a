import { isDeepStrictEqual } from 'node:util'
import type { Document, ObjectId } from 'mongodb'
import type { Step } from './commit.ts'
import { ChangeAction, type Fields, keptFields, type RecordCollection } from './records.ts'

interface About {
  collection: RecordCollection
  recordKind: string
  /** The asset whose history shows the step; the record itself where absent. */
  subject?: ObjectId
}

/** The step that brings a record into being. */
export const creation = (record: ObjectId, about: About, fields: Fields): Step => ({
  collection: about.collection,
  recordKind: about.recordKind,
  record,
  subject: about.subject ?? record,
  ...objectOf(about, fields),
  version: 0,
  action: ChangeAction.CREATED,
  before: null,
  after: withoutAbsent(fields),
})

/** The step from `current` to the same record with `fields` laid over it (undefined or null: cleared); null when equal. */
export function difference(current: Document, about: About, fields: Fields): Step | null {
  const before: Fields = {}
  const after: Fields = {}
  for (const [field, value] of Object.entries(fields)) {
    if ((keptFields as readonly string[]).includes(field)) continue
    const old = current[field] ?? undefined
    const next = value ?? undefined
    if (isDeepStrictEqual(old, next)) continue
    if (old !== undefined) before[field] = old
    if (next !== undefined) after[field] = next
  }
  if (!Object.keys(before).length && !Object.keys(after).length) return null
  return {
    collection: about.collection,
    recordKind: about.recordKind,
    record: current._id as ObjectId,
    subject: about.subject ?? (current._id as ObjectId),
    ...objectOf(about, current),
    version: current.version as number,
    action: actionOf(before, after),
    before,
    after,
  }
}

/** Where a relation leads; its history is that asset's, too. */
const objectOf = ({ collection }: About, record: Document): Pick<Step, 'object'> =>
  collection === 'relations' && record.to ? { object: record.to as ObjectId } : {}

function actionOf(before: Fields, after: Fields): ChangeAction {
  if ('retiredAt' in after) return ChangeAction.RETIRED
  return 'retiredAt' in before ? ChangeAction.RESTORED : ChangeAction.CHANGED
}

const withoutAbsent = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null))
