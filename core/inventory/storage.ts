import { Entity } from '@mikro-orm/decorators/legacy'
import type { ObjectId } from 'mongodb'
import { ObjectType } from 'type-graphql'
import { Asset } from './asset.ts'
import { Fact } from './facts.ts'
import { AssetKind } from './kinds.ts'
import { PlacedAsset } from './placedAsset.ts'

@AssetKind({
  kind: 'VOLUME',
  plural: 'volumes',
  description: 'A disk of its own that can be attached to a server.',
})
@ObjectType({
  implements: [Asset, PlacedAsset],
  description: 'A disk of its own that can be attached to a server.',
})
@Entity({ discriminatorValue: 'VOLUME' })
export class Volume extends PlacedAsset {
  @Fact({
    type: 'REFERENCE',
    target: 'SERVER',
    relation: 'ATTACHED_TO',
    label: 'Server',
    description: 'To which it is attached.',
    group: 'Storage',
  })
  server?: ObjectId

  @Fact({ type: 'NUMBER', unit: 'GiB', label: 'Size', description: 'Its size.', group: 'Storage' })
  sizeGiB?: number

  @Fact({
    type: 'TEXT',
    facet: true,
    label: 'Type',
    description: "Provider's type, such as gp3.",
    group: 'Storage',
  })
  volumeType?: string

  @Fact({
    type: 'NUMBER',
    unit: 'operations per second',
    label: 'IOPS',
    description: 'Operations that are promised.',
    group: 'Storage',
  })
  iops?: number

  @Fact({
    type: 'NUMBER',
    unit: 'MiB per second',
    label: 'Throughput',
    description: 'Throughput that is promised.',
    group: 'Storage',
  })
  throughputMiBps?: number

  @Fact({
    type: 'BOOLEAN',
    facet: true,
    label: 'Encrypted',
    description: 'Whether it is encrypted.',
    group: 'Storage',
  })
  encrypted?: boolean

  @Fact({ type: 'TEXT', label: 'Key', description: 'Name or ARN of the key.', group: 'Storage' })
  encryptionKey?: string

  @Fact({
    type: 'TEXT',
    label: 'Device',
    description: 'Device on the server, such as /dev/xvdb.',
    group: 'Storage',
  })
  device?: string

  @Fact({
    type: 'DATE',
    writable: false,
    label: 'Attached',
    description: 'When it was attached.',
    group: 'Storage',
  })
  attachedAt?: Date

  @Fact({
    type: 'BOOLEAN',
    label: 'Deleted with the server',
    description: 'Whether it ends together with the server.',
    group: 'Storage',
  })
  deleteOnTermination?: boolean

  @Fact({
    type: 'TEXT',
    suggest: 'FILE_SYSTEM',
    label: 'File system',
    description: 'Such as ext4.',
    group: 'Storage',
  })
  fileSystem?: string

  @Fact({ type: 'TEXT', label: 'Model', description: 'Model of the hardware.', group: 'Storage' })
  model?: string

  @Fact({
    type: 'TEXT',
    writable: false,
    label: 'Source snapshot',
    description: "Provider's id of the snapshot that it was made from.",
    group: 'Provider',
  })
  sourceSnapshotId?: string

  @Fact({
    type: 'DATE',
    writable: false,
    label: 'Made',
    description: 'When the provider made it.',
    group: 'Provider',
  })
  launchedAt?: Date
}

@AssetKind({
  kind: 'SNAPSHOT',
  plural: 'snapshots',
  description: 'A copy of a volume as it was at a moment.',
})
@ObjectType({ implements: [Asset, PlacedAsset], description: 'A copy of a volume as it was at a moment.' })
@Entity({ discriminatorValue: 'SNAPSHOT' })
export class Snapshot extends PlacedAsset {
  @Fact({
    type: 'REFERENCE',
    target: 'VOLUME',
    relation: 'TAKEN_FROM',
    label: 'Volume',
    description: 'Of which it is a copy.',
    group: 'Storage',
  })
  volume?: ObjectId

  @Fact({
    type: 'NUMBER',
    unit: 'GiB',
    label: 'Size',
    description: 'Size of the volume that it was taken from.',
    group: 'Storage',
  })
  sizeGiB?: number

  @Fact({ type: 'DATE', label: 'Started', description: 'When it was taken.', group: 'Storage' })
  startedAt?: Date

  @Fact({
    type: 'NUMBER',
    unit: 'percent',
    writable: false,
    label: 'Progress',
    description: 'How much of it is done.',
    group: 'Storage',
  })
  progressPercent?: number

  @Fact({ type: 'BOOLEAN', label: 'Encrypted', description: 'Whether it is encrypted.', group: 'Storage' })
  encrypted?: boolean

  @Fact({ type: 'TEXT', label: 'Key', description: 'Name or ARN of the key.', group: 'Storage' })
  encryptionKey?: string

  @Fact({
    type: 'TEXT',
    writable: false,
    label: 'Owner',
    description: 'Account that owns it.',
    group: 'Provider',
  })
  ownerAccount?: string

  @Fact({
    type: 'TEXT',
    writable: false,
    label: 'Message',
    description: "Provider's message about its state.",
    group: 'Provider',
  })
  stateMessage?: string
}

@AssetKind({ kind: 'IMAGE', plural: 'images', description: 'What servers start from.' })
@ObjectType({ implements: [Asset, PlacedAsset], description: 'What servers start from.' })
@Entity({ discriminatorValue: 'IMAGE' })
export class Image extends PlacedAsset {
  @Fact({ type: 'TEXT', label: 'Type', description: 'Such as machine, kernel or ISO.', group: 'Image' })
  imageType?: string

  @Fact({
    type: 'TEXT',
    maxLength: 2000,
    label: 'Location',
    description: 'Where the provider keeps it.',
    group: 'Image',
  })
  location?: string

  @Fact({
    type: 'TEXT',
    suggest: 'OPERATING_SYSTEM',
    label: 'Platform',
    description: 'Operating system that it holds, such as Linux or Windows.',
    group: 'Image',
  })
  platform?: string

  @Fact({
    type: 'TEXT',
    suggest: 'DISTRIBUTION',
    label: 'Distribution',
    description: 'Distribution or edition.',
    group: 'Image',
  })
  distribution?: string

  @Fact({
    type: 'TEXT',
    suggest: 'ARCHITECTURE',
    label: 'Architecture',
    description: 'Processor architecture, such as x86_64 or arm64.',
    group: 'Image',
  })
  architecture?: string

  @Fact({
    type: 'TEXT',
    identifying: true,
    label: 'Slug',
    description: "Provider's short name.",
    group: 'Image',
  })
  slug?: string

  @Fact({
    type: 'TEXT',
    writable: false,
    label: 'Root device type',
    description: 'Such as ebs.',
    group: 'Image',
  })
  rootDeviceType?: string

  @Fact({
    type: 'TEXT',
    writable: false,
    label: 'Virtualization',
    description: 'How its servers are virtualized.',
    group: 'Image',
  })
  virtualization?: string

  @Fact({
    type: 'TEXT',
    writable: false,
    label: 'Hypervisor',
    description: 'On what its servers run.',
    group: 'Image',
  })
  hypervisor?: string

  @Fact({ type: 'BOOLEAN', label: 'Public', description: 'Whether everybody may use it.', group: 'Image' })
  public?: boolean

  @Fact({ type: 'NUMBER', unit: 'GiB', label: 'Size', description: 'Its size.', group: 'Image' })
  sizeGiB?: number

  @Fact({
    type: 'NUMBER',
    unit: 'GiB',
    label: 'Smallest disk',
    description: 'Disk that a server needs at least.',
    group: 'Image',
  })
  minDiskGiB?: number

  @Fact({ type: 'DATE', label: 'Published', description: 'When it was made.', group: 'Image' })
  publishedAt?: Date
}
