import { pageOf } from '../listing.ts'
import { sizeIn } from '../protocols/query.ts'
import { restJsonService } from '../protocols/rest.ts'

export const apiGateway = restJsonService(
  [
    {
      method: 'GET',
      path: /^\/restapis$/,
      permission: 'apigateway:GET',
      async answer(call) {
        const { things, next } = await pageOf(call, 'rest-apis', {
          size: sizeIn(call.query.get('limit'), [1, 500], 25),
          token: call.query.get('position'),
        })
        return { item: things.length ? things : null, ...(next && { position: next }) }
      },
    },
  ],
  { broken: [500, 'InternalFailure'] },
)
