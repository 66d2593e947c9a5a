import { DescribeInstancesCommand, paginateDescribeInstances } from '@aws-sdk/client-ec2'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { Problem } from '../../platform/errors.ts'
import type { Check, CrawlContext, Crawler, CrawlerResource } from '../crawler.ts'
import { ec2, homeRegion, sts } from './client.ts'
import { translateInstances } from './instances.ts'
import { problemOf } from './problems.ts'
import { awsRegions } from './regions.ts'

/** Largest page that DescribeInstances gives. */
const pageSize = 1000

const instances: CrawlerResource = {
  name: 'instances',
  label: 'instances',
  kind: 'SERVER',
  permissions: ['ec2:DescribeInstances'],
  everyMinutes: 5,
}

export const aws: Crawler = {
  provider: 'AWS',
  name: 'Amazon Web Services',
  description:
    'Reads the EC2 instances of an account with an access key. The managed policy SecurityAudit is enough.',
  regions: awsRegions,
  fields: [
    {
      name: 'accessKeyId',
      label: 'Access key',
      description: 'Id of an access key of a user that may only read.',
      type: 'TEXT',
      required: true,
      placeholder: 'AKIA…',
    },
    {
      name: 'secretAccessKey',
      label: 'Secret key',
      description: 'Stored encrypted; it never leaves the server again.',
      type: 'SECRET',
      required: true,
    },
    {
      name: 'endpoint',
      label: 'Endpoint',
      description: 'Only for services that are compatible with AWS.',
      type: 'URL',
      required: false,
      placeholder: 'https://ec2.example.com',
    },
  ],
  resources: [instances],

  async identify(context) {
    const region = context.regions[0] ?? homeRegion
    try {
      const client = sts(context, region)
      const answer = await client.send(new GetCallerIdentityCommand({}), { abortSignal: context.signal })
      if (!answer.Account)
        throw new Problem('SOURCE_FAILED', 'AWS did not say which account this key belongs to.')
      return { account: answer.Account, name: answer.Arn ?? answer.Account }
    } catch (error) {
      throw problemOf(error, null)
    }
  },

  check: (context) => Promise.all(context.regions.map((region) => checkRegion(context, region))),

  async *list(context, _resource, region) {
    const client = ec2(context, region!)
    try {
      const pages = paginateDescribeInstances({ client, pageSize }, {}, { abortSignal: context.signal })
      for await (const page of pages)
        yield translateInstances(
          (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []),
        )
    } catch (error) {
      throw problemOf(error, region)
    } finally {
      client.destroy()
    }
  },
}

/** A dry run answers whether the call would be allowed, and reads nothing. */
async function checkRegion(context: CrawlContext, region: string): Promise<Check> {
  const permission = instances.permissions[0]!
  try {
    const client = ec2(context, region)
    await client.send(new DescribeInstancesCommand({ DryRun: true }), { abortSignal: context.signal })
  } catch (error) {
    if ((error as Error).name !== 'DryRunOperation') {
      const { code, message, remedy } = problemOf(error, region)
      return { ok: false, region, permission, problem: { code, message, remedy } }
    }
  }
  return { ok: true, region, permission, problem: null }
}
