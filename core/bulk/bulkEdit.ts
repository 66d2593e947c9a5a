import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import type { Collection, ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import type { WorkName } from './works.ts'

/** An edit of more things than one request should change; a run is about it. Kept apart, because runs travel as a whole. */
@Entity({ collection: 'bulkEdits' })
@Index({ properties: ['createdAt'] })
export class BulkEdit {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'string' })
  work!: WorkName

  @Property({ type: 'json' })
  input!: object

  @Property({ type: 'datetime' })
  createdAt!: Date
}

export const bulkEditsOf = (core: Core): Collection<BulkEdit> => core.db.collection('bulkEdits')

const keptMs = 30 * 24 * 3600_000

/** Forgets what was asked for a month ago. */
export async function sweepBulkEdits(core: Core): Promise<void> {
  await bulkEditsOf(core).deleteMany({ createdAt: { $lt: new Date(Date.now() - keptMs) } })
}
