import type { ObjectId } from 'mongodb'
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
}

export const scopeOf = ({ connection, region, resource }: Target) =>
  scopeId(connection._id, region, resource.name)

export const inRegion = (target: Target) => (target.region ? ` (${target.region})` : '')
