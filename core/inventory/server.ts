import { Entity, Index } from '@mikro-orm/decorators/legacy'
import type { ObjectId } from 'mongodb'
import { Field, Float, ObjectType } from 'type-graphql'
import { Asset } from './asset.ts'
import { Fact } from './facts.ts'
import { AssetKind } from './kinds.ts'

@ObjectType({ description: 'A disk as the server sees it.' })
export class StorageItem {
  @Field(() => String, { nullable: true, description: 'Name of the disk or volume.' })
  name?: string

  @Field(() => String, { nullable: true, description: 'Device, such as /dev/xvda.' })
  device?: string

  @Field(() => Float, { nullable: true, description: 'Size in GiB.' })
  sizeGiB?: number

  @Field(() => Boolean, { nullable: true, description: 'Whether the system starts from it.' })
  root?: boolean

  @Field(() => String, { nullable: true, description: "Provider's id of the volume." })
  volumeId?: string

  @Field(() => Date, { nullable: true, description: 'When it was attached.' })
  attachedAt?: Date

  @Field(() => Boolean, { nullable: true, description: 'Whether it is deleted together with the server.' })
  deleteOnTermination?: boolean

  @Field(() => String, { nullable: true, description: 'File system, such as ext4.' })
  fileSystem?: string

  @Field(() => String, { nullable: true, description: 'Where it is mounted.' })
  mount?: string
}

@AssetKind({
  kind: 'SERVER',
  plural: 'servers',
  description: 'A machine, virtual or physical, that runs an operating system.',
})
@ObjectType({
  implements: Asset,
  description: 'A machine, virtual or physical, that runs an operating system.',
})
@Entity({ discriminatorValue: 'SERVER' })
@Index({
  properties: ['kind', 'datacenter', 'name', '_id'] as never,
  options: { collation: { locale: 'en', strength: 2, numericOrdering: true } },
})
export class Server extends Asset {
  @Fact({
    type: 'TEXT',
    label: 'Hostname',
    description: 'Name that the system has for itself.',
    group: 'System',
    identifying: true,
  })
  hostname?: string

  @Fact({
    type: 'TEXT',
    label: 'Role',
    description: 'What it does, such as web or database.',
    group: 'General',
  })
  role?: string

  @Fact({
    type: 'REFERENCE',
    target: 'DATACENTER',
    relation: 'LOCATED_IN',
    label: 'Datacenter',
    description: 'Where it runs.',
    group: 'Placement',
  })
  datacenter?: ObjectId

  @Fact({ type: 'TEXT', label: 'Region', description: "Provider's region.", group: 'Placement' })
  region?: string

  @Fact({ type: 'TEXT', label: 'Zone', description: 'Availability zone.', group: 'Placement' })
  zone?: string

  @Fact({
    type: 'ADDRESS',
    label: 'Private IP',
    description: 'Main address inside its network, IPv4.',
    group: 'Network',
    identifying: true,
  })
  ipv4Private?: string

  @Fact({
    type: 'ADDRESS',
    label: 'Public IP',
    description: 'Main address on the internet, IPv4.',
    group: 'Network',
    identifying: true,
  })
  ipv4Public?: string

  @Fact({
    type: 'TEXT',
    label: 'Private DNS',
    description: 'Name inside its network.',
    group: 'Network',
    identifying: true,
  })
  dnsPrivate?: string

  @Fact({
    type: 'TEXT',
    label: 'Public DNS',
    description: 'Name on the internet.',
    group: 'Network',
    identifying: true,
  })
  dnsPublic?: string

  @Fact({
    type: 'LIST',
    label: 'Addresses',
    description: 'All addresses, IPv4 and IPv6.',
    group: 'Network',
    writable: false,
    identifying: true,
  })
  ipAddresses!: string[]

  @Fact({
    type: 'LIST',
    label: 'MAC addresses',
    description: 'Hardware addresses of its network cards.',
    group: 'Network',
    writable: false,
    identifying: true,
  })
  macAddresses!: string[]

  @Fact({
    type: 'TEXT',
    label: 'Network',
    description: "Provider's id of the network (VPC).",
    group: 'Network',
    writable: false,
  })
  networkId?: string

  @Fact({
    type: 'TEXT',
    label: 'Subnet',
    description: "Provider's id of the subnet.",
    group: 'Network',
    writable: false,
  })
  subnetId?: string

  @Fact({
    type: 'LIST',
    label: 'Security groups',
    description: "Provider's ids of the security groups.",
    group: 'Network',
    writable: false,
  })
  securityGroups!: string[]

  @Fact({
    type: 'TEXT',
    label: 'OS',
    description: 'Base of the operating system, such as Linux or Windows.',
    group: 'System',
  })
  osBase?: string

  @Fact({
    type: 'TEXT',
    label: 'Distribution',
    description: 'Distribution or edition, such as Debian.',
    group: 'System',
  })
  osDistribution?: string

  @Fact({ type: 'TEXT', label: 'OS version', description: 'Version of the distribution.', group: 'System' })
  osVersion?: string

  @Fact({ type: 'TEXT', label: 'Kernel', description: 'Version of the kernel.', group: 'System' })
  osKernel?: string

  @Fact({
    type: 'TEXT',
    label: 'Architecture',
    description: 'Processor architecture, such as x86_64 or arm64.',
    group: 'System',
  })
  architecture?: string

  @Fact({
    type: 'NUMBER',
    label: 'CPU',
    description: 'Virtual processors.',
    group: 'Hardware',
    unit: 'cores',
  })
  cpu?: number

  @Fact({ type: 'NUMBER', label: 'Memory', description: 'Main memory.', group: 'Hardware', unit: 'GiB' })
  memoryGiB?: number

  @Fact({ type: 'TEXT', label: 'Vendor', description: 'Who made the machine.', group: 'Hardware' })
  vendor?: string

  @Fact({
    type: 'TEXT',
    label: 'Instance type',
    description: "Provider's name of its size.",
    group: 'Hardware',
  })
  instanceType?: string

  @Fact({
    type: 'TEXT',
    label: 'Virtualization',
    description: 'How it is virtualized, such as hvm or kvm.',
    group: 'Hardware',
    writable: false,
  })
  virtualization?: string

  @Fact({
    type: 'TEXT',
    label: 'Hypervisor',
    description: 'What it runs on.',
    group: 'Hardware',
    writable: false,
  })
  hypervisor?: string

  @Fact({
    type: 'TEXT',
    label: 'Instance id',
    description: "Provider's own id.",
    group: 'Provider',
    writable: false,
    identifying: true,
  })
  instanceId?: string

  @Fact({
    type: 'TEXT',
    label: 'Image',
    description: "Provider's id of the image that it started from.",
    group: 'Provider',
    writable: false,
  })
  imageId?: string

  @Fact({
    type: 'TEXT',
    label: 'Key',
    description: 'Name of the key pair that opens it.',
    group: 'Provider',
    writable: false,
  })
  keyName?: string

  @Fact({
    type: 'TEXT',
    label: "Provider's status",
    description: "State in the provider's own words.",
    group: 'Provider',
    writable: false,
  })
  providerStatus?: string

  @Fact({
    type: 'DATE',
    label: 'Launched',
    description: 'When it was last started.',
    group: 'Provider',
    writable: false,
  })
  launchedAt?: Date

  @Fact({
    type: 'OBJECTS',
    items: () => StorageItem,
    label: 'Storage',
    description: 'Its disks.',
    group: 'Storage',
    writable: false,
  })
  storage!: StorageItem[]
}
