import type { Call } from '../actions.ts'
import { Fault } from '../fault.ts'
import { pageOf, suffer } from '../listing.ts'
import { type Input, jsonService } from '../protocols/json.ts'
import { sizeIn } from '../protocols/query.ts'
import type { Thing, Value } from '../shelves.ts'
import { shelfOf } from './shelf.ts'

export const sqs = jsonService({
  prefix: 'sqs',
  target: 'AmazonSQS',
  namespace: 'com.amazonaws.sqs',
  version: '1.0',
  words: { throttled: [400, 'RequestThrottled'], broken: [500, 'InternalError'] },
  actions: {
    async ListQueues(call, { MaxResults, NextToken, QueueNamePrefix }) {
      const { things, next } = await pageOf(call, 'queues', {
        size: sizeIn(MaxResults === undefined ? null : String(MaxResults), [1, 1000]),
        token: NextToken as string | undefined,
        ...(QueueNamePrefix && { only: (thing) => nameOf(thing).startsWith(String(QueueNamePrefix)) }),
      })
      // Without a queue there is no list, and without a size there is no next page.
      return {
        ...(things.length && { QueueUrls: things.map(({ QueueUrl }) => QueueUrl) }),
        ...(next && MaxResults !== undefined && { NextToken: next }),
      }
    },
    async GetQueueAttributes(call, input) {
      await suffer(call, 0)
      const attributes = queueOf(call, input).Attributes as Record<string, Value>
      const names = (input.AttributeNames ?? []) as string[]
      if (names.includes('FifoQueue') && !('FifoQueue' in attributes))
        throw new Fault(400, 'InvalidAttributeName', 'Unknown Attribute FifoQueue.')
      const shown = Object.entries(attributes).filter(
        ([name, value]) => value !== null && (names.includes(name) || names.includes('All')),
      )
      return shown.length ? { Attributes: Object.fromEntries(shown) } : {}
    },
    async ListQueueTags(call, input) {
      await suffer(call, 0)
      const { Tags } = queueOf(call, input)
      return Tags ? { Tags } : {}
    },
  },
})

const nameOf = ({ QueueUrl }: Thing) => String(QueueUrl).split('/').at(-1)!

function queueOf(call: Call, { QueueUrl }: Input): Thing {
  const queue = [...shelfOf(call, 'queues').values()].find((one) => one.QueueUrl === QueueUrl)
  if (queue) return queue
  throw new Fault(400, 'QueueDoesNotExist', 'The specified queue does not exist.')
}
