import type { Instance } from '../instance.ts'
import { hex, pick, randomFrom } from '../random.ts'
import { type Made, type Survey, tagSet } from './survey.ts'

/** The disks of the instances, and one in twenty that no instance uses. */
export const volumes = ({ instances, region }: Survey): Made => [
  ...instances.flatMap((instance) =>
    instance.volumes.map((volume): Made[number] => [
      volume.id,
      {
        ...disk(volume.id, instance.zone),
        status: 'in-use',
        createTime: instance.launchTime,
        snapshotId: volume.deleteOnTermination ? imageSnapshot(instance.imageId) : null,
        attachmentSet: [
          {
            volumeId: volume.id,
            instanceId: instance.instanceId,
            device: volume.device,
            status: 'attached',
            attachTime: volume.attachTime,
            deleteOnTermination: volume.deleteOnTermination,
          },
        ],
        tagSet: volume.deleteOnTermination ? null : tagSet({ Name: dataName(instance, volume.device) }),
        operator: { managed: false },
      },
    ]),
  ),
  ...instances
    .filter(({ ordinal }) => ordinal % 20 === 7)
    .map(({ instanceId, zone, launchTime }): Made[number] => {
      const id = `vol-0${hex(randomFrom(instanceId, 'spare'), 16)}`
      const tags = { Name: `spare-${region}`, Environment: 'Staging', Owner: 'platform' }
      return [
        id,
        {
          tagSet: tagSet(tags),
          attachmentSet: [],
          ...disk(id, zone),
          status: 'available',
          createTime: launchTime,
        },
      ]
    }),
]

/** Of each third volume that outlives its instance, of images, and one that was copied from elsewhere. */
export const snapshots = ({ account, instances }: Survey): Made => {
  const ofVolumes = instances.flatMap((instance) =>
    instance.volumes
      .filter(({ deleteOnTermination, id }) => !deleteOnTermination && parseInt(id.slice(-2), 16) % 3 === 0)
      .map(({ id }) => snapshot(account, `snap-0${hex(randomFrom(id, 'nightly'), 16)}`, id)),
  )
  const images = [...new Set(instances.map(({ imageId }) => imageId))]
  const ofImages = images.map((image) =>
    snapshot(isOwn(image) ? account : amazon, imageSnapshot(image), 'vol-ffffffff'),
  )
  return [...ofVolumes, ...ofImages]
}

/** Publishes images that everybody may use. */
export const amazon = '137112412989'

/** Half of the images are the account's own; the others are public. */
export const isOwn = (imageId: string) => parseInt(imageId.slice(-1), 16) % 2 === 0

export const imageSnapshot = (imageId: string) => `snap-0${hex(randomFrom(imageId, 'root'), 16)}`

function disk(id: string, zone: string) {
  const random = randomFrom(id, 'disk')
  const volumeType = pick(random, ['gp3', 'gp3', 'gp2', 'io2', 'st1'])
  const encrypted = random() < 0.8
  return {
    volumeId: id,
    size: pick(random, [8, 20, 30, 50, 100, 500]),
    availabilityZone: zone,
    volumeType,
    iops: volumeType === 'st1' ? null : pick(random, [3000, 3000, 6000]),
    throughput: volumeType === 'gp3' ? 125 : null,
    encrypted,
    kmsKeyId: encrypted ? `arn:aws:kms:${zone.slice(0, -1)}:000000000000:key/${hex(random, 8)}` : null,
    multiAttachEnabled: false,
  }
}

const dataName = ({ tags, instanceId }: Instance, device: string) =>
  `${tags.find(([key]) => key === 'Name')?.[1] ?? instanceId}:${device}`

function snapshot(owner: string, id: string, volume: string): Made[number] {
  const random = randomFrom(id)
  return [
    id,
    {
      snapshotId: id,
      volumeId: volume,
      status: 'completed',
      startTime: new Date(
        Date.UTC(2026, 4, 1 + Math.floor(random() * 28), 2, Math.floor(random() * 60)),
      ).toISOString(),
      progress: '100%',
      ownerId: owner,
      volumeSize: pick(random, [8, 20, 100]),
      description: volume === 'vol-ffffffff' ? 'Copied for an image' : '',
      encrypted: random() < 0.8,
      storageTier: 'standard',
      tagSet: random() < 0.5 ? [] : tagSet({ Name: 'nightly', Backup: 'daily' }),
      transferType: null,
    },
  ]
}
