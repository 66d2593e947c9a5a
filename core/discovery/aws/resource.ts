import type { CrawlContext, CrawlerResource, ObservationPage } from '../crawler.ts'

/** Something of AWS that is listed as a whole, and how. Nothing here catches errors of the SDK: the crawler words them. */
export interface AwsResource extends CrawlerResource {
  /**
   * Asks for as little as each permission allows, in the order of `permissions`; throws what the SDK throws. A call
   * that only asks whether it would be allowed may throw `DryRunOperation`.
   */
  tries: ((context: CrawlContext, region: string) => Promise<unknown>)[]
  list(context: CrawlContext, region: string): AsyncIterable<ObservationPage>
}
