import { NodeHttpHandler } from '@smithy/node-http-handler'
import { assertAimable, guardedAgents } from '../../platform/outbound.ts'
import type { CrawlContext } from '../crawler.ts'

/** Where credentials are checked when a connection names no region yet, and where the global services answer. */
export const homeRegion = 'us-east-1'

/** Enough for the throttling of a busy account; the SDK backs off between the tries. */
const maxAttempts = 8

/** What the clients of all services have in common. */
interface AnyClient {
  destroy(): void
  config: { serviceId: string }
  middlewareStack: { remove(name: string): boolean; add(middleware: unknown, options: unknown): void }
}

type ClientOptions = ReturnType<typeof optionsOf>

/** A client of one service, whose calls and throttles the crawl counts. Destroy it when done. */
export function clientOf<Client>(
  Service: new (options: ClientOptions) => Client,
  context: CrawlContext,
  region: string,
): Client {
  const client = new Service(optionsOf(context, region))
  const { middlewareStack, config } = client as AnyClient
  observe(middlewareStack, context, config.serviceId)
  return client
}

/** What `use` yields, with a client for the length of it. */
export async function* listedBy<Client extends { destroy(): void }, T>(
  Service: new (options: ClientOptions) => Client,
  context: CrawlContext,
  region: string,
  use: (client: Client) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const client = clientOf(Service, context, region)
  try {
    yield* use(client)
  } finally {
    client.destroy()
  }
}

/** What `use` gives, with a client for the length of it. */
export async function askedOf<Client extends { destroy(): void }, T>(
  Service: new (options: ClientOptions) => Client,
  context: CrawlContext,
  region: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = clientOf(Service, context, region)
  try {
    return await use(client)
  } finally {
    client.destroy()
  }
}

function optionsOf({ config, settings }: CrawlContext, region: string) {
  if (settings.endpoint) assertAimable(config, settings.endpoint)
  return {
    region,
    maxAttempts,
    // The address of a queue is what a source says; where calls go is what the connection says.
    useQueueUrlAsEndpoint: false,
    // Compatible services have one host for all buckets.
    ...(settings.endpoint && { endpoint: settings.endpoint, forcePathStyle: true }),
    credentials: { accessKeyId: settings.accessKeyId ?? '', secretAccessKey: settings.secretAccessKey ?? '' },
    requestHandler: new NodeHttpHandler({
      ...guardedAgents(config),
      connectionTimeout: 10_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
    }),
  }
}

/** Lets each call wait its turn, retries included, and tells of each answer that asks to slow down. */
function observe(stack: AnyClient['middlewareStack'], context: CrawlContext, service: string): void {
  // It copies every answer for a log that nobody keeps: one twentieth of the time of a listing.
  stack.remove('loggerMiddleware')
  stack.add(
    (next: (args: unknown) => Promise<unknown>) => async (args: unknown) => {
      await context.turn(service)
      try {
        return await next(args)
      } catch (error) {
        if (isThrottle(error)) context.throttled(service)
        throw error
      }
    },
    { step: 'deserialize', name: 'waitTurn', priority: 'high' },
  )
}

/** The names that services give to "slow down". */
export const throttleNames =
  /^(RequestLimitExceeded|Throttl.*|TooManyRequests.*|RequestThrottled.*|SlowDown|ProvisionedThroughputExceededException|LimitExceededException)$/

const isThrottle = (error: unknown) => error instanceof Error && throttleNames.test(error.name)
