import type { Attributes } from '../attributes.ts'
import { found, ref, roleOf, tagged, type Types } from '../found.ts'

/** Types of the provider hashicorp/azurerm. Azure tells lower from upper case in an id only sometimes, so ids are lower. */
export const azureTypes: Types = {
  azurerm_linux_virtual_machine: (a) => machine(a, 'Linux'),
  azurerm_windows_virtual_machine: (a) => machine(a, 'Windows'),
  azurerm_managed_disk: (a) => [
    found('volumes', idOf(a), {
      ...placed(a),
      sizeGiB: a.positive('disk_size_gb'),
      volumeType: a.text('storage_account_type'),
      iops: a.positive('disk_iops_read_write'),
      throughputMiBps: a.positive('disk_mbps_read_write'),
    }),
  ],
  azurerm_snapshot: (a) => [
    found('snapshots', idOf(a), {
      ...placed(a),
      volume: ref(
        'volumes',
        a.text('source_uri')?.toLowerCase() ?? a.text('source_resource_id')?.toLowerCase(),
      ),
      sizeGiB: a.positive('disk_size_gb'),
    }),
  ],
  azurerm_virtual_network: (a) => [
    found('networks', idOf(a), {
      ...placed(a),
      family: 'NETWORK',
      cidrs: a.list('address_space'),
      dnsServers: a.list('dns_servers'),
    }),
  ],
  azurerm_subnet: (a) => [
    found('networks', idOf(a), {
      name: a.text('name'),
      family: 'SUBNET',
      cidrs: a.list('address_prefixes'),
      // A subnet's id is that of its network, with its own name behind it.
      parent: ref('networks', idOf(a)?.replace(/\/subnets\/[^/]+$/, '')),
    }),
  ],
  azurerm_network_security_group: (a) => [
    found('networks', idOf(a), {
      ...placed(a),
      family: 'SECURITY_GROUP',
      rules: a.blocks('security_rule').map((rule) => ({
        direction: rule.text('direction')?.toLowerCase() === 'inbound' ? 'in' : 'out',
        action: rule.text('access')?.toLowerCase(),
        protocol: rule.text('protocol')?.toLowerCase(),
        peer: rule.text('source_address_prefix'),
        description: rule.text('name'),
      })),
    }),
  ],
  azurerm_postgresql_flexible_server: (a) => database(a, 'Azure Database for PostgreSQL'),
  azurerm_mysql_flexible_server: (a) => database(a, 'Azure Database for MySQL'),
  azurerm_redis_cache: (a) => [
    found('apps', idOf(a), {
      ...placed(a),
      family: 'CACHE',
      product: 'Azure Cache for Redis',
      managed: true,
      port: a.positive('ssl_port'),
    }),
  ],
}

const idOf = (a: Attributes) => a.text('id')?.toLowerCase()

const placed = (a: Attributes) => ({
  ...tagged(a),
  name: a.text('name'),
  region: a.text('location'),
  zone: a.text('zone'),
})

const machine = (a: Attributes, osBase: string) => [
  found('servers', idOf(a), {
    ...placed(a),
    role: roleOf(a),
    vendor: 'Azure',
    hostname: a.text('computer_name'),
    instanceId: a.text('virtual_machine_id'),
    instanceType: a.text('size'),
    osBase,
    osDistribution: a.block('source_image_reference').text('offer'),
    osVersion: a.block('source_image_reference').text('sku'),
    ipv4Private: a.text('private_ip_address'),
    ipv4Public: a.text('public_ip_address'),
    ipAddresses: [...new Set([...a.list('private_ip_addresses'), ...a.list('public_ip_addresses')])].sort(),
    status: 'ACTIVE',
  }),
]

const database = (a: Attributes, product: string) => [
  found('apps', idOf(a), {
    ...placed(a),
    family: 'DATABASE',
    product,
    managed: true,
    engineVersion: a.text('version'),
    instanceType: a.text('sku_name'),
    endpoint: a.text('fqdn'),
  }),
]
