import type { Call } from '../actions.ts'
import { pageOf } from '../listing.ts'
import { type Input } from '../protocols/json.ts'
import { sizeIn } from '../protocols/query.ts'
import { restJsonService, type Route } from '../protocols/rest.ts'

/** The second version of its API, whose listing can be asked for in two ways. */
export const ses = restJsonService(
  [
    listing('GET', /^\/v2\/email\/identities$/, ({ query }) => ({
      PageSize: query.get('PageSize'),
      NextToken: query.get('NextToken'),
    })),
    listing('POST', /^\/v2\/email\/list-identities$/, (_, input) => input),
  ],
  { broken: [500, 'InternalFailure'] },
)

function listing(method: Route['method'], path: RegExp, read: (call: Call, input: Input) => Input): Route {
  return {
    method,
    path,
    permission: 'ses:ListEmailIdentities',
    async answer(call, _, input) {
      const { PageSize, NextToken } = read(call, input)
      const { things, next } = await pageOf(call, 'mail-identities', {
        size: sizeIn(PageSize ? String(PageSize) : null, [1, 1000], 100),
        token: NextToken as string | null | undefined,
      })
      return { EmailIdentities: things, NextToken: next }
    },
  }
}
