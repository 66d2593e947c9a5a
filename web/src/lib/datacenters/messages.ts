export const messages = {
  connect: 'Add connection',
  field: 'Datacenter',
  servers: 'Servers',
  noServers: 'No servers yet. They appear when a connection to this datacenter has been synced.',
  see: (what: string) => `See ${what}`,
  connections: 'Connections',
  unread: 'Nothing reads this datacenter yet.',
  addConnection: 'Add a connection',
}
