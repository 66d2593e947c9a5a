import { basename } from 'node:path'
import type { StorageItem } from '../../inventory/server.ts'
import type { Facts } from './facts.ts'
import { isContainer } from './identity.ts'

const gib = 1024 ** 3

/** Devices that are no disks: images, memory, drives with a slot, and what the system builds out of disks. */
const noDisk = /^(loop|ram|zram|sr|cd|fd|dm-|md|nbd|drbd|zd|pass)\d*/
/** File systems that live elsewhere or in an image. */
const notStored = /^(squashfs|iso9660|cd9660|udf|tmpfs|devfs|overlay|nullfs|fuse\..*|autofs)$/
/** Where containers, packages and media are mounted as they come and go. */
const passing = /^\/(run|snap|media|var\/lib\/(docker|containers|containerd|kubelet))\/|\/\.zfs\/snapshot\//

interface Device {
  name: string
  disk: boolean
  sizeGiB?: number
  volumeId?: string
  /** Partitions, and the logical volumes that lie on it. */
  parts: Set<string>
}

interface Mount {
  device: string
  fileSystem?: string
  sizeGiB?: number
  paths: string[]
}

/** The disks, and the partitions and volumes on them that are in use; how full they are is left out. */
export function storageOf(facts: Facts): StorageItem[] {
  const devices = devicesOf(facts)
  const mounts = mountsOf(facts)
  const rootName = mounts.find((mount) => mount.paths.includes('/'))?.device.replace(/^.*\//, '')
  const items = new Map<string, StorageItem>()
  for (const { name, disk, sizeGiB, volumeId, parts } of devices.values()) {
    // A container shows the disks of the machine below it.
    if (!disk || isContainer(facts)) continue
    const root = rootName && (name === rootName || parts.has(rootName)) ? true : undefined
    items.set(`/dev/${name}`, { name, device: `/dev/${name}`, sizeGiB, volumeId, root })
  }
  for (const { device, fileSystem, sizeGiB, paths } of mounts) {
    const name = basename(device)
    const known = items.get(device)
    items.set(device, {
      ...known,
      name,
      device,
      sizeGiB: known?.sizeGiB ?? devices.get(name)?.sizeGiB ?? sizeGiB,
      root: known?.root ?? (paths.includes('/') ? true : undefined),
      fileSystem,
      mount: paths.join(', '),
    })
  }
  return [...items.values()].sort((a, b) => (a.device! < b.device! ? -1 : 1)).map(withoutGaps)
}

/** Disks, their partitions and logical volumes, by the name that mounts call them. */
function devicesOf(facts: Facts): Map<string, Device> {
  const devices = new Map<string, Device>()
  const group = facts.group('devices')
  for (const name of group?.names() ?? []) {
    if (!group!.isGroup(name)) {
      // FreeBSD names the partitions and says no more.
      devices.set(name, { name, disk: !noDisk.test(name), parts: new Set(group!.texts(name)) })
      continue
    }
    const device = group!.group(name)!
    const sizeGiB = sizeOf(device)
    const links = device.group('links')?.texts('ids') ?? []
    const partitions = device.group('partitions')
    const parts = new Set(device.texts('holders'))
    for (const each of partitions?.names() ?? []) {
      const partition = partitions!.group(each)
      devices.set(each, {
        name: each,
        disk: false,
        sizeGiB: partition && sizeOf(partition),
        parts: new Set(),
      })
      for (const part of [each, ...(partition?.texts('holders') ?? [])]) parts.add(part)
    }
    const disk = !noDisk.test(name) && Boolean(sizeGiB) && device.text('removable') !== '1'
    devices.set(name, { name, disk, sizeGiB, volumeId: volumeOf([device.text('serial'), ...links]), parts })
    for (const link of links)
      if (link.startsWith('dm-name-')) devices.set(link.slice(8), { name, disk: false, sizeGiB, parts })
  }
  return devices
}

/** Local file systems, each with all the places where it is mounted. */
function mountsOf(facts: Facts): Mount[] {
  const mounts = new Map<string, Mount>()
  for (const fact of facts.groups('mounts')) {
    const device = fact.text('device')
    const path = fact.text('mount')
    const fileSystem = fact.text('fstype')
    const options = fact.text('options')?.split(',') ?? []
    const stored = fileSystem === 'zfs' || (device?.startsWith('/dev/') && !/^\/dev\/loop/.test(device))
    if (!device || !path || !stored || notStored.test(fileSystem ?? '')) continue
    if (options.includes('bind') || passing.test(path)) continue
    // A pool shares its space out, so the size of one of its file systems changes with the others.
    const bytes = fileSystem === 'zfs' ? undefined : fact.number('size_total')
    const mount = mounts.get(device) ?? { device, fileSystem, sizeGiB: bytes && inGiB(bytes), paths: [] }
    mount.paths = [...new Set([...mount.paths, path])].sort()
    mounts.set(device, mount)
  }
  return [...mounts.values()]
}

/** Releases of Ansible differ in whether sectors count 512 bytes; the rounded size says which it is. */
function sizeOf(device: Facts): number | undefined {
  const rounded = roundedSize(device.text('size'))
  const sectors = device.number('sectors')
  if (!sectors) return rounded
  const sizes = [512, device.number('sectorsize') ?? 512].map((bytes) => inGiB(sectors * bytes))
  return (
    sizes.find((size) => rounded === undefined || Math.abs(size - rounded) <= rounded * 0.01 + 0.01) ??
    rounded
  )
}

function roundedSize(text: string | undefined): number | undefined {
  const match = /^([\d.]+) ?(Bytes|KB|MB|GB|TB|PB)$/.exec(text ?? '')
  if (!match) return undefined
  const power = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB'].indexOf(match[2]!)
  return inGiB(Number(match[1]) * 1024 ** power)
}

function volumeOf(words: (string | undefined)[]): string | undefined {
  const found = words.map((word) => /(?:^|_)vol-?([0-9a-f]{8,17})(?:_|$)/.exec(word ?? '')?.[1]).find(Boolean)
  return found && `vol-${found}`
}

const inGiB = (bytes: number) => Math.round((bytes / gib) * 100) / 100

const withoutGaps = (item: StorageItem): StorageItem =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined))
