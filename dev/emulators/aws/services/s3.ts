import { pageOf } from '../listing.ts'
import { sizeIn } from '../protocols/query.ts'
import { restXmlService } from '../protocols/rest.ts'
import { without } from './shelf.ts'

export const s3 = restXmlService({
  namespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
  roots: { 's3:ListAllMyBuckets': 'ListAllMyBucketsResult' },
  itemNames: { Buckets: 'Bucket' },
  wrapped: false,
  words: {
    unknownKey: [403, 'InvalidAccessKeyId'],
    denied: [403, 'AccessDenied'],
    expired: [400, 'ExpiredToken'],
    throttled: [503, 'SlowDown'],
    broken: [500, 'InternalError'],
  },
  routes: [
    {
      method: 'GET',
      path: /^\/$/,
      permission: 's3:ListAllMyBuckets',
      async answer(call) {
        const size = call.query.get('max-buckets')
        const { things, next } = await pageOf(call, 'buckets', {
          size: sizeIn(size, [1, 10_000]),
          token: call.query.get('continuation-token'),
        })
        return {
          Owner: { ID: call.account.account.repeat(5).slice(0, 64), DisplayName: 'owner' },
          // Only who asks for pages hears of regions.
          Buckets: things.map((one) => (size === null ? without(one, 'BucketRegion') : one)),
          ContinuationToken: next,
        }
      },
    },
  ],
})
