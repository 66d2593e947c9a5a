export const messages = {
  create: 'Add server',
  empty: {
    title: 'No servers yet',
    text: 'Servers appear here as soon as a connection has been synced. You can also write one down by hand.',
    connect: 'Connect an account',
    byHand: 'Add a server by hand',
  },
  usual: [
    'name',
    'ipv4Private',
    'environment',
    'role',
    'cpu',
    'memoryGiB',
    'region',
    'datacenter',
    'lastSeenAt',
  ],
  deciding: ['ipv4Private', 'environment', 'role'],
}
