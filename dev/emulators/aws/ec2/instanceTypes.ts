import { instanceTypes as sizes } from '../catalogue.ts'
import type { Made } from './survey.ts'

/** Memory in GiB of the sizes of each family, by the word after the dot. */
const large: Record<string, number> = { t: 8, m: 8, c: 4, r: 16, i: 16, g: 16, x: 32 }
const steps: Record<string, number> = {
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
}

/** GiB of memory that a size has. */
export function memoryGiB(name: string): number {
  const [family = '', size = ''] = name.split('.')
  const times = /^(\d+)xlarge$/.exec(size)
  return large[family[0]!]! * (times ? 2 * Number(times[1]) : steps[size]!)
}

/** The catalogue of a region, the same for every account. */
export const instanceTypes = (): Made =>
  sizes.map(({ name, cores, threadsPerCore, architecture, hypervisor }) => [
    name,
    {
      instanceType: name,
      currentGeneration: !/^(t2|m4)\./.test(name),
      freeTierEligible: name.endsWith('.micro'),
      supportedUsageClasses: ['on-demand', 'spot'],
      supportedRootDeviceTypes: ['ebs'],
      supportedVirtualizationTypes: ['hvm'],
      bareMetal: false,
      hypervisor,
      processorInfo: {
        supportedArchitectures: [architecture],
        sustainedClockSpeedInGhz: architecture === 'arm64' ? 2.5 : 3.1,
        manufacturer: architecture === 'arm64' ? 'AWS' : 'Intel',
      },
      vCpuInfo: {
        defaultVCpus: cores * threadsPerCore,
        defaultCores: cores,
        defaultThreadsPerCore: threadsPerCore,
        validCores: [cores],
      },
      memoryInfo: { sizeInMiB: memoryGiB(name) * 1024 },
      instanceStorageSupported: name.startsWith('i3en'),
      instanceStorageInfo: name.startsWith('i3en')
        ? { totalSizeInGB: 5000, disks: [{ sizeInGB: 2500, count: 2, type: 'ssd' }], nvmeSupport: 'required' }
        : null,
      ebsInfo: {
        ebsOptimizedSupport: hypervisor === 'nitro' ? 'default' : 'supported',
        encryptionSupport: 'supported',
        ebsOptimizedInfo:
          hypervisor === 'nitro'
            ? {
                baselineBandwidthInMbps: 650,
                baselineIops: 3600,
                maximumBandwidthInMbps: 4750,
                maximumIops: 18750,
              }
            : null,
        nvmeSupport: hypervisor === 'nitro' ? 'required' : 'unsupported',
      },
      networkInfo: {
        networkPerformance: 'Up to 12.5 Gigabit',
        maximumNetworkInterfaces: 3,
        ipv4AddressesPerInterface: 10,
        ipv6Supported: true,
        enaSupport: hypervisor === 'nitro' ? 'required' : 'supported',
      },
      gpuInfo: name.startsWith('g5')
        ? {
            gpus: [{ name: 'A10G', manufacturer: 'NVIDIA', count: 1, memoryInfo: { sizeInMiB: 24576 } }],
            totalGpuMemoryInMiB: 24576,
          }
        : null,
      placementGroupInfo: { supportedStrategies: ['cluster', 'partition', 'spread'] },
      autoRecoverySupported: true,
    },
  ])
