import { Entity, Index } from '@mikro-orm/decorators/legacy'
import type { ObjectId } from 'mongodb'
import { InputType, ObjectType } from 'type-graphql'
import { Asset } from './asset.ts'
import { Fact, Item } from './facts.ts'
import { AssetKind } from './kinds.ts'
import { PlacedAsset } from './placedAsset.ts'

@ObjectType({ description: 'A disk as the server sees it.' })
@InputType('StorageItemInput', { description: 'A disk as the server sees it.' })
export class StorageItem {
  @Item({ type: 'TEXT', label: 'Name', description: 'Name of the disk or volume.' })
  name?: string

  @Item({ type: 'TEXT', label: 'Device', description: 'Device, such as /dev/xvda.' })
  device?: string

  @Item({ type: 'NUMBER', label: 'Size', description: 'Its size.', unit: 'GiB' })
  sizeGiB?: number

  @Item({ type: 'BOOLEAN', label: 'Root', description: 'Whether the system starts from it.' })
  root?: boolean

  @Item({ type: 'TEXT', label: 'Volume', description: "Provider's id of the volume." })
  volumeId?: string

  @Item({ type: 'DATE', label: 'Attached', description: 'When it was attached.' })
  attachedAt?: Date

  @Item({
    type: 'BOOLEAN',
    label: 'Deleted with the server',
    description: 'Whether it is deleted together with the server.',
  })
  deleteOnTermination?: boolean

  @Item({ type: 'TEXT', suggest: 'FILE_SYSTEM', label: 'File system', description: 'Such as ext4.' })
  fileSystem?: string

  @Item({ type: 'TEXT', label: 'Mount', description: 'Where it is mounted.' })
  mount?: string

  @Item({ type: 'TEXT', label: 'Physical volume', description: 'Physical volume of LVM.' })
  physicalVolume?: string

  @Item({ type: 'TEXT', label: 'Volume group', description: 'Volume group of LVM.' })
  volumeGroup?: string
}

@ObjectType({ description: 'A program that is installed on a server as a service.' })
@InputType('InstalledServiceInput', { description: 'A program that is installed on a server as a service.' })
export class InstalledService {
  @Item({
    type: 'TEXT',
    suggest: 'PRODUCT',
    label: 'Name',
    description: 'Such as PostgreSQL.',
    required: true,
  })
  name!: string

  @Item({ type: 'TEXT', label: 'Version', description: 'Its version.' })
  version?: string

  @Item({
    type: 'TEXT',
    suggest: 'SERVICE_STATUS',
    label: 'Status',
    description: 'Such as active or stopped.',
  })
  status?: string

  @Item({ type: 'TEXT', label: 'Package', description: 'Name of the package.' })
  package?: string

  @Item({ type: 'TEXT', label: 'Path', description: 'Where the program is.' })
  binaryPath?: string

  @Item({ type: 'TEXT', label: 'User', description: 'Under which it runs.' })
  user?: string

  @Item({
    type: 'TEXT',
    suggest: 'SERVICE_MANAGER',
    label: 'Manager',
    description: 'What starts it, such as systemd.',
  })
  manager?: string

  @Item({ type: 'TEXT', label: 'Start', description: 'What starts it.' })
  startCommand?: string

  @Item({ type: 'TEXT', label: 'Stop', description: 'What stops it.' })
  stopCommand?: string
}

@ObjectType({ description: 'How people get onto a server; names only, never a secret.' })
@InputType('SignInMethodInput', { description: 'How people get onto a server; names only, never a secret.' })
export class SignInMethod {
  @Item({ type: 'TEXT', label: 'Name', description: 'What it is called.' })
  name?: string

  @Item({
    type: 'TEXT',
    suggest: 'SIGN_IN_METHOD',
    label: 'Type',
    description: 'Such as PKI, LDAP or password.',
  })
  type?: string

  @Item({ type: 'TEXT', label: 'User', description: 'Name of the account.' })
  username?: string

  @Item({ type: 'TEXT', label: 'Key', description: 'Name of the key, not the key.' })
  key?: string
}

@AssetKind({
  kind: 'SERVER',
  plural: 'servers',
  description: 'A machine, virtual or physical, that runs an operating system.',
})
@ObjectType({
  implements: [Asset, PlacedAsset],
  description: 'A machine, virtual or physical, that runs an operating system.',
})
@Entity({ discriminatorValue: 'SERVER' })
@Index({
  properties: ['kind', 'datacenter', 'name', '_id'] as never,
  options: { collation: { locale: 'en', strength: 2, numericOrdering: true } },
})
export class Server extends PlacedAsset {
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
    suggest: 'SERVER_ROLE',
    facet: true,
    label: 'Role',
    description: 'What it does, such as web or database.',
    group: 'General',
  })
  role?: string

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
    suggest: 'OPERATING_SYSTEM',
    facet: true,
    label: 'OS',
    description: 'Base of the operating system, such as Linux or Windows.',
    group: 'System',
  })
  osBase?: string

  @Fact({
    type: 'TEXT',
    suggest: 'DISTRIBUTION',
    facet: true,
    label: 'Distribution',
    description: 'Distribution or edition, such as Debian.',
    group: 'System',
  })
  osDistribution?: string

  @Fact({
    type: 'TEXT',
    facet: true,
    label: 'OS version',
    description: 'Version of the distribution.',
    group: 'System',
  })
  osVersion?: string

  @Fact({ type: 'TEXT', label: 'Kernel', description: 'Version of the kernel.', group: 'System' })
  osKernel?: string

  @Fact({
    type: 'TEXT',
    suggest: 'ARCHITECTURE',
    facet: true,
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

  @Fact({
    type: 'TEXT',
    facet: true,
    label: 'Vendor',
    description: 'Who made the machine.',
    group: 'Hardware',
  })
  vendor?: string

  @Fact({
    type: 'TEXT',
    facet: true,
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
    type: 'DATE',
    label: 'Launched',
    description: 'When it was last started.',
    group: 'Provider',
    writable: false,
  })
  launchedAt?: Date

  @Fact({
    type: 'REFERENCE',
    target: 'IMAGE',
    relation: 'BOOTED_FROM',
    label: 'Booted from',
    description: 'Image that it started from.',
    group: 'System',
  })
  image?: ObjectId

  @Fact({
    type: 'REFERENCE',
    target: 'FLAVOR',
    relation: 'SIZED_AS',
    label: 'Flavor',
    description: 'Size in which it was ordered.',
    group: 'Hardware',
  })
  flavor?: ObjectId

  @Fact({
    type: 'TEXT',
    suggest: 'SERVER_TYPE',
    facet: true,
    label: 'Type',
    description: 'Virtual, physical, Exadata…',
    group: 'Hardware',
  })
  serverType?: string

  @Fact({
    type: 'TEXT',
    suggest: 'SERVICE_MANAGER',
    label: 'Service manager',
    description: 'What starts services, such as systemd.',
    group: 'System',
  })
  serviceManager?: string

  @Fact({
    type: 'TEXT',
    suggest: 'PACKAGE_MANAGER',
    label: 'Package manager',
    description: 'What installs software, such as apt.',
    group: 'System',
  })
  packageManager?: string

  @Fact({
    type: 'OBJECTS',
    items: () => StorageItem,
    label: 'Storage',
    description: 'Its disks.',
    group: 'Storage',
  })
  storage!: StorageItem[]

  @Fact({
    type: 'OBJECTS',
    items: () => InstalledService,
    label: 'Services',
    description: 'Programs that are installed as services.',
    group: 'Services',
  })
  services!: InstalledService[]

  @Fact({
    type: 'OBJECTS',
    items: () => SignInMethod,
    label: 'Sign-in',
    description: 'How people get onto it.',
    group: 'Access',
  })
  signInMethods!: SignInMethod[]
}
