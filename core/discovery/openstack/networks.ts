import { AssetStatus } from '../../inventory/asset.ts'
import { NetworkFamily, type NetworkRule } from '../../inventory/network.ts'
import type { Observation, ThingRef } from '../crawler.ts'
import { addressesOf } from './ports.ts'
import { standingOf } from './status.ts'
import { distinct, extrasOf, tagsOf, type Thing } from './thing.ts'

/** Facts that all pieces of a network have. */
const basics = (thing: Thing, region: string, family: NetworkFamily, fallbackName?: string) => ({
  name: thing.text('name') ?? fallbackName ?? thing.id,
  description: thing.text('description'),
  tags: tagsOf(thing),
  region,
  providerId: thing.id,
  family,
  ownerAccount: thing.text('project_id') ?? thing.text('tenant_id'),
})

/** A piece that is switched off by its owner is stopped, whatever the cloud says. */
function health(thing: Thing) {
  const word = thing.text('status')
  const { status } = standingOf(word)
  return {
    status: thing.flag('admin_state_up') === false ? AssetStatus.STOPPED : status,
    providerStatus: word,
  }
}

const network = (id: string | undefined): ThingRef | undefined =>
  id ? { resource: 'networks', externalId: id } : undefined

export const translateNetwork = (thing: Thing, region: string): Observation => ({
  externalId: thing.id,
  values: {
    ...basics(thing, region, NetworkFamily.NETWORK),
    ...health(thing),
    zone: thing.texts('availability_zones').join(', ') || undefined,
    isDefault: thing.flag('is_default'),
    extras: extrasOf(thing, {
      'router:external': 'external',
      shared: 'shared',
      mtu: 'mtu',
      'provider:network_type': 'type',
      'provider:physical_network': 'physical network',
      'provider:segmentation_id': 'segment',
      dns_domain: 'dns domain',
    }),
  },
})

export const translateSubnet = (thing: Thing, region: string): Observation => ({
  externalId: thing.id,
  values: {
    ...basics(thing, region, NetworkFamily.SUBNET, thing.text('cidr')),
    status: AssetStatus.ACTIVE,
    parent: network(thing.text('network_id')),
    cidrs: distinct([thing.text('cidr')]),
    gateway: thing.text('gateway_ip'),
    dnsServers: thing.texts('dns_nameservers'),
    routes: routesOf(thing, 'host_routes'),
    extras: [
      ...extrasOf(thing, { ip_version: 'ip version', enable_dhcp: 'dhcp', ipv6_address_mode: 'ipv6 mode' }),
      ...thing.parts('allocation_pools').map((pool) => ({
        key: 'pool',
        value: `${pool.text('start')} – ${pool.text('end')}`,
      })),
    ],
  },
})

export function translatePort(thing: Thing, region: string): Observation {
  const addresses = addressesOf(thing)
  const subnetId = addresses[0]?.subnetId
  return {
    externalId: thing.id,
    values: {
      ...basics(thing, region, NetworkFamily.INTERFACE, addresses[0]?.ip),
      ...health(thing),
      parent: subnetId ? { resource: 'subnets', externalId: subnetId } : network(thing.text('network_id')),
      ipAddresses: addresses.map(({ ip }) => ip),
      macAddresses: distinct([thing.text('mac_address')?.toLowerCase()]),
      extras: [
        ...extrasOf(thing, { device_owner: 'device owner', device_id: 'device', dns_name: 'dns name' }),
        ...thing.texts('security_groups').map((value) => ({ key: 'security group', value })),
      ],
    },
  }
}

/** A router is part of the network outside that it leads to. */
export function translateRouter(thing: Thing, region: string): Observation {
  const gateway = thing.part('external_gateway_info')
  return {
    externalId: thing.id,
    values: {
      ...basics(thing, region, NetworkFamily.ROUTE_TABLE),
      ...health(thing),
      zone: thing.texts('availability_zones').join(', ') || undefined,
      parent: network(gateway?.text('network_id')),
      ipAddresses: gateway ? addressesOf(gateway, 'external_fixed_ips').map(({ ip }) => ip) : [],
      routes: routesOf(thing, 'routes'),
      extras: [
        ...extrasOf(thing, { distributed: 'distributed', ha: 'ha', flavor_id: 'flavor' }),
        ...(gateway ? extrasOf(gateway, { enable_snat: 'snat' }) : []),
      ],
    },
  }
}

const routesOf = (thing: Thing, list: string) =>
  thing
    .parts(list)
    .flatMap((route) => {
      const destination = route.text('destination')
      return destination ? [{ destination, target: route.text('nexthop') }] : []
    })
    .sort((a, b) => (a.destination < b.destination ? -1 : 1))

export const translateSecurityGroup = (thing: Thing, region: string): Observation => ({
  externalId: thing.id,
  values: {
    ...basics(thing, region, NetworkFamily.SECURITY_GROUP),
    status: AssetStatus.ACTIVE,
    isDefault: thing.text('name') === 'default',
    rules: thing
      .parts('security_group_rules')
      .map(ruleOf)
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    extras: extrasOf(thing, { stateful: 'stateful', shared: 'shared' }),
  },
})

/** OpenStack only has rules that let something through. */
const ruleOf = (rule: Thing): NetworkRule => ({
  direction: rule.text('direction') === 'egress' ? 'out' : 'in',
  action: 'allow',
  protocol: rule.text('protocol') ?? 'any',
  ...range(rule),
  peer:
    rule.text('remote_ip_prefix') ??
    rule.text('remote_group_id') ??
    rule.text('remote_address_group_id') ??
    (rule.text('ethertype') === 'IPv6' ? '::/0' : '0.0.0.0/0'),
  ...(rule.text('description') && { description: rule.text('description')! }),
})

function range(rule: Thing) {
  const [fromPort, toPort] = [rule.number('port_range_min'), rule.number('port_range_max')]
  return { ...(fromPort !== undefined && { fromPort }), ...(toPort !== undefined && { toPort }) }
}
