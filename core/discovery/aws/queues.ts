import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  paginateListQueues,
  type QueueAttributeName,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf, tagList } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasOf } from './extras.ts'
import { type Reading, serviceResource } from './serviceResource.ts'
import { answersFor, orIfGone } from './together.ts'
import { translated } from './translated.ts'

/** Those that do not change with every message. */
const attributeNames: QueueAttributeName[] = [
  'QueueArn',
  'CreatedTimestamp',
  'FifoQueue',
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'MaximumMessageSize',
  'DelaySeconds',
  'KmsMasterKeyId',
  'SqsManagedSseEnabled',
  'RedrivePolicy',
]
/** FifoQueue may be asked for of a FIFO queue alone. */
const standardNames = attributeNames.filter((name) => name !== 'FifoQueue')

export const queues = serviceResource<SQSClient>(
  { name: 'queues', label: 'queues', kind: 'APP', everyMinutes: 5 * 24 * 60 },
  {
    Service: SQSClient,
    tries: {
      'sqs:ListQueues': (client, { options }) =>
        client.send(new ListQueuesCommand({ MaxResults: 1 }), options),
      'sqs:GetQueueAttributes': (client, reading) =>
        withFirst(client, reading, (QueueUrl) =>
          client.send(
            new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
            reading.options,
          ),
        ),
      'sqs:ListQueueTags': (client, reading) =>
        withFirst(client, reading, (QueueUrl) =>
          client.send(new ListQueueTagsCommand({ QueueUrl }), reading.options),
        ),
    },
    async *list(client, reading) {
      for await (const page of paginateListQueues({ client, pageSize: 1000 }, {}, reading.options)) {
        const found = await answersFor(page.QueueUrls ?? [], (url) =>
          orIfGone<QueueRecord | null>(readQueue(client, url, reading), null),
        )
        yield translated(
          found.filter((queue) => queue !== null),
          ({ attributes }) => attributes.QueueArn,
          (queue) => translateQueue(queue, reading.region),
        )
      }
    },
  },
)

interface QueueRecord {
  url: string
  attributes: Partial<Record<QueueAttributeName, string>>
  tags: Record<string, string> | undefined
}

async function readQueue(client: SQSClient, url: string, { options }: Reading): Promise<QueueRecord> {
  const AttributeNames = url.endsWith('.fifo') ? attributeNames : standardNames
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }),
    options,
  )
  const { Tags } = await client.send(new ListQueueTagsCommand({ QueueUrl: url }), options)
  return { url, attributes: Attributes ?? {}, tags: Tags }
}

export function translateQueue({ url, attributes, tags }: QueueRecord, region: string): Observation {
  const arn = required(attributes.QueueArn, 'QueueArn')
  const name = arn.split(':').at(-1)!
  return {
    externalId: arn,
    values: {
      ...appOf({
        name,
        region,
        providerId: arn,
        family: AppFamily.BROKER,
        product: 'Amazon SQS',
        tags: tagList(tags),
      }),
      endpoint: url,
      queues: [{ name, url }],
      extras: extrasOf({
        fifo: attributes.FifoQueue,
        'visibility timeout in seconds': attributes.VisibilityTimeout,
        'retention in seconds': attributes.MessageRetentionPeriod,
        'largest message in bytes': attributes.MaximumMessageSize,
        'delay in seconds': attributes.DelaySeconds,
        'encryption key': attributes.KmsMasterKeyId,
        'encrypted by SQS': attributes.SqsManagedSseEnabled,
        'redrive policy': attributes.RedrivePolicy,
        'created at': momentOf(attributes.CreatedTimestamp),
      }),
    },
    relations: deadLettersOf(attributes.RedrivePolicy),
  }
}

const momentOf = (seconds: string | undefined) =>
  seconds && Number(seconds) ? new Date(Number(seconds) * 1000) : undefined

/** To where messages go that nobody could work off. */
function deadLettersOf(policy: string | undefined) {
  const target = policy && (/"deadLetterTargetArn"\s*:\s*"([^"]+)"/.exec(policy)?.[1] ?? '')
  return target ? [{ kind: 'TARGETS', to: { resource: 'queues', externalId: target } }] : []
}

/** Without a queue there is nothing to try it on, and nothing that it would be needed for. */
async function withFirst(
  client: SQSClient,
  { options }: Reading,
  ask: (url: string) => Promise<unknown>,
): Promise<void> {
  const { QueueUrls } = await client.send(new ListQueuesCommand({ MaxResults: 1 }), options)
  if (QueueUrls?.[0]) await ask(QueueUrls[0])
}
