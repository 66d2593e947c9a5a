import { type Bucket, ListBucketsCommand, paginateListBuckets, S3Client } from '@aws-sdk/client-s3'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasOf } from './extras.ts'
import { serviceResource } from './serviceResource.ts'
import { translated } from './translated.ts'

export const buckets = serviceResource<S3Client>(
  { name: 'buckets', label: 'buckets', kind: 'APP', global: true, everyMinutes: 24 * 60 },
  {
    Service: S3Client,
    tries: {
      's3:ListAllMyBuckets': (client, { options }) =>
        client.send(new ListBucketsCommand({ MaxBuckets: 1 }), options),
    },
    async *list(client, { options }) {
      for await (const page of paginateListBuckets({ client, pageSize: 1000 }, {}, options))
        yield translated(page.Buckets, ({ Name }) => Name, translateBucket)
    },
  },
)

export function translateBucket(bucket: Bucket): Observation {
  const name = required(bucket.Name, 'Name')
  const region = bucket.BucketRegion
  return {
    externalId: name,
    values: {
      ...appOf({
        name,
        region,
        providerId: bucket.BucketArn ?? `arn:aws:s3:::${name}`,
        family: AppFamily.OBJECT_STORAGE,
        product: 'Amazon S3',
      }),
      endpoint: region ? `https://${name}.s3.${region}.amazonaws.com` : `https://${name}.s3.amazonaws.com`,
      extras: extrasOf({ 'created at': bucket.CreationDate }),
    },
  }
}
