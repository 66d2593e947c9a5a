import { count } from '#lib/ui/numbers.ts'

export const messages = {
  title: 'Dashboard',
  oldest: 'oldest reading',
  attention: {
    notActive: (n: number) => (n === 1 ? '1 server is not active' : `${count(n)} servers are not active`),
    drift: (n: number) =>
      n === 1 ? '1 server differs from what is reported' : `${count(n)} servers differ from what is reported`,
    trouble: (n: number) =>
      n === 1 ? '1 connection has a problem' : `${count(n)} connections have problems`,
  },
  inventory: 'Inventory',
  families: 'Apps by family',
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
  orByHand: 'Or write down by hand:',
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
