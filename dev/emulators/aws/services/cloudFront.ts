import { pageOf } from '../listing.ts'
import { sizeIn } from '../protocols/query.ts'
import { restXmlService } from '../protocols/rest.ts'

export const cloudFront = restXmlService({
  namespace: 'http://cloudfront.amazonaws.com/doc/2020-05-31/',
  roots: { 'cloudfront:ListDistributions': 'DistributionList' },
  itemNames: {
    'DistributionList.Items': 'DistributionSummary',
    'Aliases.Items': 'CNAME',
    'Origins.Items': 'Origin',
    'CacheBehaviors.Items': 'CacheBehavior',
    'AllowedMethods.Items': 'Method',
  },
  wrapped: true,
  words: {
    unknownKey: [403, 'InvalidClientTokenId'],
    denied: [403, 'AccessDenied'],
    expired: [403, 'ExpiredToken'],
    throttled: [400, 'Throttling'],
    broken: [500, 'ServiceFailure'],
  },
  routes: [
    {
      method: 'GET',
      path: /^\/2020-05-31\/distribution$/,
      permission: 'cloudfront:ListDistributions',
      async answer(call) {
        const size = sizeIn(call.query.get('MaxItems'), [1, 100])
        const marker = call.query.get('Marker') ?? ''
        const { things, next } = await pageOf(call, 'distributions', { size, token: marker })
        return {
          Marker: marker,
          NextMarker: next,
          MaxItems: size,
          IsTruncated: next !== null,
          Quantity: things.length,
          Items: things.length ? things : null,
        }
      },
    },
  ],
})
