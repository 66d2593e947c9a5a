import { Fault } from '../fault.ts'
import { faultsOf, suffer } from '../listing.ts'
import { restJsonService } from '../protocols/rest.ts'
import { shelfOf, without } from './shelf.ts'

/** Names come all at once; what they stand for, for five of them at most. */
export const openSearch = restJsonService(
  [
    {
      method: 'GET',
      path: /^\/2021-01-01\/domain$/,
      permission: 'es:ListDomainNames',
      async answer(call) {
        await suffer(call, 0)
        if (faultsOf(call).empty) return { DomainNames: [] }
        const names = [...shelfOf(call, 'search-domains').keys()]
        return { DomainNames: names.map((DomainName) => ({ DomainName, EngineType: 'OpenSearch' })) }
      },
    },
    {
      method: 'POST',
      path: /^\/2021-01-01\/opensearch\/domain-info$/,
      permission: 'es:DescribeDomains',
      async answer(call, _, { DomainNames }) {
        await suffer(call, 1)
        const names = (DomainNames ?? []) as string[]
        if (names.length > 5)
          throw new Fault(400, 'ValidationException', 'Please provide a maximum of 5 domain names.')
        const shelf = shelfOf(call, 'search-domains')
        const found = names.map((name) => shelf.get(name)).filter((one) => one !== undefined)
        return { DomainStatusList: found.map((one) => without(one, 'Tags')) }
      },
    },
    {
      method: 'GET',
      path: /^\/2021-01-01\/tags\/?$/,
      permission: 'es:ListTags',
      async answer(call) {
        await suffer(call, 0)
        const arn = call.query.get('arn')
        const found = [...shelfOf(call, 'search-domains').values()].find(({ ARN }) => ARN === arn)
        if (!found) throw new Fault(409, 'ResourceNotFoundException', `Domain not found: ${arn}`)
        return { TagList: found.Tags ?? [] }
      },
    },
  ],
  { throttled: [429, 'ThrottlingException'], broken: [500, 'InternalException'] },
)
