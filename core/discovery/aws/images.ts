import { DescribeImagesCommand, type Image, paginateDescribeImages } from '@aws-sdk/client-ec2'
import type { Observation } from '../crawler.ts'
import { ec2Resource, required } from './ec2Resource.ts'
import { extrasOf } from './extras.ts'
import { standingOf } from './standing.ts'
import { tagged, tagsOf } from './tags.ts'

const day = 24 * 60

/** Those of the account alone: the catalogue has hundreds of thousands. */
export const images = ec2Resource(
  { name: 'images', label: 'images', kind: 'IMAGE', everyMinutes: 14 * day },
  {
    action: 'DescribeImages',
    ask: (client, input, abortSignal) => client.send(new DescribeImagesCommand(input), { abortSignal }),
    paginate: paginateDescribeImages,
    pageSize: 1000,
    input: { Owners: ['self'] },
    records: (page) => page.Images,
    idOf: (image) => image.ImageId,
    translate: translateImage,
  },
)

export function translateImage(image: Image, region: string): Observation {
  const id = required(image.ImageId, 'ImageId')
  const tags = tagsOf(image.Tags)
  const { status, ended } = standingOf(image.State)
  const sizes = (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeSize ?? [])
  const published = image.CreationDate ? new Date(image.CreationDate) : undefined
  return {
    externalId: id,
    ended,
    values: {
      name: image.Name || tagged(tags, 'name') || id,
      description: image.Description || undefined,
      status,
      providerStatus: image.State,
      environment: tagged(tags, 'environment')?.toLowerCase(),
      tags,
      region,
      providerId: id,
      imageType: image.ImageType,
      location: image.ImageLocation,
      platform:
        image.Platform === 'Windows' || image.PlatformDetails?.includes('Windows') ? 'Windows' : 'Linux',
      distribution: image.PlatformDetails,
      architecture: image.Architecture,
      rootDeviceType: image.RootDeviceType,
      virtualization: image.VirtualizationType,
      hypervisor: image.Hypervisor,
      public: image.Public,
      sizeGiB: sizes.length ? sizes.reduce((sum, size) => sum + size, 0) : undefined,
      publishedAt: published && !Number.isNaN(published.getTime()) ? published : undefined,
      extras: extrasOf({
        owner: image.OwnerId,
        'owner alias': image.ImageOwnerAlias,
        'root device': image.RootDeviceName,
        'boot mode': image.BootMode,
        'enhanced networking': image.EnaSupport,
        kernel: image.KernelId,
        'deprecated from': image.DeprecationTime,
        'last launched': image.LastLaunchedTime,
      }),
    },
  }
}
