import {
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  type Snapshot,
  type Volume,
} from '@aws-sdk/client-ec2'
import type { Observation } from '../crawler.ts'
import { ec2Resource, required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { standingOf } from './standing.ts'
import { tagged, tagsOf } from './tags.ts'

const hour = 60
const day = 24 * hour

export const volumes = ec2Resource(
  { name: 'volumes', label: 'volumes', kind: 'VOLUME', after: ['instances'], everyMinutes: 6 * hour },
  {
    action: 'DescribeVolumes',
    ask: (client, input, abortSignal) => client.send(new DescribeVolumesCommand(input), { abortSignal }),
    paginate: paginateDescribeVolumes,
    pageSize: 500,
    input: {},
    records: (page) => page.Volumes,
    idOf: (volume) => volume.VolumeId,
    translate: translateVolume,
  },
)

/** Those of the account alone: what others share with it is not its own. */
export const snapshots = ec2Resource(
  { name: 'snapshots', label: 'snapshots', kind: 'SNAPSHOT', after: ['volumes'], everyMinutes: 14 * day },
  {
    action: 'DescribeSnapshots',
    ask: (client, input, abortSignal) => client.send(new DescribeSnapshotsCommand(input), { abortSignal }),
    paginate: paginateDescribeSnapshots,
    pageSize: 1000,
    input: { OwnerIds: ['self'] },
    records: (page) => page.Snapshots,
    idOf: (snapshot) => snapshot.SnapshotId,
    translate: translateSnapshot,
  },
)

/** A volume that several instances share belongs to the first of them here; its extras name the others. */
export function translateVolume(volume: Volume, region: string): Observation {
  const id = required(volume.VolumeId, 'VolumeId')
  const tags = tagsOf(volume.Tags)
  const { status, ended } = standingOf(volume.State)
  const [attached, ...others] = (volume.Attachments ?? [])
    .filter(({ InstanceId, State }) => InstanceId && State !== 'detached')
    .sort((a, b) => (a.InstanceId! < b.InstanceId! ? -1 : 1))
  return {
    externalId: id,
    ended,
    values: {
      name: tagged(tags, 'name') ?? id,
      status,
      providerStatus: volume.State,
      environment: tagged(tags, 'environment')?.toLowerCase(),
      tags,
      region,
      zone: volume.AvailabilityZone,
      providerId: id,
      server: attached && { resource: 'instances', externalId: attached.InstanceId! },
      device: attached?.Device,
      attachedAt: attached?.AttachTime,
      deleteOnTermination: attached?.DeleteOnTermination,
      sizeGiB: volume.Size,
      volumeType: volume.VolumeType,
      iops: volume.Iops,
      throughputMiBps: volume.Throughput,
      encrypted: volume.Encrypted,
      encryptionKey: volume.KmsKeyId,
      sourceSnapshotId: volume.SnapshotId || undefined,
      launchedAt: volume.CreateTime,
      extras: [
        ...extrasOf({ 'multi-attach': volume.MultiAttachEnabled || undefined, outpost: volume.OutpostArn }),
        ...extrasFor(
          'also attached to',
          others.map(({ InstanceId }) => InstanceId),
        ),
      ],
    },
  }
}

export function translateSnapshot(snapshot: Snapshot, region: string): Observation {
  const id = required(snapshot.SnapshotId, 'SnapshotId')
  const tags = tagsOf(snapshot.Tags)
  const { status, ended } = standingOf(snapshot.State)
  const percent = Number((snapshot.Progress ?? '').replace('%', '') || NaN)
  return {
    externalId: id,
    ended,
    values: {
      name: tagged(tags, 'name') ?? id,
      description: snapshot.Description || undefined,
      status,
      providerStatus: snapshot.State,
      environment: tagged(tags, 'environment')?.toLowerCase(),
      tags,
      region,
      providerId: id,
      volume: realVolume(snapshot.VolumeId),
      sizeGiB: snapshot.VolumeSize,
      startedAt: snapshot.StartTime,
      progressPercent: Number.isFinite(percent) ? percent : undefined,
      encrypted: snapshot.Encrypted,
      encryptionKey: snapshot.KmsKeyId,
      ownerAccount: snapshot.OwnerId,
      stateMessage: snapshot.StateMessage,
      extras: extrasOf({
        'owner alias': snapshot.OwnerAlias,
        'storage tier': snapshot.StorageTier,
        'restored until': snapshot.RestoreExpiryTime,
      }),
    },
  }
}

/** Copies of snapshots name a volume that has never been. */
const realVolume = (id: string | undefined) =>
  id && id !== 'vol-ffffffff' ? { resource: 'volumes', externalId: id } : undefined
