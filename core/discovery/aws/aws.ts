import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { atMost } from '../../platform/atMost.ts'
import { Problem } from '../../platform/errors.ts'
import type { Check, CrawlContext, Crawler } from '../crawler.ts'
import { askedOf, homeRegion } from './client.ts'
import { policy } from './policy.ts'
import { problemOf } from './problems.ts'
import { awsRegions } from './regions.ts'
import type { AwsResource } from './resource.ts'
import { resources } from './resources.ts'

/** Permissions that are tried at the same time. */
const checksAtOnce = 12

export const aws: Crawler = {
  provider: 'AWS',
  name: 'Amazon Web Services',
  description:
    'Reads the servers, disks, networks and services of an account with an access key. The managed policy SecurityAudit and the permission ses:ListEmailIdentities are enough.',
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
  resources,
  policy,

  async identify(context) {
    const region = context.regions[0] ?? homeRegion
    try {
      const answer = await askedOf(STSClient, context, region, (client) =>
        client.send(new GetCallerIdentityCommand({}), { abortSignal: context.signal }),
      )
      if (!answer.Account)
        throw new Problem('SOURCE_FAILED', 'AWS did not say which account this key belongs to.')
      return { account: answer.Account, name: answer.Arn ?? answer.Account }
    } catch (error) {
      throw problemOf(error, null)
    }
  },

  check: (context) =>
    atMost(
      checksAtOnce,
      resources.flatMap((resource) =>
        (resource.global ? [null] : context.regions).flatMap((region) =>
          resource.permissions.map(
            (permission, index) => () => checked(context, region, permission, resource.tries[index]!),
          ),
        ),
      ),
    ),

  async *list(context, { name }, region) {
    const resource = resources.find((one) => one.name === name)!
    try {
      yield* resource.list(context, region ?? homeRegion)
    } catch (error) {
      throw problemOf(error, region)
    }
  },
}

async function checked(
  context: CrawlContext,
  region: string | null,
  permission: string,
  ask: AwsResource['tries'][number],
): Promise<Check> {
  try {
    await ask(context, region ?? homeRegion)
  } catch (error) {
    if ((error as Error).name !== 'DryRunOperation') {
      const { code, message, remedy } = problemOf(error, region)
      return { ok: false, region, permission, problem: { code, message, remedy } }
    }
  }
  return { ok: true, region, permission, problem: null }
}
