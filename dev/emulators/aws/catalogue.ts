export interface InstanceType {
  name: string
  cores: number
  threadsPerCore: number
  architecture: 'x86_64' | 'arm64'
  hypervisor: 'nitro' | 'xen'
}

export const instanceTypes: readonly InstanceType[] = [
  type('t3.micro', 1, 2),
  type('t3.small', 1, 2),
  type('t3.medium', 1, 2),
  type('t3.large', 1, 2),
  type('m5.large', 1, 2),
  type('m5.xlarge', 2, 2),
  type('m5.2xlarge', 4, 2),
  type('m6i.large', 1, 2),
  type('m6i.xlarge', 2, 2),
  type('m6i.4xlarge', 8, 2),
  type('m7i.xlarge', 2, 2),
  type('m7i.2xlarge', 4, 2),
  type('c5.xlarge', 2, 2),
  type('c6i.2xlarge', 4, 2),
  type('r5.xlarge', 2, 2),
  type('r6i.2xlarge', 4, 2),
  type('r6i.8xlarge', 16, 2),
  type('i3en.2xlarge', 4, 2),
  type('g5.xlarge', 2, 2),
  type('t4g.medium', 2, 1, 'arm64'),
  type('m7g.large', 2, 1, 'arm64'),
  type('c7g.2xlarge', 8, 1, 'arm64'),
  type('t2.micro', 1, 1, 'x86_64', 'xen'),
  type('m4.large', 1, 2, 'x86_64', 'xen'),
  type('x2idn.16xlarge', 32, 2),
]

/** Regions that are enabled in every account. */
export const enabledRegions: readonly string[] = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
]

/** Regions an account must opt in to; listed only when all regions are asked for. */
export const optInRegions: readonly string[] = ['af-south-1', 'ap-east-1', 'eu-south-1', 'me-south-1']

export const zoneLetters: readonly string[] = ['a', 'b', 'c']

/** `eu-west-1` and `b` give `euw1-az2`, the name of the zone that is the same in every account. */
export function zoneId(region: string, letter: string): string {
  const [area = '', direction = '', number = ''] = region.split('-')
  const short = direction.replace(/^(north|south)(east|west)$/, (_, a: string, b: string) => a[0]! + b[0]!)
  const code = short.length === 2 ? short : (direction[0] ?? '')
  return `${area}${code}${number}-az${zoneLetters.indexOf(letter) + 1}`
}

function type(
  name: string,
  cores: number,
  threadsPerCore: number,
  architecture: InstanceType['architecture'] = 'x86_64',
  hypervisor: InstanceType['hypervisor'] = 'nitro',
): InstanceType {
  return { name, cores, threadsPerCore, architecture, hypervisor }
}
