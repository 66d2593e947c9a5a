import type { Observation } from '../crawler.ts'
import { standingOf } from './status.ts'
import { extrasOf, tagsOf, type Thing } from './thing.ts'

/** Glance writes the properties of an image beside its own fields. */
export function translateImage(image: Thing, region: string): Observation {
  const word = image.text('status')
  const { status, ended } = standingOf(word)
  const bytes = image.number('size')
  return {
    externalId: image.id,
    ended,
    values: {
      name: image.text('name') ?? image.id,
      description: image.text('description'),
      status,
      providerStatus: word,
      tags: tagsOf(image),
      region,
      providerId: image.id,
      imageType: image.text('disk_format'),
      platform: image.text('os_type'),
      distribution:
        [image.text('os_distro'), image.text('os_version')].filter(Boolean).join(' ') || undefined,
      architecture: image.text('architecture') ?? image.text('hw_architecture'),
      hypervisor: image.text('hypervisor_type') ?? image.text('img_hv_type'),
      virtualization: image.text('vm_mode') ?? image.text('hw_vm_mode'),
      public: visibilityOf(image),
      sizeGiB: bytes ? Math.round((bytes / 2 ** 30) * 1000) / 1000 : undefined,
      minDiskGiB: image.number('min_disk') || undefined,
      publishedAt: image.date('created_at'),
      extras: extrasOf(image, {
        visibility: 'visibility',
        owner: 'owner',
        container_format: 'container format',
        min_ram: 'smallest memory',
        protected: 'protected',
        checksum: 'checksum',
      }),
    },
  }
}

const visibilityOf = (image: Thing) => {
  const word = image.text('visibility')
  return word === undefined ? undefined : word === 'public'
}
