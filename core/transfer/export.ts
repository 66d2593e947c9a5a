import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import type { Collection, ObjectId } from 'mongodb'
import type { AssetOrder } from '../inventory/find.ts'
import type { Core } from '../platform/core.ts'
import type { FileFormat } from './format.ts'

/** What a download will contain; its rows are read when it is fetched. */
@Entity({ collection: 'exports' })
@Index({ properties: ['createdAt'] })
export class Export {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  /** Kind of the assets. */
  @Property({ type: 'string' })
  kind!: string

  /** As JSON, because it may hold names that the database reserves. */
  @Property({ type: 'string' })
  filter!: string

  @Property({ type: 'json' })
  orderBy!: AssetOrder[]

  @Property({ type: 'json' })
  columns!: string[]

  @Property({ type: 'string' })
  format!: FileFormat

  /** Workspace that it was asked for in; null for everything that the asker sees. */
  @Property({ type: 'string', nullable: true })
  workspace!: string | null

  @Property({ type: 'datetime' })
  createdAt!: Date
}

export const exportsOf = (core: Core): Collection<Export> => core.db.collection('exports')
