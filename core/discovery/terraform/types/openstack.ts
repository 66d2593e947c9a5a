import { connectedTo, found, ref, type Types } from '../found.ts'

/** Types of the provider terraform-provider-openstack/openstack. */
export const openstackTypes: Types = {
  openstack_compute_instance_v2: (a) => {
    const ports = a.blocks('network')
    const metadata = a.map('all_metadata').length ? a.map('all_metadata') : a.map('metadata')
    const said = (name: string) => metadata.find(({ key }) => key.toLowerCase() === name)?.value || undefined
    return [
      found(
        'servers',
        a.text('id'),
        {
          name: a.text('name'),
          tags: metadata,
          environment: said('environment')?.toLowerCase(),
          role: said('role'),
          region: a.text('region'),
          zone: a.text('availability_zone'),
          vendor: 'OpenStack',
          instanceId: a.text('id'),
          instanceType: a.text('flavor_name'),
          imageId: a.text('image_id'),
          keyName: a.text('key_pair'),
          providerStatus: a.text('power_state'),
          status: a.text('power_state') === 'shutoff' ? 'STOPPED' : 'ACTIVE',
          ipv4Private: a.text('access_ip_v4') ?? ports[0]?.text('fixed_ip_v4'),
          ipAddresses: ports
            .flatMap((port) => [port.text('fixed_ip_v4'), port.text('fixed_ip_v6')?.replace(/^\[|\]$/g, '')])
            .filter((address) => address !== undefined)
            .sort(),
          macAddresses: ports
            .map((port) => port.text('mac'))
            .filter((address) => address !== undefined)
            .sort(),
          securityGroups: a.list('security_groups'),
        },
        connectedTo(ports.map((port) => port.text('uuid'))),
      ),
    ]
  },
  openstack_blockstorage_volume_v2: volume,
  openstack_blockstorage_volume_v3: volume,
  openstack_images_image_v2: (a) => [
    found('images', a.text('id'), {
      name: a.text('name'),
      region: a.text('region'),
      minDiskGiB: a.positive('min_disk_gb'),
      providerStatus: a.text('status'),
      public: a.text('visibility') === 'public',
    }),
  ],
  openstack_networking_network_v2: (a) => [
    found('networks', a.text('id'), {
      name: a.text('name'),
      family: 'NETWORK',
      description: a.text('description'),
      region: a.text('region'),
    }),
  ],
  openstack_networking_subnet_v2: (a) => [
    found('networks', a.text('id'), {
      name: a.text('name'),
      family: 'SUBNET',
      description: a.text('description'),
      region: a.text('region'),
      parent: ref('networks', a.text('network_id')),
      cidrs: [a.text('cidr')].filter((range) => range !== undefined),
      gateway: a.text('gateway_ip'),
      dnsServers: a.list('dns_nameservers'),
    }),
  ],
  openstack_networking_secgroup_v2: (a) => [
    found('networks', a.text('id'), {
      name: a.text('name'),
      family: 'SECURITY_GROUP',
      description: a.text('description'),
      region: a.text('region'),
    }),
  ],
  openstack_lb_loadbalancer_v2: (a) => [
    found(
      'apps',
      a.text('id'),
      {
        name: a.text('name'),
        description: a.text('description'),
        region: a.text('region'),
        family: 'LOAD_BALANCER',
        product: 'Octavia',
        managed: true,
        endpoint: a.text('vip_address'),
      },
      connectedTo([a.text('vip_subnet_id')]),
    ),
  ],
}

function volume(a: Parameters<Types[string]>[0]) {
  return [
    found('volumes', a.text('id'), {
      name: a.text('name'),
      description: a.text('description'),
      tags: a.map('metadata'),
      region: a.text('region'),
      zone: a.text('availability_zone'),
      sizeGiB: a.positive('size'),
      volumeType: a.text('volume_type'),
      sourceSnapshotId: a.text('snapshot_id'),
      server: ref('servers', a.block('attachment').text('instance_id')),
      device: a.block('attachment').text('device'),
    }),
  ]
}
