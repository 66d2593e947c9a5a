export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped'

export const stateCodes: Record<InstanceState, number> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
}

/** What the emulator knows of one instance; everything else in its XML follows from this. */
export interface Instance {
  /** Position in its region's listing; it never changes and is never used twice. */
  ordinal: number
  region: string
  zone: string
  ownerId: string
  reservationId: string
  instanceId: string
  imageId: string
  type: string
  state: InstanceState
  reason: string
  launchTime: string
  keyName: string | null
  privateIp: string | null
  publicIp: string | null
  ipv6: string | null
  vpcId: string | null
  subnetId: string | null
  groups: { id: string; name: string }[]
  volumes: { device: string; id: string; attachTime: string; deleteOnTermination: boolean }[]
  interfaces: { id: string; mac: string; attachmentId: string; privateIp: string; description: string }[]
  tags: [key: string, value: string][]
  profile: { name: string; id: string } | null
  platform: 'linux' | 'rhel' | 'suse' | 'windows'
  spotRequestId: string | null
  clientToken: string
  monitored: boolean
  tenancy: 'default' | 'dedicated'
  /** Records that no honest translation can read; off unless asked for. */
  broken: 'withoutInstanceId' | 'malformedLaunchTime' | null
}
