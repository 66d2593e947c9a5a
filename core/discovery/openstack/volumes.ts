import type { Observation } from '../crawler.ts'
import { standingOf } from './status.ts'
import { extrasOf, tagsOf, type Thing } from './thing.ts'

/** A volume that several servers share belongs to the first of them here; its extras name the others. */
export function translateVolume(volume: Thing, region: string): Observation {
  const word = volume.text('status')
  const { status, ended } = standingOf(word)
  const [attached, ...others] = volume
    .parts('attachments')
    .map((one) => ({
      server: one.text('server_id'),
      device: one.text('device'),
      at: one.date('attached_at'),
    }))
    .filter(({ server }) => server)
    .sort((a, b) => (a.server! < b.server! ? -1 : 1))
  return {
    externalId: volume.id,
    ended,
    values: {
      name: volume.text('name') ?? volume.id,
      description: volume.text('description'),
      status,
      providerStatus: word,
      tags: tagsOf(volume),
      region,
      zone: volume.text('availability_zone'),
      providerId: volume.id,
      server: attached && { resource: 'servers', externalId: attached.server! },
      device: attached?.device,
      attachedAt: attached?.at,
      sizeGiB: volume.number('size'),
      volumeType: volume.text('volume_type'),
      encrypted: volume.flag('encrypted'),
      encryptionKey: volume.text('encryption_key_id'),
      sourceSnapshotId: volume.text('snapshot_id'),
      launchedAt: volume.date('created_at'),
      extras: [
        ...extrasOf(volume, {
          bootable: 'bootable',
          multiattach: 'multiattach',
          source_volid: 'source volume',
          'os-vol-tenant-attr:tenant_id': 'project',
        }),
        ...volume
          .entries('volume_image_metadata')
          .filter(([key]) => key === 'image_id' || key === 'image_name')
          .map(([key, value]) => ({ key, value })),
        ...others.map(({ server }) => ({ key: 'also attached to', value: server! })),
      ],
    },
  }
}

export function translateSnapshot(snapshot: Thing, region: string): Observation {
  const word = snapshot.text('status')
  const { status, ended } = standingOf(word)
  const volume = snapshot.text('volume_id')
  return {
    externalId: snapshot.id,
    ended,
    values: {
      name: snapshot.text('name') ?? snapshot.id,
      description: snapshot.text('description'),
      status,
      providerStatus: word,
      tags: tagsOf(snapshot),
      region,
      providerId: snapshot.id,
      volume: volume ? { resource: 'volumes', externalId: volume } : undefined,
      sizeGiB: snapshot.number('size'),
      startedAt: snapshot.date('created_at'),
      progressPercent: percentOf(snapshot.text('os-extended-snapshot-attributes:progress')),
      ownerAccount: snapshot.text('os-extended-snapshot-attributes:project_id'),
    },
  }
}

/** Written as "100%". */
const percentOf = (text: string | undefined) => {
  const percent = text === undefined ? NaN : Number(text.replace('%', ''))
  return Number.isFinite(percent) ? percent : undefined
}
