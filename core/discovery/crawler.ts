import type { Fields } from '../history/records.ts'
import type { RelationProperties } from '../inventory/relationKinds.ts'
import type { Config } from '../platform/config.ts'
import type { FileStore } from '../platform/files/store.ts'

/** One setting that a connection of this provider needs; forms are made from these. */
export interface CrawlerField {
  name: string
  label: string
  description: string
  type: 'TEXT' | 'SECRET' | 'URL' | 'FOLDER' | 'FILES'
  required: boolean
  placeholder?: string
}

/** One type of thing that is listed, and swept, as a whole. */
export interface CrawlerResource {
  /** Part of every identity; never change it. */
  name: string
  /** In sentences: "14 instances are no longer reported". */
  label: string
  /** Kind of asset that it becomes. */
  kind: string
  /** What the account's key must be allowed to do, in the provider's words. */
  permissions: string[]
  /** Listed once for the account, although the provider has regions. */
  global?: boolean
  /** Resources that its things refer to; they are listed before it. */
  after?: string[]
  /** How often it is worth reading, in minutes, unless somebody chooses otherwise; null where only people know. */
  everyMinutes: number | null
}

/** What a crawler works with: the connection's own settings, opened for the length of one run. */
export interface CrawlContext {
  config: Config
  settings: Record<string, string>
  regions: string[]
  files: FileStore
  /** Uploaded files, by name and key in the file store. */
  uploads: { name: string; path: string }[]
  signal: AbortSignal
  /**
   * To be awaited before each call to the source. Where the source limits how often one of its services may be called,
   * name the service: the turn comes when the limit, which all workers share, allows it.
   */
  turn(service?: string): Promise<void>
  /** To be called when the source asks to slow down. */
  throttled(service?: string): void
}

/** Another thing of the same account, by what the source calls it. It need not be known yet. */
export interface ThingRef {
  resource: string
  externalId: string
}

/** A relation of many to many that the source reports with the thing that it starts from. */
export interface ObservedRelation {
  /** Such as TARGETS or CONNECTED_TO. */
  kind: string
  to: ThingRef
  properties?: RelationProperties
}

/** One thing as a source reports it, in Maestro's words. */
export interface Observation {
  /** The provider's own id: the identity, together with provider, account and resource. */
  externalId: string
  /** Values by fact of the kind; leave out what the source does not say. Where the fact refers to an asset: a ThingRef. */
  values: Fields
  /** All that the source reports; leave it out where it says nothing about relations. */
  relations?: ObservedRelation[]
  /** The source says that it has ended. */
  ended?: boolean
}

/** A record that could not be read. With an id its asset stays as it is; without one the scope cannot be swept. */
export interface Unreadable {
  externalId: string | null
  reason: string
  raw: unknown
}

export interface ObservationPage {
  observations: Observation[]
  unreadable: Unreadable[]
}

/** A resource of a region, to be listed as one. */
export interface Offer {
  /** Null where the source has no regions. */
  region: string | null
  /** Name of one of the crawler's resources. */
  resource: string
}

/** Who the source takes us for. */
export interface Identity {
  /** Part of every discovered identity, such as the number of a cloud account. */
  account: string
  /** In the provider's words, such as an ARN. */
  name: string
}

export interface Check {
  ok: boolean
  region: string | null
  permission: string | null
  problem: { code: string; message: string; remedy: string | null } | null
}

/**
 * A provider's way into Maestro. Implement this in a folder of its own and add it to `crawlers.ts`; `docs/crawlers.md`
 * walks through one.
 */
export interface Crawler {
  /** Stored with connections and identities; never change it. */
  provider: string
  name: string
  description: string
  /** Regions to choose from; empty when the source has none. */
  regions: { name: string; label: string }[]
  fields: CrawlerField[]
  resources: CrawlerResource[]
  /** For the provider's own pages: text that gives a key all permissions of the resources, and no others. */
  policy?: string
  /** @throws Problem when the source does not let us in */
  identify(context: CrawlContext): Promise<Identity>
  /**
   * What there is to list, where only the source knows that; without it, each resource in each region that was chosen. What
   * is left out is not listed, so nothing of it counts as missing.
   *
   * @throws Problem
   */
  offers?(context: CrawlContext): Promise<Offer[]>
  /** Tries each permission once; every finding is a check, not an error. */
  check(context: CrawlContext): Promise<Check[]>
  /**
   * Lists a resource of one region, page by page. Reaching the end means that the listing was complete, so anything that
   * was left out counts as missing; whatever hinders that must be thrown.
   *
   * @throws Problem
   */
  list(
    context: CrawlContext,
    resource: CrawlerResource,
    region: string | null,
  ): AsyncIterable<ObservationPage>
}
