import { EC2Client } from '@aws-sdk/client-ec2'
import type { CrawlerResource, Observation } from '../crawler.ts'
import { askedOf, listedBy } from './client.ts'
import type { AwsResource } from './resource.ts'
import { translated } from './translated.ts'

interface Listing<Input, Page, Record> {
  /** Such as DescribeVolumes. */
  action: string
  /** Asks once, with what it is given. */
  ask: (client: EC2Client, input: Input & { DryRun?: boolean }, signal: AbortSignal) => Promise<unknown>
  /** A paginator of the SDK. */
  paginate: (
    config: { client: EC2Client; pageSize: number },
    input: Input,
    options: { abortSignal: AbortSignal },
  ) => AsyncIterable<Page>
  /** The largest page that the action gives. */
  pageSize: number
  input: Input
  records: (page: Page) => Record[] | undefined
  idOf: (record: Record) => string | undefined
  translate: (record: Record, region: string) => Observation
}

/** A listing of EC2 whose records say all that is needed. */
export function ec2Resource<Input, Page, Record>(
  declared: Omit<CrawlerResource, 'permissions'>,
  { action, ask, paginate, pageSize, input, records, idOf, translate }: Listing<Input, Page, Record>,
): AwsResource {
  return {
    ...declared,
    permissions: [`ec2:${action}`],
    tries: [
      ({ signal, ...context }, region) =>
        askedOf(EC2Client, { signal, ...context }, region, (client) =>
          ask(client, { ...input, DryRun: true }, signal),
        ),
    ],
    list: (context, region) =>
      listedBy(EC2Client, context, region, async function* (client) {
        // Paginators write the next token into what they are given.
        for await (const page of paginate(
          { client, pageSize },
          { ...input },
          { abortSignal: context.signal },
        ))
          yield translated(records(page), idOf, (record) => translate(record, region))
      }),
  }
}

/** @throws Error without an id, because then it cannot be told from others */
export function required(id: string | undefined, name: string): string {
  if (!id) throw new Error(`It has no ${name}, so it cannot be told from others.`)
  return id
}
