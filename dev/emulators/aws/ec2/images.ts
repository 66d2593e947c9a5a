import { randomFrom, hex, pick } from '../random.ts'
import { amazon, imageSnapshot, isOwn } from './disks.ts'
import { type Made, type Survey, tagSet } from './survey.ts'

/** What the instances were started from: some of it the account's own, some public; and an own one that nobody uses. */
export const images = ({ account, region, instances }: Survey): Made => {
  const used = new Map(instances.map((instance) => [instance.imageId, instance]))
  const retired = `ami-0${hex(randomFrom(account, region, 'retired'), 15)}0`
  return [
    ...[...used].map(([id, { platform }]) => image(id, isOwn(id) ? account : amazon, platform)),
    ...(instances.length ? [image(retired, account, 'linux')] : []),
  ]
}

const details = {
  linux: 'Linux/UNIX',
  rhel: 'Red Hat Enterprise Linux',
  suse: 'SUSE Linux',
  windows: 'Windows',
} as const

function image(id: string, owner: string, platform: keyof typeof details): Made[number] {
  const random = randomFrom(id, 'image')
  const own = owner !== amazon
  const name = own
    ? `base-${pick(random, ['web', 'data', 'batch'])}-${hex(random, 4)}`
    : `al2023-ami-${hex(random, 6)}`
  const days = Math.floor(random() * 900)
  return [
    id,
    {
      imageId: id,
      imageLocation: `${own ? owner : 'amazon'}/${name}`,
      imageState: 'available',
      imageOwnerId: owner,
      imageOwnerAlias: own ? null : 'amazon',
      creationDate: new Date(Date.UTC(2024, 0, 1 + days, 8)).toISOString(),
      isPublic: !own,
      productCodes: [],
      architecture: 'x86_64',
      imageType: 'machine',
      platform: platform === 'windows' ? 'windows' : null,
      platformDetails: details[platform],
      usageOperation: 'RunInstances',
      name,
      description: own ? null : 'An image that everybody may use',
      enaSupport: true,
      hypervisor: 'xen',
      rootDeviceType: 'ebs',
      rootDeviceName: '/dev/xvda',
      blockDeviceMapping: [
        {
          deviceName: '/dev/xvda',
          ebs: {
            snapshotId: imageSnapshot(id),
            volumeSize: pick(random, [8, 20]),
            deleteOnTermination: true,
            volumeType: 'gp3',
            encrypted: false,
          },
        },
        { deviceName: '/dev/sdb', virtualName: 'ephemeral0' },
      ],
      virtualizationType: 'hvm',
      bootMode: 'uefi-preferred',
      sriovNetSupport: 'simple',
      tagSet: own ? tagSet({ Name: name, Role: 'base' }) : null,
    },
  ]
}
