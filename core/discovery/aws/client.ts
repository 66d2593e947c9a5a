import { EC2Client } from '@aws-sdk/client-ec2'
import { STSClient } from '@aws-sdk/client-sts'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { assertAimable, guardedAgents } from '../../platform/outbound.ts'
import type { CrawlContext } from '../crawler.ts'

/** Where credentials are checked when a connection names no region yet. */
export const homeRegion = 'us-east-1'

/** Enough for the throttling of a busy account; the SDK backs off between the tries. */
const maxAttempts = 8

export const ec2 = (context: CrawlContext, region: string) =>
  observed(new EC2Client(options(context, region)), context)

export const sts = (context: CrawlContext, region: string) =>
  observed(new STSClient(options(context, region)), context)

function options({ config, settings }: CrawlContext, region: string) {
  if (settings.endpoint) assertAimable(config, settings.endpoint)
  return {
    region,
    maxAttempts,
    ...(settings.endpoint && { endpoint: settings.endpoint }),
    credentials: { accessKeyId: settings.accessKeyId ?? '', secretAccessKey: settings.secretAccessKey ?? '' },
    requestHandler: new NodeHttpHandler({
      ...guardedAgents(config),
      connectionTimeout: 10_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
    }),
  }
}

/** Counts each call as it leaves, retries included, and each answer that asks to slow down. */
function observed<Client extends EC2Client | STSClient>(client: Client, context: CrawlContext): Client {
  // It copies every answer for a log that nobody keeps: one twentieth of the time of a listing.
  client.middlewareStack.remove('loggerMiddleware')
  ;(client as EC2Client).middlewareStack.add(
    (next) => async (args) => {
      context.called()
      try {
        return await next(args)
      } catch (error) {
        if (isThrottle(error)) context.throttled()
        throw error
      }
    },
    { step: 'deserialize', name: 'countCalls', priority: 'high' },
  )
  return client
}

const isThrottle = (error: unknown) =>
  error instanceof Error && /^(RequestLimitExceeded|Throttling.*|TooManyRequests.*)$/.test(error.name)
