import { hex, randomFrom } from '../random.ts'
import type { Stock } from '../shelves.ts'

/** The region that answers for what an account has in no region. */
const home = 'us-east-1'

const names = ['assets', 'backups', 'invoices']

export const buckets: Stock = (account, region) =>
  region !== home
    ? []
    : names.map((name, index) => {
        const Name = `${name}-${account}`
        return [
          Name,
          {
            Name,
            CreationDate: '2020-02-03T04:05:06.000Z',
            BucketRegion: index === 0 ? home : 'eu-west-1',
          },
        ]
      })

export const distributions: Stock = (account, region) => {
  if (region !== home) return []
  const id = `E${hex(randomFrom(account, 'cdn'), 13).toUpperCase()}`
  const origin = (Id: string, DomainName: string) => ({
    Id,
    DomainName,
    OriginPath: '',
    ConnectionAttempts: 3,
  })
  const behavior = (TargetOriginId: string, ViewerProtocolPolicy: string) => ({
    TargetOriginId,
    ViewerProtocolPolicy,
    AllowedMethods: { Quantity: 2, Items: ['HEAD', 'GET'] },
    Compress: true,
  })
  return [
    [
      id,
      {
        Id: id,
        ARN: `arn:aws:cloudfront::${account}:distribution/${id}`,
        Status: 'Deployed',
        LastModifiedTime: '2026-01-02T03:04:05.678Z',
        DomainName: `${id.toLowerCase()}.cloudfront.net`,
        Aliases: { Quantity: 2, Items: ['www.example.com', 'example.com'] },
        Origins: {
          Quantity: 2,
          Items: [
            origin('files', `assets-${account}.s3.${home}.amazonaws.com`),
            origin('shop', 'shop.example.net'),
          ],
        },
        DefaultCacheBehavior: behavior('shop', 'redirect-to-https'),
        CacheBehaviors: {
          Quantity: 1,
          Items: [{ PathPattern: '/static/*', ...behavior('files', 'https-only'), DefaultTTL: 86400 }],
        },
        CustomErrorResponses: { Quantity: 0 },
        Comment: 'The shop',
        PriceClass: 'PriceClass_100',
        Enabled: true,
        ViewerCertificate: { CloudFrontDefaultCertificate: false, MinimumProtocolVersion: 'TLSv1.2_2021' },
        Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
        WebACLId: '',
        HttpVersion: 'HTTP2',
        IsIPV6Enabled: true,
        Staging: false,
        Tags: [{ Key: 'Environment', Value: 'Production' }],
      },
    ],
  ]
}
