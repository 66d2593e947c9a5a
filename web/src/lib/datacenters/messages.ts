export const messages = {
  create: 'Add datacenter',
  empty: {
    title: 'No datacenters yet',
    text: 'A datacenter is where servers stand: regions of a cloud account, or a room of your own. Connections and servers belong to one.',
    first: 'Add the first datacenter',
  },
  usual: ['name', 'provider', 'regions', 'environment', 'status', 'updatedAt'],
  deciding: ['provider', 'regions'],
  connect: 'Add connection',
}
