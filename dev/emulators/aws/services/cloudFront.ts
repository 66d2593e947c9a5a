import { Fault } from '../fault.ts'
import { pageOf, suffer } from '../listing.ts'
import { sizeIn } from '../protocols/query.ts'
import { restXmlService } from '../protocols/rest.ts'
import { shelfOf, without } from './shelf.ts'

export const cloudFront = restXmlService({
  namespace: 'http://cloudfront.amazonaws.com/doc/2020-05-31/',
  roots: {
    'cloudfront:ListDistributions': 'DistributionList',
    'cloudfront:ListTagsForResource': 'Tags',
  },
  itemNames: {
    'DistributionList.Items': 'DistributionSummary',
    'Aliases.Items': 'CNAME',
    'Origins.Items': 'Origin',
    'CacheBehaviors.Items': 'CacheBehavior',
    'AllowedMethods.Items': 'Method',
    'Tags.Items': 'Tag',
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
          Items: things.length ? things.map((one) => without(one, 'Tags')) : null,
        }
      },
    },
    {
      method: 'GET',
      path: /^\/2020-05-31\/tagging$/,
      permission: 'cloudfront:ListTagsForResource',
      async answer(call) {
        await suffer(call, 0)
        const arn = call.query.get('Resource')
        const found = [...shelfOf(call, 'distributions').values()].find(({ ARN }) => ARN === arn)
        if (!found) throw new Fault(404, 'NoSuchResource', 'The specified resource does not exist.')
        return { Items: found.Tags ?? [] }
      },
    },
  ],
})
