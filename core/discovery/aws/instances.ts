import {
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2'
import { AssetStatus } from '../../inventory/asset.ts'
import type { StorageItem } from '../../inventory/server.ts'
import type { Observation } from '../crawler.ts'
import { askedOf, listedBy } from './client.ts'
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
      for await (const page of pages)
        yield translated(
          (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []),
          (instance) => instance.InstanceId,
          translateInstance,
        )
    }),
}

export function translateInstance(instance: Instance): Observation {
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
      region: instance.Placement?.AvailabilityZone?.replace(/[a-z]$/, ''),
      zone: instance.Placement?.AvailabilityZone,
      instanceId: id,
      instanceType: instance.InstanceType,
      cpu: coresOf(instance),
      architecture: instance.Architecture,
      virtualization: instance.VirtualizationType,
      hypervisor: instance.Hypervisor,
      vendor: 'AWS',
      imageId: instance.ImageId,
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
    },
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
