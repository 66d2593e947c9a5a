import type { Attributes } from '../attributes.ts'
import { connectedTo, found, ref, type Types } from '../found.ts'

/** Types of hashicorp/google, digitalocean/digitalocean and hashicorp/vsphere. */
export const otherTypes: Types = {
  google_compute_instance: (a) => {
    const cards = a.blocks('network_interface')
    const outside = cards.flatMap((card) => card.blocks('access_config')).map((each) => each.text('nat_ip'))
    const zone = a.text('zone')
    return [
      found(
        'servers',
        a.text('instance_id') ?? a.text('id'),
        {
          name: a.text('name'),
          hostname: a.text('hostname'),
          tags: a.map('labels'),
          environment: labelled(a, 'environment')?.toLowerCase(),
          role: labelled(a, 'role'),
          vendor: 'Google Cloud',
          zone,
          region: zone?.replace(/-[a-z]$/, ''),
          instanceId: a.text('instance_id'),
          instanceType: a.text('machine_type'),
          providerStatus: a.text('current_status'),
          status: a.text('current_status') === 'TERMINATED' ? 'STOPPED' : 'ACTIVE',
          ipv4Private: cards[0]?.text('network_ip'),
          ipv4Public: outside[0],
          ipAddresses: [...cards.map((card) => card.text('network_ip')), ...outside]
            .filter((address) => address !== undefined)
            .sort(),
        },
        connectedTo(cards.map((card) => lastOf(card.text('subnetwork')) ?? lastOf(card.text('network')))),
      ),
    ]
  },
  google_compute_disk: (a) => [
    found('volumes', a.text('id'), {
      name: a.text('name'),
      tags: a.map('labels'),
      zone: a.text('zone'),
      sizeGiB: a.positive('size'),
      volumeType: a.text('type'),
    }),
  ],
  google_compute_network: (a) => [
    found('networks', a.text('name'), { family: 'NETWORK', description: a.text('description') }),
  ],
  google_compute_subnetwork: (a) => [
    found('networks', a.text('name'), {
      family: 'SUBNET',
      region: a.text('region'),
      parent: ref('networks', lastOf(a.text('network'))),
      cidrs: [a.text('ip_cidr_range')].filter((range) => range !== undefined),
      gateway: a.text('gateway_address'),
    }),
  ],
  google_sql_database_instance: (a) => [
    found('apps', a.text('connection_name') ?? a.text('id'), {
      name: a.text('name'),
      region: a.text('region'),
      family: 'DATABASE',
      product: 'Cloud SQL',
      managed: true,
      engine: a.text('database_version'),
      instanceType: a.block('settings').text('tier'),
      endpoint: a.text('first_ip_address'),
    }),
  ],
  digitalocean_droplet: (a) => [
    found(
      'servers',
      a.text('id'),
      {
        name: a.text('name'),
        tags: a.list('tags').map((key) => ({ key, value: '' })),
        region: a.text('region'),
        vendor: 'DigitalOcean',
        instanceId: a.text('id'),
        instanceType: a.text('size'),
        cpu: a.positive('vcpus'),
        memoryGiB: gibOfMib(a.positive('memory')),
        imageId: a.text('image'),
        ipv4Private: a.text('ipv4_address_private'),
        ipv4Public: a.text('ipv4_address'),
        ipAddresses: [a.text('ipv4_address_private'), a.text('ipv4_address'), a.text('ipv6_address')]
          .filter((address) => address !== undefined)
          .sort(),
        providerStatus: a.text('status'),
        status: a.text('status') === 'off' ? 'STOPPED' : 'ACTIVE',
      },
      connectedTo([a.text('vpc_uuid')]),
    ),
  ],
  digitalocean_volume: (a) => [
    found('volumes', a.text('id'), {
      name: a.text('name'),
      description: a.text('description'),
      region: a.text('region'),
      sizeGiB: a.positive('size'),
      fileSystem: a.text('filesystem_type'),
      server: ref('servers', a.list('droplet_ids')[0]),
    }),
  ],
  digitalocean_vpc: (a) => [
    found('networks', a.text('id'), {
      name: a.text('name'),
      family: 'NETWORK',
      description: a.text('description'),
      region: a.text('region'),
      cidrs: [a.text('ip_range')].filter((range) => range !== undefined),
    }),
  ],
  digitalocean_loadbalancer: (a) => [
    found(
      'apps',
      a.text('id'),
      {
        name: a.text('name'),
        region: a.text('region'),
        family: 'LOAD_BALANCER',
        product: 'DigitalOcean Load Balancer',
        managed: true,
        endpoint: a.text('ip'),
      },
      a.list('droplet_ids').map((id) => ({ kind: 'TARGETS', to: { resource: 'servers', externalId: id } })),
    ),
  ],
  digitalocean_database_cluster: (a) => [
    found('apps', a.text('id'), {
      name: a.text('name'),
      region: a.text('region'),
      family: 'DATABASE',
      product: 'DigitalOcean Managed Databases',
      managed: true,
      engine: a.text('engine'),
      engineVersion: a.text('version'),
      instanceType: a.text('size'),
      endpoint: a.text('host'),
      port: a.positive('port'),
    }),
  ],
  vsphere_virtual_machine: (a) => [
    found('servers', a.text('uuid') ?? a.text('id'), {
      name: a.text('name'),
      description: a.text('annotation'),
      vendor: 'VMware',
      hypervisor: 'vSphere',
      instanceId: a.text('moid'),
      cpu: a.positive('num_cpus'),
      memoryGiB: gibOfMib(a.positive('memory')),
      ipv4Private: a.text('default_ip_address'),
      ipAddresses: a.list('guest_ip_addresses'),
      providerStatus: a.text('power_state'),
      status: a.text('power_state') === 'off' ? 'STOPPED' : 'ACTIVE',
    }),
  ],
}

const gibOfMib = (mib: number | undefined) => mib && Math.round((mib / 1024) * 100) / 100

/** Google names things by their whole address, or by the end of it. */
const lastOf = (address: string | undefined) => address?.split('/').at(-1)

const labelled = (a: Attributes, name: string) => a.map('labels').find(({ key }) => key === name)?.value
