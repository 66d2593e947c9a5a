import { MongoServerError } from 'mongodb'
import type { Core } from '../../platform/core.ts'
import { derivedId } from '../../platform/ids.ts'
import { type CatalogueEntry, entriesOf, hydrateEntry, type Saying, type Shelf } from './entry.ts'
import { options } from './option.ts'
import { providers } from './provider.ts'
import { services } from './service.ts'

/**
 * Brings what is shipped into the catalogue: what is new is added, what nobody has changed follows, and what an
 * administrator has changed or taken out stays so. Two processes that start at once do each other no harm.
 */
export async function seedCatalogue(core: Core): Promise<void> {
  await Promise.all([seed(core, services), seed(core, options), seed(core, providers)])
}

/** @param shipped what this version of Maestro ships */
export async function seed<T extends CatalogueEntry, Input>(
  core: Core,
  shelf: Shelf<T, Input>,
  shipped: Map<string, Saying<T>> = shelf.shipped,
): Promise<void> {
  const collection = entriesOf(core, shelf)
  const stored = new Map(
    (await collection.find({ key: { $ne: null } }).toArray()).map((record) => [
      record.key!,
      hydrateEntry(shelf, record),
    ]),
  )
  const missing = [...shipped].filter(([key]) => !stored.has(key))
  await ignoringTaken(async () => {
    if (missing.length)
      await collection.insertMany(
        missing.map(([key, says]) => newEntry(shelf, key, says)),
        { ordered: false },
      )
  })
  for (const entry of stored.values()) {
    const says = shipped.get(entry.key!)
    // Somebody may be editing it meanwhile; then it follows at the next start.
    const same = { _id: entry._id, version: entry.version }
    if (says) {
      const next = shelf.follow(entry, says)
      if (differs(entry, next))
        await ignoringTaken(() =>
          collection.updateOne(same, {
            $set: { ...next, updatedAt: new Date() },
            $inc: { version: 1 },
          } as never),
        )
    } else if (!entry.edited && !entry.hidden) await collection.deleteOne(same)
  }
}

const newEntry = <T extends CatalogueEntry, Input>(
  shelf: Shelf<T, Input>,
  key: string,
  says: Saying<T>,
): CatalogueEntry =>
  ({
    _id: derivedId(shelf.collection, key),
    key,
    ...says,
    edited: false,
    hidden: false,
    version: 1,
    updatedAt: new Date(),
  }) as unknown as CatalogueEntry

const differs = <T extends CatalogueEntry>(entry: T, next: Saying<T>) =>
  Object.entries(next).some(
    ([field, value]) => JSON.stringify(entry[field as keyof T]) !== JSON.stringify(value),
  )

/** An administrator may have added the same by hand, or another process the same at this moment; theirs stays. */
async function ignoringTaken(write: () => Promise<unknown>) {
  try {
    await write()
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 11000) throw error
  }
}
