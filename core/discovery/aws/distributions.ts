import {
  type CacheBehavior,
  CloudFrontClient,
  type DefaultCacheBehavior,
  type DistributionSummary,
  ListDistributionsCommand,
  ListTagsForResourceCommand,
  paginateListDistributions,
  type Tag,
} from '@aws-sdk/client-cloudfront'
import { AssetStatus } from '../../inventory/asset.ts'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { type Reading, serviceResource } from './serviceResource.ts'
import { distinct } from './tags.ts'
import { answersFor, orIfGone } from './together.ts'
import { translated } from './translated.ts'

export const distributions = serviceResource<CloudFrontClient>(
  {
    name: 'distributions',
    label: 'distributions',
    kind: 'APP',
    global: true,
    after: ['buckets'],
    everyMinutes: 5 * 24 * 60,
  },
  {
    Service: CloudFrontClient,
    tries: {
      'cloudfront:ListDistributions': (client, { options }) =>
        client.send(new ListDistributionsCommand({ MaxItems: 1 }), options),
      'cloudfront:ListTagsForResource': async (client, reading) => {
        const answer = await client.send(new ListDistributionsCommand({ MaxItems: 1 }), reading.options)
        const arn = answer.DistributionList?.Items?.[0]?.ARN
        if (arn) await tagsOfDistribution(client, arn, reading)
      },
    },
    async *list(client, reading) {
      for await (const page of paginateListDistributions({ client, pageSize: 100 }, {}, reading.options)) {
        const found = await answersFor(page.DistributionList?.Items ?? [], async (one) => ({
          one,
          tags: one.ARN ? await tagsOfDistribution(client, one.ARN, reading) : [],
        }))
        yield translated(
          found,
          ({ one }) => one.Id,
          ({ one, tags }) => translateDistribution(one, tags),
        )
      }
    },
  },
)

async function tagsOfDistribution(
  client: CloudFrontClient,
  Resource: string,
  { options }: Reading,
): Promise<Tag[]> {
  const answer = await orIfGone(client.send(new ListTagsForResourceCommand({ Resource }), options), null)
  return answer?.Tags?.Items ?? []
}

export function translateDistribution(distribution: DistributionSummary, tags: Tag[]): Observation {
  const id = required(distribution.Id, 'Id')
  const aliases = distinct(distribution.Aliases?.Items ?? [])
  const origins = distribution.Origins?.Items ?? []
  const hosts = new Map(origins.map(({ Id, DomainName }) => [Id, DomainName]))
  return {
    externalId: id,
    values: {
      ...appOf({
        name: aliases[0] ?? distribution.DomainName ?? id,
        region: undefined,
        providerId: distribution.ARN ?? id,
        family: AppFamily.CDN,
        product: 'Amazon CloudFront',
        tags,
      }),
      description: distribution.Comment?.trim() || undefined,
      status: distribution.Enabled === false ? AssetStatus.STOPPED : AssetStatus.ACTIVE,
      providerStatus: distribution.Status,
      endpoint: distribution.DomainName,
      domains: distinct([...aliases, distribution.DomainName]),
      // The order of the behaviors is the order in which they are tried; the default comes last.
      cacheBehaviors: [
        ...(distribution.CacheBehaviors?.Items ?? []).map((one) => behaviorOf(one.PathPattern, one, hosts)),
        ...(distribution.DefaultCacheBehavior
          ? [behaviorOf('*', distribution.DefaultCacheBehavior, hosts)]
          : []),
      ],
      extras: [
        ...extrasOf({
          'price class': distribution.PriceClass,
          'web access list': distribution.WebACLId,
          'http version': distribution.HttpVersion,
          'address version 6': distribution.IsIPV6Enabled,
          staging: distribution.Staging || undefined,
          certificate: distribution.ViewerCertificate?.ACMCertificateArn,
          'restricted to': distribution.Restrictions?.GeoRestriction?.RestrictionType,
        }),
        ...extrasFor(
          'origin',
          origins.map(({ DomainName, OriginPath }) => `${DomainName}${OriginPath ?? ''}`),
        ),
      ],
    },
    relations: distinct(origins.map(({ DomainName }) => bucketAt(DomainName))).map((externalId) => ({
      kind: 'DEPENDS_ON',
      to: { resource: 'buckets', externalId },
    })),
  }
}

function behaviorOf(
  path: string | undefined,
  { TargetOriginId, DefaultTTL, ViewerProtocolPolicy }: CacheBehavior | DefaultCacheBehavior,
  hosts: Map<string | undefined, string | undefined>,
) {
  const origin = hosts.get(TargetOriginId) ?? TargetOriginId
  return {
    path: path ?? '*',
    ...(origin && { origin }),
    ...(DefaultTTL !== undefined && { ttlSeconds: DefaultTTL }),
    ...(ViewerProtocolPolicy && { viewerProtocol: ViewerProtocolPolicy }),
  }
}

/** The bucket behind an address of S3, as a store of objects or as a website. */
const bucketAt = (host: string | undefined) =>
  /^(.+?)\.s3(?:[.-][a-z0-9.-]+)?\.amazonaws\.com$/.exec(host ?? '')?.[1]
