import ipaddr from 'ipaddr.js'
import type { StorageItem } from '../../inventory/server.ts'
import type { CrawlContext, Observation, ObservationPage, ObservedRelation } from '../crawler.ts'
import type { Cloud } from './cloud.ts'
import { FlavorBook, type Size } from './flavors.ts'
import { novaHeaders } from './nova.ts'
import { pagesOf } from './pages.ts'
import { type Port, portsOfServers } from './ports.ts'
import { standingOf } from './status.ts'
import { distinct, extrasOf, tagsOf, type Thing, thingsOf, translated, UnreadableThing } from './thing.ts'

/** Servers name neither their subnets nor, since Nova 2.47, the id of their flavor; ports and flavors do. */
export async function* listServers(
  cloud: Cloud,
  context: CrawlContext,
  region: string,
): AsyncGenerator<ObservationPage> {
  const headers = await novaHeaders(cloud, context, region)
  const flavors = await FlavorBook.read(cloud, context, region)
  const listing = {
    service: 'compute',
    region,
    path: '/servers/detail',
    collection: 'servers',
    headers,
  } as const
  for await (const records of pagesOf(cloud, context, listing)) {
    const ids = thingsOf(records).flatMap((server) => server.plain('id') ?? [])
    const ports = await portsOfServers(cloud, context, region, ids)
    yield translated(records, (server) =>
      translateServer(server, {
        region,
        size: flavors.sizeFor(server.part('flavor')),
        ports: ports.get(server.id) ?? [],
      }),
    )
  }
}

interface Around {
  region: string
  size: Size | undefined
  ports: Port[]
}

export function translateServer(server: Thing, { region, size, ports }: Around): Observation {
  const { id } = server
  const word = server.text('status')
  // Since Nova 2.69 servers whose cell is down are listed, but hardly anything is known of them.
  if (word === 'UNKNOWN' && !server.has('name'))
    throw new UnreadableThing('The part of the cloud (cell) that knows this server is out of reach.')
  if (!word) throw new UnreadableThing('It has no status.')
  const { status, ended } = standingOf(word)
  const metadata = new Map(
    server.entries('metadata').map(([key, value]) => [key.toLowerCase(), value.trim()]),
  )
  const imageId = server.part('image')?.text('id')
  const cards = ports.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const addresses = addressesIn(server)
  return {
    externalId: id,
    ended,
    values: {
      name: server.text('name') ?? id,
      description: server.text('description'),
      status,
      providerStatus: word,
      environment: metadata.get('environment')?.toLowerCase() || undefined,
      role: metadata.get('role') || undefined,
      tags: tagsOf(server),
      extras: extrasOf(server, {
        tenant_id: 'project',
        user_id: 'user',
        hostId: 'host',
        locked: 'locked',
        config_drive: 'config drive',
      }),
      region,
      zone: server.text('OS-EXT-AZ:availability_zone'),
      providerId: id,
      instanceId: id,
      hostname: server.text('OS-EXT-SRV-ATTR:hostname'),
      hypervisor: server.text('OS-EXT-SRV-ATTR:hypervisor_hostname'),
      vendor: 'OpenStack',
      instanceType: size?.name,
      cpu: size?.vcpus,
      memoryGiB: size?.memoryGiB,
      flavor: size?.ref,
      imageId,
      image: imageId ? { resource: 'images', externalId: imageId } : undefined,
      keyName: server.text('key_name'),
      launchedAt: server.date('OS-SRV-USG:launched_at') ?? server.date('created'),
      ipv4Private: addresses.find((one) => one.version === 4 && !one.public)?.ip,
      ipv4Public: addresses.find((one) => one.version === 4 && one.public)?.ip,
      ipAddresses: distinct(addresses.map(({ ip }) => ip)),
      macAddresses: distinct(addresses.map(({ mac }) => mac)),
      networkId: cards[0]?.networkId,
      subnetId: cards[0]?.addresses[0]?.subnetId,
      securityGroups: distinct(cards.flatMap((port) => port.securityGroups)),
      storage: storageOf(server, imageId ? size?.diskGiB : undefined),
    },
    relations: connections(cards),
  }
}

/** In the order of the networks' names. A fixed address may be public, too, where the network itself is. */
const addressesIn = (server: Thing) =>
  server.lists('addresses').flatMap((network) =>
    network
      .flatMap((one) => {
        const ip = one.text('addr')
        if (!ip) return []
        return {
          ip,
          version: one.number('version') ?? (ip.includes(':') ? 6 : 4),
          mac: one.text('OS-EXT-IPS-MAC:mac_addr'),
          public: one.text('OS-EXT-IPS:type') === 'floating' || isPublic(ip),
        }
      })
      .sort((a, b) => (a.ip < b.ip ? -1 : 1)),
  )

const isPublic = (ip: string) => ipaddr.isValid(ip) && ipaddr.process(ip).range() === 'unicast'

/** The disk of the flavor is there when the server starts from an image, and not from a volume. */
function storageOf(server: Thing, rootGiB: number | undefined): StorageItem[] {
  const root = rootGiB
    ? [{ device: server.text('OS-EXT-SRV-ATTR:root_device_name'), sizeGiB: rootGiB, root: true }]
    : []
  const volumes = server.parts('os-extended-volumes:volumes_attached').map((volume) => ({
    volumeId: volume.text('id'),
    deleteOnTermination: volume.flag('delete_on_termination'),
  }))
  return [...root, ...volumes.sort((a, b) => ((a.volumeId ?? '') < (b.volumeId ?? '') ? -1 : 1))]
}

function connections(ports: Port[]): ObservedRelation[] {
  const to = (resource: string, ids: (string | undefined)[]): ObservedRelation[] =>
    distinct(ids).map((externalId) => ({ kind: 'CONNECTED_TO', to: { resource, externalId } }))
  return [
    ...to(
      'subnets',
      ports.flatMap((port) => port.addresses.map(({ subnetId }) => subnetId)),
    ),
    ...to(
      'security-groups',
      ports.flatMap((port) => port.securityGroups),
    ),
    ...to(
      'ports',
      ports.map(({ id }) => id),
    ),
  ]
}
