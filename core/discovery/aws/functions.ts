import {
  type FunctionConfiguration,
  LambdaClient,
  type LayersListItem,
  ListFunctionsCommand,
  ListLayersCommand,
  ListTagsCommand,
  paginateListFunctions,
  paginateListLayers,
} from '@aws-sdk/client-lambda'
import { AssetStatus } from '../../inventory/asset.ts'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf, tagList } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { connectedTo } from './networks.ts'
import { type Reading, serviceResource } from './serviceResource.ts'
import { distinct } from './tags.ts'
import { answersFor, orIfGone } from './together.ts'
import { translated } from './translated.ts'

export const functions = serviceResource<LambdaClient>(
  {
    name: 'functions',
    label: 'functions',
    kind: 'APP',
    after: ['function-layers', 'subnets', 'security-groups'],
    everyMinutes: 12 * 60,
  },
  {
    Service: LambdaClient,
    tries: {
      'lambda:ListFunctions': (client, { options }) =>
        client.send(new ListFunctionsCommand({ MaxItems: 1 }), options),
      'lambda:ListTags': async (client, { options }) => {
        const { Functions } = await client.send(new ListFunctionsCommand({ MaxItems: 1 }), options)
        const Resource = Functions?.[0]?.FunctionArn
        if (Resource) await client.send(new ListTagsCommand({ Resource }), options)
      },
    },
    async *list(client, reading) {
      for await (const page of paginateListFunctions({ client, pageSize: 50 }, {}, reading.options)) {
        const found = await answersFor(page.Functions ?? [], async (one) => ({
          one,
          tags: one.FunctionArn ? await tagsOfFunction(client, one.FunctionArn, reading) : {},
        }))
        yield translated(
          found,
          ({ one }) => one.FunctionArn,
          ({ one, tags }) => translateFunction(one, reading.region, tags),
        )
      }
    },
  },
)

/** Their size is not read: the listing does not tell it, and a key that may only audit cannot ask for more. */
export const functionLayers = serviceResource<LambdaClient>(
  { name: 'function-layers', label: 'function layers', kind: 'APP', everyMinutes: 24 * 60 },
  {
    Service: LambdaClient,
    tries: {
      'lambda:ListLayers': (client, { options }) =>
        client.send(new ListLayersCommand({ MaxItems: 1 }), options),
    },
    async *list(client, { region, options }) {
      for await (const page of paginateListLayers({ client, pageSize: 50 }, {}, options))
        yield translated(
          page.Layers,
          ({ LayerArn }) => LayerArn,
          (layer) => translateLayer(layer, region),
        )
    },
  },
)

async function tagsOfFunction(client: LambdaClient, Resource: string, { options }: Reading) {
  const answer = await orIfGone(client.send(new ListTagsCommand({ Resource }), options), null)
  return answer?.Tags ?? {}
}

/** Values of its environment are left out, as keys and passwords are often among them. */
export function translateFunction(
  one: FunctionConfiguration,
  region: string,
  tags: Record<string, string>,
): Observation {
  const arn = required(one.FunctionArn, 'FunctionArn')
  const layers = (one.Layers ?? []).flatMap(({ Arn }) => Arn ?? [])
  return {
    externalId: arn,
    values: {
      ...appOf({
        name: one.FunctionName ?? arn,
        region,
        providerId: arn,
        family: AppFamily.SERVERLESS,
        product: 'AWS Lambda',
        tags: tagList(tags),
      }),
      description: one.Description?.trim() || undefined,
      // Listings leave the state out; a function without calls for long is inactive, but answers the next one.
      status: one.State === 'Failed' ? AssetStatus.DEGRADED : AssetStatus.ACTIVE,
      providerStatus: one.State,
      language: languageOf(one.Runtime),
      memoryMiB: one.MemorySize,
      timeoutSeconds: one.Timeout,
      handler: one.Handler,
      runtime: one.Runtime,
      extras: [
        ...extrasOf({
          role: one.Role,
          package: one.PackageType,
          'code size in bytes': one.CodeSize,
          'code hash': one.CodeSha256,
          'changed at': one.LastModified,
          network: one.VpcConfig?.VpcId,
          'encryption key': one.KMSKeyArn,
          'dead letters to': one.DeadLetterConfig?.TargetArn,
          tracing: one.TracingConfig?.Mode,
          'temporary disk in MiB': one.EphemeralStorage?.Size,
        }),
        ...extrasFor('architecture', one.Architectures ?? []),
        ...extrasFor('layer', layers),
        ...extrasFor('environment variable', Object.keys(one.Environment?.Variables ?? {})),
      ],
    },
    relations: [
      ...distinct(layers.filter((layer) => ownerOf(layer) === ownerOf(arn)).map(withoutVersion)).map(
        (externalId) => ({ kind: 'DEPENDS_ON', to: { resource: 'function-layers', externalId } }),
      ),
      ...connectedTo('subnets', one.VpcConfig?.SubnetIds ?? []),
      ...connectedTo('security-groups', one.VpcConfig?.SecurityGroupIds ?? []),
    ],
  }
}

export function translateLayer(layer: LayersListItem, region: string): Observation {
  const arn = required(layer.LayerArn, 'LayerArn')
  const latest = layer.LatestMatchingVersion
  const runtimes = distinct(latest?.CompatibleRuntimes ?? [])
  return {
    externalId: arn,
    values: {
      ...appOf({
        name: layer.LayerName ?? arn,
        region,
        providerId: arn,
        family: AppFamily.SERVERLESS_LAYER,
        product: 'AWS Lambda Layers',
      }),
      description: latest?.Description?.trim() || undefined,
      language: languageOf(runtimes[0]),
      runtime: runtimes.join(', ') || undefined,
      extras: [
        ...extrasOf({
          version: latest?.Version,
          license: latest?.LicenseInfo,
          'created at': latest?.CreatedDate,
        }),
        ...extrasFor('architecture', latest?.CompatibleArchitectures ?? []),
      ],
    },
  }
}

const languages: [RegExp, string][] = [
  [/^nodejs/, 'JavaScript'],
  [/^python/, 'Python'],
  [/^java/, 'Java'],
  [/^dotnet/, 'C#'],
  [/^ruby/, 'Ruby'],
  [/^go/, 'Go'],
]

const languageOf = (runtime: string | undefined) =>
  languages.find(([pattern]) => pattern.test(runtime ?? ''))?.[1]

const ownerOf = (arn: string) => arn.split(':')[4]

const withoutVersion = (arn: string) => arn.split(':').slice(0, 7).join(':')
