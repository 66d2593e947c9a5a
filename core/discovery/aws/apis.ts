import {
  APIGatewayClient,
  GetRestApisCommand,
  paginateGetRestApis,
  type RestApi,
} from '@aws-sdk/client-api-gateway'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf, appStanding, tagList } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { connectedTo } from './networks.ts'
import { serviceResource } from './serviceResource.ts'
import { translated } from './translated.ts'

export const restApis = serviceResource<APIGatewayClient>(
  {
    name: 'rest-apis',
    label: 'REST APIs',
    kind: 'APP',
    after: ['vpc-endpoints'],
    everyMinutes: 3 * 24 * 60,
  },
  {
    Service: APIGatewayClient,
    tries: {
      'apigateway:GET': (client, { options }) => client.send(new GetRestApisCommand({ limit: 1 }), options),
    },
    async *list(client, { region, options }) {
      for await (const page of paginateGetRestApis({ client, pageSize: 500 }, {}, options))
        yield translated(
          page.items,
          ({ id }) => id && idIn(region, id),
          (api) => translateRestApi(api, region),
        )
    },
  },
)

/** Ids are unique in a region alone. */
const idIn = (region: string, id: string) => `${region}/${id}`

export function translateRestApi(api: RestApi, region: string): Observation {
  const id = required(api.id, 'id')
  const { status, ended } = appStanding(api.apiStatus ?? 'available')
  return {
    externalId: idIn(region, id),
    ended,
    values: {
      ...appOf({
        name: api.name ?? id,
        region,
        providerId: id,
        family: AppFamily.API_GATEWAY,
        product: 'Amazon API Gateway',
        tags: tagList(api.tags),
      }),
      description: api.description?.trim() || undefined,
      status,
      providerStatus: api.apiStatus,
      endpoint: api.disableExecuteApiEndpoint
        ? undefined
        : `https://${id}.execute-api.${region}.amazonaws.com`,
      extras: [
        ...extrasOf({
          version: api.version,
          'api key source': api.apiKeySource,
          'smallest body to compress': api.minimumCompressionSize,
          'security policy': api.securityPolicy,
          policy: api.policy,
          'created at': api.createdDate,
        }),
        ...extrasFor('endpoint type', api.endpointConfiguration?.types ?? []),
        ...extrasFor('binary media type', api.binaryMediaTypes ?? []),
        ...extrasFor('warning', api.warnings ?? []),
      ],
    },
    relations: connectedTo('vpc-endpoints', api.endpointConfiguration?.vpcEndpointIds ?? []),
  }
}
