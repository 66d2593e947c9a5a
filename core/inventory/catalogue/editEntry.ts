import { MongoServerError, ObjectId } from 'mongodb'
import { AuditAction, auditOfSession } from '../../accounts/audit.ts'
import { assertAdministrator } from '../../accounts/caller.ts'
import { Faults } from '../../accounts/fields.ts'
import { queryTimeoutMs } from '../../platform/database.ts'
import { Conflict, fault, NotFound } from '../../platform/errors.ts'
import { decodeId } from '../../platform/ids.ts'
import type { Session } from '../../platform/session.ts'
import { type CatalogueEntry, entriesOf, hydrateEntry, type Saying, type Shelf } from './entry.ts'

/** Those of the entries that exist, hidden ones too; whoever is signed in may read them. */
export async function findEntriesById<T extends CatalogueEntry, Input>(
  session: Session,
  shelf: Shelf<T, Input>,
  ids: readonly ObjectId[],
): Promise<T[]> {
  const found = await entriesOf(session.core, shelf)
    .find({ _id: { $in: [...ids] } }, { maxTimeMS: queryTimeoutMs })
    .toArray()
  return found.map((record) => hydrateEntry(shelf, record))
}

async function getEntry<T extends CatalogueEntry, Input>(
  session: Session,
  shelf: Shelf<T, Input>,
  id: string,
) {
  const [entry] = await findEntriesById(session, shelf, [decodeId(id, shelf.entryClass.name).id])
  if (!entry) throw new NotFound(shelf.noun, id)
  return entry
}

/** @throws UserFault with TAKEN when there is one already, also a hidden one */
export async function createEntry<T extends CatalogueEntry, Input>(
  session: Session,
  shelf: Shelf<T, Input>,
  input: Input,
): Promise<T> {
  assertAdministrator(session)
  const faults = new Faults()
  const says = shelf.read(faults, input, null)
  faults.throwIfAny()
  const collection = entriesOf(session.core, shelf)
  if ((await collection.estimatedDocumentCount()) >= shelf.most)
    throw fault('LIMIT_REACHED', null, `There may be ${shelf.most} of these at most.`)
  const entry = hydrateEntry(shelf, {
    _id: new ObjectId(),
    key: null,
    ...says,
    edited: true,
    hidden: false,
    version: 1,
    updatedAt: session.now,
  })
  await refusingTwins(shelf, () => collection.insertOne({ ...entry } as CatalogueEntry))
  await tell(session, shelf, entry, 'added')
  return entry
}

/** Absent stays. `hidden: false` shows again what was taken out. @throws Conflict when the entry has moved on */
export async function updateEntry<T extends CatalogueEntry, Input>(
  session: Session,
  shelf: Shelf<T, Input>,
  { id, version, hidden, ...input }: Input & { id: string; version: number; hidden?: boolean | null },
): Promise<T> {
  assertAdministrator(session)
  const entry = await getEntry(session, shelf, id)
  const faults = new Faults()
  const says = onlyChanged(entry, shelf.read(faults, input as Input, entry))
  faults.throwIfAny()
  const edited = entry.edited || Object.keys(says).length > 0
  return write(session, shelf, entry, version, { ...says, edited, ...(hidden != null && { hidden }) })
}

/** A shipped entry is hidden, so that no later version brings it back; null when one that was added is gone. */
export async function deleteEntry<T extends CatalogueEntry, Input>(
  session: Session,
  shelf: Shelf<T, Input>,
  id: string,
): Promise<T | null> {
  assertAdministrator(session)
  const entry = await getEntry(session, shelf, id)
  if (entry.key !== null) return write(session, shelf, entry, entry.version, { hidden: true })
  await entriesOf(session.core, shelf).deleteOne({ _id: entry._id })
  await tell(session, shelf, entry, 'deleted')
  return null
}

/** As it is shipped, and shown; later versions of Maestro keep it current again. */
export async function restoreEntry<T extends CatalogueEntry, Input>(
  session: Session,
  shelf: Shelf<T, Input>,
  id: string,
): Promise<T> {
  assertAdministrator(session)
  const entry = await getEntry(session, shelf, id)
  const shipped = entry.key === null ? undefined : shelf.shipped.get(entry.key)
  if (!shipped)
    throw fault('UNSUPPORTED', 'id', `Maestro does not ship this ${shelf.noun}, so it has no default.`)
  const says = shelf.reset(entry, shipped)
  return write(session, shelf, entry, entry.version, { ...says, edited: false, hidden: false }, 'restored')
}

async function write<T extends CatalogueEntry, Input>(
  session: Session,
  shelf: Shelf<T, Input>,
  entry: T,
  version: number,
  changes: { edited?: boolean; hidden?: boolean },
  detail = changed(entry, changes),
): Promise<T> {
  const saved = await refusingTwins(shelf, () =>
    entriesOf(session.core, shelf).findOneAndUpdate(
      { _id: entry._id, version },
      { $set: { ...changes, updatedAt: session.now }, $inc: { version: 1 } } as never,
      { returnDocument: 'after' },
    ),
  )
  if (!saved) throw new Conflict([entry.globalId()], [])
  const now = hydrateEntry(shelf, saved)
  await tell(session, shelf, now, detail)
  return now
}

const onlyChanged = <T extends CatalogueEntry>(entry: T, says: Saying<T>) =>
  Object.fromEntries(
    Object.entries(says).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(entry[field as keyof T]),
    ),
  ) as Saying<T>

function changed<T extends CatalogueEntry>(
  entry: T,
  { edited: _, hidden, ...says }: { edited?: boolean; hidden?: boolean },
) {
  if (hidden !== undefined && hidden !== entry.hidden) return hidden ? 'hidden' : 'shown again'
  return `changed: ${Object.keys(says).join(', ') || 'nothing'}`
}

/** Two administrators may add the same at once; the unique index lets one of them. */
async function refusingTwins<T extends CatalogueEntry, Input, Result>(
  { noun, unique }: Shelf<T, Input>,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 11000) throw error
    throw fault('TAKEN', unique, `There is a ${noun} of this name already; if it is hidden, show it again.`)
  }
}

const tell = <T extends CatalogueEntry, Input>(
  session: Session,
  { entryClass, nameOf }: Shelf<T, Input>,
  entry: T,
  detail: string,
) =>
  auditOfSession(session, AuditAction.CATALOGUE_CHANGED, {
    subject: { type: entryClass.name, id: entry._id, name: nameOf(entry as Saying<T>) },
    detail,
  })
