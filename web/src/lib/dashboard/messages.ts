export const messages = {
  title: 'Dashboard',
  oldest: 'oldest reading',
  tiles: {
    servers: 'servers',
    notActive: 'not active',
    drift: 'with drift',
    datacenters: 'datacenters',
    trouble: 'connections with problems',
  },
  connections: 'Connections',
  runs: 'Runs',
  changed: 'What changed',
  all: 'See all',
  allOf: (n: number) => `See all ${n}`,
  steps: 'Three steps to your inventory',
  done: 'Done',
  datacenter: {
    title: 'Create a datacenter',
    text: 'Where servers stand: the regions of a cloud account, or a room of your own.',
    go: 'Create datacenter',
  },
  connection: {
    title: 'Connect an account',
    text: 'A key that may read, or files with facts. Maestro changes nothing there.',
    go: 'Add connection',
  },
  sync: {
    title: 'Sync it',
    text: 'Watch the servers arrive, region by region.',
    go: (name: string) => `Sync ${name}`,
  },
}
