import type { CrawlerResource, ObservationPage } from '../crawler.ts'
import { askedOf, listedBy } from './client.ts'
import type { AwsResource } from './resource.ts'

type ServiceClass<Client extends { destroy(): void }> = Parameters<typeof askedOf<Client, unknown>>[0]

/** What each call of a listing needs. */
export interface Reading {
  region: string
  options: { abortSignal: AbortSignal }
}

interface Listing<Client> {
  Service: ServiceClass<Client & { destroy(): void }>
  /** By permission: asks for as little as it allows. */
  tries: Record<string, (client: Client, reading: Reading) => Promise<unknown>>
  list: (client: Client, reading: Reading) => AsyncIterable<ObservationPage>
}

/** What a service other than EC2 lists. Every permission is needed: without one of them the listing is a problem. */
export const serviceResource = <Client>(
  declared: Omit<CrawlerResource, 'permissions'>,
  { Service, tries, list }: Listing<Client>,
): AwsResource => ({
  ...declared,
  permissions: Object.keys(tries),
  tries: Object.values(tries).map(
    (ask) => (context, region) =>
      askedOf(Service, context, region, (client) =>
        ask(client, { region, options: { abortSignal: context.signal } }),
      ),
  ),
  list: (context, region) =>
    listedBy(Service, context, region, (client) =>
      list(client, { region, options: { abortSignal: context.signal } }),
    ),
})
