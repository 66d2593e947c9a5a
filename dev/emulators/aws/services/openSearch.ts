import { Fault } from '../fault.ts'
import { faultsOf, suffer } from '../listing.ts'
import { restJsonService } from '../protocols/rest.ts'
import { shelfOf } from './shelf.ts'

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
        return { DomainStatusList: names.flatMap((name) => shelf.get(name) ?? []) }
      },
    },
  ],
  { throttled: [429, 'ThrottlingException'], broken: [500, 'InternalException'] },
)
