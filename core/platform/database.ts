import 'reflect-metadata'
import { type AnyEntity, type Constructor, MikroORM } from '@mikro-orm/mongodb'
import type { Config } from './config.ts'
import { upgradeStored } from './upgrade.ts'

/** Case-insensitive order in which web-2 comes before web-10; used by every list and its index. */
export const listCollation = { locale: 'en', strength: 2, numericOrdering: true } as const

/** Longest time that one database command of a request may take. */
export const queryTimeoutMs = 15_000

/** Opens the database, and makes sure that its indexes exist and that its records have the present form. */
export async function openDatabase(config: Config, entities: Constructor<AnyEntity>[]) {
  const orm = await MikroORM.init({
    entities,
    clientUrl: config.MONGODB_URI,
    dbName: config.MONGODB_DATABASE,
    // The default batch update checks versions before it writes, which loses updates without transactions.
    useBatchUpdates: false,
    forceUndefined: false,
    ensureIndexes: false,
    driverOptions: { monitorCommands: true, appName: 'maestro', ignoreUndefined: true },
  })
  await orm.schema.ensureIndexes()
  await upgradeStored(orm.em.getConnection().getDb())
  return orm
}
