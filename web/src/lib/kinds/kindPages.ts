import AppWindow from '@lucide/svelte/icons/app-window'
import Boxes from '@lucide/svelte/icons/boxes'
import Building2 from '@lucide/svelte/icons/building-2'
import Camera from '@lucide/svelte/icons/camera'
import Disc from '@lucide/svelte/icons/disc-3'
import Handshake from '@lucide/svelte/icons/handshake'
import HardDrive from '@lucide/svelte/icons/hard-drive'
import Network from '@lucide/svelte/icons/network'
import Ruler from '@lucide/svelte/icons/ruler'
import Server from '@lucide/svelte/icons/server'
import type { AssetKind } from '#lib/gql/generated.ts'
import { messages } from './messages.ts'
import { paths } from './paths.ts'

export type Icon = typeof Server

/** What the pages of a kind need to know that the API does not say. */
export type KindPage = {
  path: string
  icon: Icon
  /** "server", for sentences. */
  one: string
  /** "Servers", for headings. */
  many: string
  /** Columns of its list, until a person chooses others. */
  columns: string[]
  /** The facts that a two-line row shows below the name. */
  deciding: string[]
  /** Fields by whose values the list is counted, for quick filters. */
  facets: string[]
  empty: { title: string; text: string }
}

const usual = ['environment', 'status', 'updatedAt']

const page = (
  kind: AssetKind,
  icon: Icon,
  columns: string[],
  deciding: string[],
  facets: string[] = ['environment', 'status'],
): KindPage => ({
  path: paths[kind],
  icon,
  columns: ['name', ...columns],
  deciding,
  facets,
  ...messages.kinds[kind],
})

/** Adding a kind to the web app is one line here, its path, and its words. */
export const kindPages: Record<AssetKind, KindPage> = {
  SERVER: page(
    'SERVER',
    Server,
    ['ipv4Private', 'environment', 'role', 'instanceType', 'cpu', 'region', 'datacenter', 'lastSeenAt'],
    ['ipv4Private', 'environment', 'role'],
    ['environment', 'status', 'role', 'region', 'datacenter', 'instanceType'],
  ),
  APP: page(
    'APP',
    AppWindow,
    ['family', 'product', 'environment', 'datacenter', 'region', 'status', 'updatedAt'],
    ['family', 'product', 'environment'],
    ['environment', 'product', 'status', 'datacenter', 'role'],
  ),
  SYSTEM: page('SYSTEM', Boxes, ['description', ...usual], ['environment', 'description']),
  CLIENT: page('CLIENT', Handshake, ['description', ...usual], ['description']),
  DATACENTER: page(
    'DATACENTER',
    Building2,
    ['provider', 'regions', ...usual],
    ['provider', 'regions'],
    ['provider', 'environment'],
  ),
  VOLUME: page(
    'VOLUME',
    HardDrive,
    ['sizeGiB', 'volumeType', 'server', 'device', 'encrypted', 'datacenter', 'status', 'updatedAt'],
    ['sizeGiB', 'volumeType', 'server'],
    ['volumeType', 'encrypted', 'environment', 'datacenter', 'region'],
  ),
  SNAPSHOT: page(
    'SNAPSHOT',
    Camera,
    ['volume', 'sizeGiB', 'startedAt', 'encrypted', 'datacenter', 'status', 'updatedAt'],
    ['sizeGiB', 'volume'],
    ['environment', 'status', 'datacenter', 'region'],
  ),
  IMAGE: page(
    'IMAGE',
    Disc,
    ['platform', 'distribution', 'architecture', 'sizeGiB', 'public', 'datacenter', 'updatedAt'],
    ['platform', 'distribution'],
    ['environment', 'status', 'datacenter', 'region'],
  ),
  NETWORK: page(
    'NETWORK',
    Network,
    ['family', 'cidrs', 'ipAddresses', 'parent', 'datacenter', 'status', 'updatedAt'],
    ['family', 'cidrs'],
    ['family', 'environment', 'datacenter', 'region'],
  ),
  FLAVOR: page(
    'FLAVOR',
    Ruler,
    ['provider', 'service', 'vcpus', 'memoryGiB', 'gpus', 'processor', 'updatedAt'],
    ['provider', 'vcpus', 'memoryGiB'],
    ['datacenter', 'region', 'status'],
  ),
}
