import {
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
  type InstanceTypeInfo,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2'
import { AssetStatus } from '../../inventory/asset.ts'
import type { StorageItem } from '../../inventory/server.ts'
import type { CrawlContext, Observation } from '../crawler.ts'
import { askedOf, listedBy } from './client.ts'
import { extrasOf } from './extras.ts'
import { memoryOf, sizeRef, sizesIn } from './instanceTypes.ts'
import { connectedTo, refTo } from './networks.ts'
import { deniedNames } from './problems.ts'
import type { AwsResource } from './resource.ts'
import { distinct, tagged, tagsOf } from './tags.ts'
import { translated } from './translated.ts'

/** Largest page that DescribeInstances gives. */
const pageSize = 1000

export const instances: AwsResource = {
  name: 'instances',
  label: 'instances',
  kind: 'SERVER',
  permissions: ['ec2:DescribeInstances'],
  everyMinutes: 5,
  tries: [
    (context, region) =>
      askedOf(EC2Client, context, region, (client) =>
        client.send(new DescribeInstancesCommand({ DryRun: true }), { abortSignal: context.signal }),
      ),
  ],
  list: (context, region) =>
    listedBy(EC2Client, context, region, async function* (client) {
      const pages = paginateDescribeInstances({ client, pageSize }, {}, { abortSignal: context.signal })
      for await (const page of pages) {
        const found = (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? [])
        const sizes = await sizesOf(client, context, region, found)
        yield translated(
          found,
          (instance) => instance.InstanceId,
          (instance) => translateInstance(instance, region, sizes.get(instance.InstanceType ?? '')),
        )
      }
    }),
}

/** Without the permission to read the catalogue, instances do without what only it knows. */
async function sizesOf(client: EC2Client, context: CrawlContext, region: string, found: Instance[]) {
  const types = found.flatMap(({ InstanceType }) => InstanceType ?? [])
  try {
    return await sizesIn(client, context, region, types)
  } catch (error) {
    if (deniedNames.includes((error as Error).name)) return new Map<string, InstanceTypeInfo | null>()
    throw error
  }
}

export function translateInstance(
  instance: Instance,
  region: string,
  size?: InstanceTypeInfo | null,
): Observation {
  const id = instance.InstanceId
  if (!id) throw new Error('The instance has no InstanceId, so it cannot be told from others.')
  const state = instance.State?.Name
  if (!state) throw new Error('The instance has no state.')
  const tags = tagsOf(instance.Tags)
  const interfaces = instance.NetworkInterfaces ?? []
  const addresses = interfaces.flatMap((card) => [
    ...(card.PrivateIpAddresses ?? []).flatMap((one) => [one.PrivateIpAddress, one.Association?.PublicIp]),
    ...(card.Ipv6Addresses ?? []).map((one) => one.Ipv6Address),
  ])
  return {
    externalId: id,
    ended: state === 'terminated' || state === 'shutting-down',
    values: {
      name: tagged(tags, 'name') ?? instance.PrivateDnsName?.split('.')[0] ?? id,
      status: statusOf(state),
      providerStatus: state,
      environment: tagged(tags, 'environment')?.toLowerCase(),
      role: tagged(tags, 'role'),
      tags,
      region,
      zone: instance.Placement?.AvailabilityZone,
      instanceId: id,
      instanceType: instance.InstanceType,
      cpu: coresOf(instance) ?? size?.VCpuInfo?.DefaultVCpus,
      memoryGiB: memoryOf(size),
      flavor: sizeRef(region, instance.InstanceType),
      architecture: instance.Architecture,
      virtualization: instance.VirtualizationType,
      hypervisor: instance.Hypervisor,
      vendor: 'AWS',
      imageId: instance.ImageId,
      image: refTo('images', instance.ImageId),
      keyName: instance.KeyName,
      launchedAt: instance.LaunchTime,
      osBase: osBaseOf(instance),
      osDistribution: instance.PlatformDetails,
      ipv4Private: instance.PrivateIpAddress,
      ipv4Public: instance.PublicIpAddress,
      dnsPrivate: instance.PrivateDnsName || undefined,
      dnsPublic: instance.PublicDnsName || undefined,
      ipAddresses: distinct([
        instance.PrivateIpAddress,
        instance.PublicIpAddress,
        instance.Ipv6Address,
        ...addresses,
      ]),
      macAddresses: distinct(interfaces.map((card) => card.MacAddress)),
      networkId: instance.VpcId,
      subnetId: instance.SubnetId,
      securityGroups: distinct((instance.SecurityGroups ?? []).map((group) => group.GroupId)),
      storage: storageOf(instance),
      extras: extrasOf({
        'instance profile': instance.IamInstanceProfile?.Arn,
        'life cycle': instance.InstanceLifecycle,
        'state reason': instance.StateReason?.Message,
        'root device type': instance.RootDeviceType,
        monitoring: instance.Monitoring?.State,
        'optimized for EBS': instance.EbsOptimized,
      }),
    },
    relations: [
      ...connectedTo('subnets', [instance.SubnetId, ...interfaces.map(({ SubnetId }) => SubnetId)]),
      ...connectedTo(
        'security-groups',
        (instance.SecurityGroups ?? []).map((group) => group.GroupId),
      ),
      ...connectedTo(
        'network-interfaces',
        interfaces.map((card) => card.NetworkInterfaceId),
      ),
    ],
  }
}

/** spec of the original: running and pending are in service, stopping and stopped are not. */
const statusOf = (state: string): AssetStatus => {
  if (state === 'running' || state === 'pending') return AssetStatus.ACTIVE
  return state === 'stopping' || state === 'stopped' ? AssetStatus.STOPPED : AssetStatus.UNKNOWN
}

const coresOf = ({ CpuOptions: cpu }: Instance) =>
  cpu?.CoreCount ? cpu.CoreCount * (cpu.ThreadsPerCore ?? 1) : undefined

const osBaseOf = ({ Platform, PlatformDetails }: Instance) => {
  if (Platform === 'Windows' || PlatformDetails?.includes('Windows')) return 'Windows'
  return PlatformDetails ? 'Linux' : undefined
}

const storageOf = (instance: Instance): StorageItem[] =>
  (instance.BlockDeviceMappings ?? [])
    .map(({ DeviceName, Ebs }) => ({
      device: DeviceName,
      volumeId: Ebs?.VolumeId,
      root: DeviceName === instance.RootDeviceName,
      attachedAt: Ebs?.AttachTime,
      deleteOnTermination: Ebs?.DeleteOnTermination,
    }))
    .sort((a, b) => ((a.device ?? '') < (b.device ?? '') ? -1 : 1))
