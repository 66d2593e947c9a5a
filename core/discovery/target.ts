import type { ObjectId } from 'mongodb'
import type { commit } from '../history/commit.ts'
import type { Connection } from './connection.ts'
import type { CrawlerResource } from './crawler.ts'
import { scopeId } from './scope.ts'

/** What a listing is reconciled with. */
export interface Target {
  connection: Connection
  account: string
  region: string | null
  resource: CrawlerResource
  run: ObjectId
  /** The write path, or what notes the changes of a dry run. */
  save: typeof commit
  dryRun: boolean
}

export const scopeOf = ({ connection, region, resource }: Target) =>
  scopeId(connection._id, region, resource.name)

export const inRegion = (target: Target) => (target.region ? ` (${target.region})` : '')
