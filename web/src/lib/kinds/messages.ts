import type { AssetKind } from '#lib/gql/generated.ts'

type Words = { one: string; many: string; empty: { title: string; text: string } }

const kinds: Record<AssetKind, Words> = {
  SERVER: {
    one: 'server',
    many: 'Servers',
    empty: {
      title: 'No servers yet',
      text: 'Servers appear here as soon as a connection has been synced. You can also write one down by hand.',
    },
  },
  APP: {
    one: 'app',
    many: 'Apps',
    empty: {
      title: 'No apps yet',
      text: 'Software that does something for somebody: your own applications, databases, load balancers, brokers, caches and the like.',
    },
  },
  SYSTEM: {
    one: 'system',
    many: 'Systems',
    empty: {
      title: 'No systems yet',
      text: 'A system is what apps do together for clients, such as billing or the shop.',
    },
  },
  CLIENT: {
    one: 'client',
    many: 'Clients',
    empty: {
      title: 'No clients yet',
      text: 'Clients are those whom your systems serve: customers, departments, teams. Keep here how to reach them.',
    },
  },
  DATACENTER: {
    one: 'datacenter',
    many: 'Datacenters',
    empty: {
      title: 'No datacenters yet',
      text: 'A datacenter is where servers stand: regions of a cloud account, or a room of your own. Connections and servers belong to one.',
    },
  },
  VOLUME: {
    one: 'volume',
    many: 'Volumes',
    empty: { title: 'No volumes yet', text: 'Disks of their own that can be attached to a server.' },
  },
  SNAPSHOT: {
    one: 'snapshot',
    many: 'Snapshots',
    empty: { title: 'No snapshots yet', text: 'Copies of volumes as they were at a moment.' },
  },
  IMAGE: {
    one: 'image',
    many: 'Images',
    empty: { title: 'No images yet', text: 'What servers start from.' },
  },
  NETWORK: {
    one: 'network',
    many: 'Networks',
    empty: {
      title: 'No networks yet',
      text: 'Networks and their pieces: subnets, gateways, route tables, interfaces, addresses and rules.',
    },
  },
  FLAVOR: {
    one: 'flavor',
    many: 'Flavors',
    empty: { title: 'No flavors yet', text: 'The sizes in which a provider sells servers and services.' },
  },
}

const article = (one: string) => (/^[aeiou]/.test(one) ? `an ${one}` : `a ${one}`)

export const messages = {
  kinds,
  add: (one: string) => `Add ${one}`,
  addFirst: (one: string) => `Add ${article(one)} by hand`,
  connect: 'Connect an account',
  all: (many: string) => `See all ${many.toLowerCase()}`,
  reading: 'Reading…',
  type: 'Type its name…',
  none: (one: string) => `No ${one} has this name.`,
  createNew: (one: string) => `Create a new ${one}`,
  another: (label: string, name: string) => `Choose another ${label.toLowerCase()} than ${name}`,
  families: 'Families',
  allFamilies: 'All apps',
  moreFamilies: 'More',
  total: 'in all',
}
