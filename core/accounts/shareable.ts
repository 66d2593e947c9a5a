import type { Document, ObjectId } from 'mongodb'
import { type AccessEntry, higher, type Principal } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import type { Session } from '../platform/session.ts'

/** Something with an access list, as it is stored. */
export interface SharedRecord extends Document {
  _id: ObjectId
  name: string
  access: AccessEntry[]
}

/** New lists that are to be saved together. */
export interface AccessEdit {
  record: SharedRecord
  access: AccessEntry[]
}

/** Things with access lists that lie in one collection. Rooms to the right add theirs, and get the rest for nothing. */
export interface Shareable {
  /** What their ids are of, such as Server. */
  types(): string[]
  collection: string
  /**
   * Saves all of the lists or none.
   *
   * @returns id of the change set, where they have a history
   * @throws Conflict when a record has moved on
   */
  save(session: Session, edits: AccessEdit[], title: string): Promise<ObjectId | null>
}

const registered: Shareable[] = []

export const registerShareable = (shareable: Shareable) => void registered.push(shareable)

export const shareables = (): readonly Shareable[] => registered

export const sharedRecords = (core: Core, { collection }: Shareable) =>
  core.db.collection<SharedRecord>(collection)

export const hasAdmin = (access: AccessEntry[]) => access.some(({ level }) => level === 'ADMIN')

/** The list with another principal in the place of one; the heir keeps the higher of both levels. */
export function inherited(access: AccessEntry[], gone: ObjectId, heir: Principal): AccessEntry[] {
  const entry = access.find(({ principal }) => principal.equals(gone))
  if (!entry) return access
  const before = access.find(({ principal }) => principal.equals(heir.principal))
  const level = before ? higher(before.level, entry.level) : entry.level
  return [...access.filter((one) => one !== entry && one !== before), { ...heir, level }]
}
