import {
  DescribeInstanceTypesCommand,
  EC2Client,
  type InstanceTypeInfo,
  paginateDescribeInstances,
  paginateDescribeInstanceTypes,
} from '@aws-sdk/client-ec2'
import type { CrawlContext, Observation } from '../crawler.ts'
import { askedOf, listedBy } from './client.ts'
import type { AwsResource } from './resource.ts'
import { required } from './ec2Resource.ts'
import { distinct } from './tags.ts'
import { translated } from './translated.ts'

const day = 24 * 60
const keptMs = 24 * 3_600_000
/** As many types as one question may name. */
const typesAtOnce = 100

/** Regions may have different sizes of one name. */
export const sizeRef = (region: string, type: string | undefined) =>
  type ? { resource: 'instance-types', externalId: `${region}/${type}` } : undefined

/** The sizes that instances of the account have; a region offers many hundreds. */
export const instanceTypes: AwsResource = {
  name: 'instance-types',
  label: 'instance types',
  kind: 'FLAVOR',
  permissions: ['ec2:DescribeInstanceTypes'],
  everyMinutes: 14 * day,
  tries: [
    (context, region) =>
      askedOf(EC2Client, context, region, (client) =>
        client.send(new DescribeInstanceTypesCommand({ DryRun: true }), { abortSignal: context.signal }),
      ),
  ],
  list: (context, region) =>
    listedBy(EC2Client, context, region, async function* (client) {
      const used = new Set<string>()
      const options = { abortSignal: context.signal }
      for await (const page of paginateDescribeInstances({ client, pageSize: 1000 }, {}, options))
        for (const { Instances } of page.Reservations ?? [])
          for (const { InstanceType } of Instances ?? []) if (InstanceType) used.add(InstanceType)
      const sizes = await sizesIn(client, context, region, [...used])
      yield translated(
        [...sizes.values()].filter((size) => size !== null),
        (size) => (size.InstanceType ? `${region}/${size.InstanceType}` : undefined),
        (size) => translateInstanceType(size, region),
      )
    }),
}

interface Catalogue {
  until: number
  /** Null where the provider does not know the type any more. */
  sizes: Map<string, InstanceTypeInfo | null>
}

/** By endpoint and region: what a type is does not depend on who asks. */
const catalogues = new Map<string, Catalogue>()

/** What the provider's catalogue says of these types; asked for once a day. */
export async function sizesIn(
  client: EC2Client,
  { settings, signal }: CrawlContext,
  region: string,
  types: string[],
): Promise<Map<string, InstanceTypeInfo | null>> {
  const key = `${settings.endpoint ?? ''} ${region}`
  let catalogue = catalogues.get(key)
  if (!catalogue || catalogue.until < Date.now())
    catalogues.set(key, (catalogue = { until: Date.now() + keptMs, sizes: new Map() }))
  const { sizes } = catalogue
  const unknown = distinct(types).filter((type) => !sizes.has(type))
  for (let start = 0; start < unknown.length; start += typesAtOnce) {
    const asked = unknown.slice(start, start + typesAtOnce)
    // As a filter, so that a type which is no longer offered is no error.
    const input = { Filters: [{ Name: 'instance-type', Values: asked }] }
    const found = new Map<string, InstanceTypeInfo>()
    for await (const page of paginateDescribeInstanceTypes({ client, pageSize: 100 }, input, {
      abortSignal: signal,
    }))
      for (const size of page.InstanceTypes ?? []) if (size.InstanceType) found.set(size.InstanceType, size)
    for (const type of asked) sizes.set(type, found.get(type) ?? null)
  }
  return new Map(types.map((type) => [type, sizes.get(type) ?? null]))
}

export function translateInstanceType(size: InstanceTypeInfo, region: string): Observation {
  const type = required(size.InstanceType, 'InstanceType')
  const [gpu] = size.GpuInfo?.Gpus ?? []
  return {
    externalId: `${region}/${type}`,
    values: {
      name: type,
      status: 'ACTIVE',
      region,
      providerId: type,
      apiName: type,
      provider: 'AWS',
      service: 'EC2',
      vcpus: size.VCpuInfo?.DefaultVCpus,
      memoryGiB: memoryOf(size),
      gpus: gpu?.Count,
      fpgas: size.FpgaInfo?.Fpgas?.[0]?.Count,
      processor: size.ProcessorInfo?.Manufacturer,
      clockGHz: size.ProcessorInfo?.SustainedClockSpeedInGhz,
      architectures: distinct(size.ProcessorInfo?.SupportedArchitectures ?? []),
      localStorage: size.InstanceStorageInfo?.TotalSizeInGB
        ? `${size.InstanceStorageInfo.TotalSizeInGB} GB`
        : undefined,
      networkPerformance: size.NetworkInfo?.NetworkPerformance,
      storageMbps: size.EbsInfo?.EbsOptimizedInfo?.MaximumBandwidthInMbps,
      storageIops: size.EbsInfo?.EbsOptimizedInfo?.MaximumIops,
      public: true,
    },
  }
}

export const memoryOf = (size: InstanceTypeInfo | null | undefined) =>
  size?.MemoryInfo?.SizeInMiB === undefined ? undefined : size.MemoryInfo.SizeInMiB / 1024
