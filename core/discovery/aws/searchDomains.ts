import {
  DescribeDomainsCommand,
  type DomainStatus,
  ListDomainNamesCommand,
  ListTagsCommand,
  OpenSearchClient,
  type Tag,
} from '@aws-sdk/client-opensearch'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf, appStanding } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasOf } from './extras.ts'
import { connectedTo } from './networks.ts'
import { type Reading, serviceResource } from './serviceResource.ts'
import { answersFor, orIfGone, slicesOf } from './together.ts'
import { translated } from './translated.ts'

/** As many as DescribeDomains takes. */
const domainsAtOnce = 5

export const searchDomains = serviceResource<OpenSearchClient>(
  {
    name: 'search-domains',
    label: 'search domains',
    kind: 'APP',
    after: ['subnets', 'security-groups'],
    everyMinutes: 5 * 24 * 60,
  },
  {
    Service: OpenSearchClient,
    tries: {
      'es:ListDomainNames': (client, reading) => namesOf(client, reading),
      'es:DescribeDomains': async (client, reading) => {
        const [name] = await namesOf(client, reading)
        if (name) await client.send(new DescribeDomainsCommand({ DomainNames: [name] }), reading.options)
      },
      'es:ListTags': async (client, reading) => {
        const [name] = await namesOf(client, reading)
        if (!name) return
        const input = { DomainNames: [name] }
        const answer = await client.send(new DescribeDomainsCommand(input), reading.options)
        const arn = answer.DomainStatusList?.[0]?.ARN
        if (arn) await tagsOfDomain(client, arn, reading)
      },
    },
    async *list(client, reading) {
      // The names come on one page, however many there are.
      for (const DomainNames of slicesOf(await namesOf(client, reading), domainsAtOnce)) {
        const answer = await client.send(new DescribeDomainsCommand({ DomainNames }), reading.options)
        const found = await answersFor(answer.DomainStatusList ?? [], async (domain) => ({
          domain,
          tags: domain.ARN ? await tagsOfDomain(client, domain.ARN, reading) : [],
        }))
        yield translated(
          found,
          ({ domain }) => domain.ARN,
          ({ domain, tags }) => translateSearchDomain(domain, reading.region, tags),
        )
      }
    },
  },
)

async function namesOf(client: OpenSearchClient, { options }: Reading): Promise<string[]> {
  const { DomainNames } = await client.send(new ListDomainNamesCommand({}), options)
  return (DomainNames ?? []).flatMap(({ DomainName }) => DomainName ?? [])
}

async function tagsOfDomain(client: OpenSearchClient, ARN: string, { options }: Reading): Promise<Tag[]> {
  const answer = await orIfGone(client.send(new ListTagsCommand({ ARN }), options), null)
  return answer?.TagList ?? []
}

export function translateSearchDomain(domain: DomainStatus, region: string, tags: Tag[]): Observation {
  const arn = required(domain.ARN, 'ARN')
  const [engine, version] = (domain.EngineVersion ?? '').split('_')
  const word = domain.Deleted ? 'Deleting' : (domain.DomainProcessingStatus ?? 'Active')
  const host = domain.Endpoint ?? domain.EndpointV2 ?? domain.Endpoints?.vpc
  const cluster = domain.ClusterConfig
  const { status, ended } = appStanding(word)
  return {
    externalId: arn,
    ended,
    values: {
      ...appOf({
        name: domain.DomainName ?? arn,
        region,
        providerId: arn,
        family: AppFamily.DATABASE,
        product: 'Amazon OpenSearch Service',
        tags,
      }),
      status,
      providerStatus: word,
      engine: engine || undefined,
      engineVersion: version,
      databaseType: 'search',
      instanceType: cluster?.InstanceType,
      endpoint: host && `https://${host}`,
      extras: extrasOf({
        'domain id': domain.DomainId,
        instances: cluster?.InstanceCount,
        'master type': cluster?.DedicatedMasterEnabled ? cluster.DedicatedMasterType : undefined,
        masters: cluster?.DedicatedMasterEnabled ? cluster.DedicatedMasterCount : undefined,
        'several zones': cluster?.ZoneAwarenessEnabled,
        'disk in GiB': domain.EBSOptions?.VolumeSize,
        'disk type': domain.EBSOptions?.VolumeType,
        'encrypted at rest': domain.EncryptionAtRestOptions?.Enabled,
        network: domain.VPCOptions?.VPCId,
      }),
    },
    relations: [
      ...connectedTo('subnets', domain.VPCOptions?.SubnetIds ?? []),
      ...connectedTo('security-groups', domain.VPCOptions?.SecurityGroupIds ?? []),
    ],
  }
}
