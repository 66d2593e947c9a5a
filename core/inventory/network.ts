import { Entity } from '@mikro-orm/decorators/legacy'
import type { ObjectId } from 'mongodb'
import { InputType, ObjectType, registerEnumType } from 'type-graphql'
import { Asset } from './asset.ts'
import { Fact, Item } from './facts.ts'
import { AssetKind } from './kinds.ts'
import { PlacedAsset } from './placedAsset.ts'

export enum NetworkFamily {
  NETWORK = 'NETWORK',
  SUBNET = 'SUBNET',
  PEERING = 'PEERING',
  VPN_GATEWAY = 'VPN_GATEWAY',
  INTERNET_GATEWAY = 'INTERNET_GATEWAY',
  NAT_GATEWAY = 'NAT_GATEWAY',
  ENDPOINT = 'ENDPOINT',
  ROUTE_TABLE = 'ROUTE_TABLE',
  INTERFACE = 'INTERFACE',
  PUBLIC_ADDRESS = 'PUBLIC_ADDRESS',
  ACCESS_LIST = 'ACCESS_LIST',
  SECURITY_GROUP = 'SECURITY_GROUP',
  FIREWALL = 'FIREWALL',
}
registerEnumType(NetworkFamily, {
  name: 'NetworkFamily',
  description: 'What a piece of network is, in words that are the same for every provider.',
  valuesConfig: {
    NETWORK: { description: 'A network of its own: VPC, virtual network.' },
    SUBNET: { description: 'A part of a network.' },
    PEERING: { description: 'A way between two networks.' },
    VPN_GATEWAY: { description: 'A way to a network elsewhere.' },
    INTERNET_GATEWAY: { description: 'A way to the internet, both directions.' },
    NAT_GATEWAY: { description: 'A way to the internet, outwards only.' },
    ENDPOINT: { description: "A private way to a provider's service." },
    ROUTE_TABLE: { description: 'Where packets go.' },
    INTERFACE: { description: 'A network card or port.' },
    PUBLIC_ADDRESS: { description: 'A reserved address on the internet.' },
    ACCESS_LIST: { description: 'Rules for a subnet.' },
    SECURITY_GROUP: { description: 'Rules for interfaces.' },
    FIREWALL: { description: 'Rules for a network.' },
  },
})

@ObjectType({ description: 'What is let in or out.' })
@InputType('NetworkRuleInput', { description: 'What is let in or out.' })
export class NetworkRule {
  @Item({ type: 'TEXT', label: 'Direction', description: 'in or out.' })
  direction?: string

  @Item({ type: 'TEXT', label: 'Action', description: 'allow or deny.' })
  action?: string

  @Item({ type: 'TEXT', suggest: 'PROTOCOL', label: 'Protocol', description: 'Such as tcp.' })
  protocol?: string

  @Item({ type: 'NUMBER', label: 'From port', description: 'First port.' })
  fromPort?: number

  @Item({ type: 'NUMBER', label: 'To port', description: 'Last port.' })
  toPort?: number

  @Item({ type: 'TEXT', label: 'Peer', description: 'Addresses or group at the other end.' })
  peer?: string

  @Item({ type: 'TEXT', label: 'Description', description: 'What for.' })
  description?: string
}

@ObjectType({ description: 'Where packets for a destination go.' })
@InputType('RouteInput', { description: 'Where packets for a destination go.' })
export class Route {
  @Item({ type: 'TEXT', label: 'Destination', description: 'Addresses.', required: true })
  destination!: string

  @Item({ type: 'TEXT', label: 'Target', description: 'Gateway, interface or other.' })
  target?: string

  @Item({ type: 'TEXT', label: 'State', description: "In the provider's words." })
  state?: string
}

@AssetKind({
  kind: 'NETWORK',
  plural: 'networks',
  description: 'A network, or a piece of one: subnet, gateway, route table, interface, rules.',
})
@ObjectType({
  implements: [Asset, PlacedAsset],
  description: 'A network, or a piece of one: subnet, gateway, route table, interface, rules.',
})
@Entity({ discriminatorValue: 'NETWORK' })
export class Network extends PlacedAsset {
  @Fact({
    type: 'ENUM',
    values: NetworkFamily,
    fallback: NetworkFamily.NETWORK,
    required: true,
    label: 'Family',
    description: 'What piece of network it is.',
    group: 'Network',
  })
  family!: NetworkFamily

  @Fact({
    type: 'REFERENCE',
    target: 'NETWORK',
    relation: 'PART_OF',
    label: 'Part of',
    description: 'The network that it is a part of.',
    group: 'Network',
  })
  parent?: ObjectId

  @Fact({
    type: 'LIST',
    identifying: true,
    label: 'Address ranges',
    description: 'Ranges in CIDR notation, such as 10.0.0.0/16.',
    group: 'Network',
  })
  cidrs!: string[]

  @Fact({
    type: 'LIST',
    identifying: true,
    label: 'Addresses',
    description: 'Addresses, IPv4 and IPv6.',
    group: 'Network',
  })
  ipAddresses!: string[]

  @Fact({
    type: 'LIST',
    identifying: true,
    label: 'MAC addresses',
    description: 'Hardware addresses.',
    group: 'Network',
  })
  macAddresses!: string[]

  @Fact({ type: 'TEXT', label: 'Gateway', description: 'Address of the gateway.', group: 'Network' })
  gateway?: string

  @Fact({
    type: 'LIST',
    label: 'Name servers',
    description: 'Addresses of the name servers.',
    group: 'Network',
  })
  dnsServers!: string[]

  @Fact({
    type: 'NUMBER',
    writable: false,
    label: 'Free addresses',
    description: 'How many addresses are free.',
    group: 'Network',
  })
  availableAddresses?: number

  @Fact({
    type: 'BOOLEAN',
    label: 'Default',
    description: "Whether it is the provider's default.",
    group: 'Network',
  })
  isDefault?: boolean

  @Fact({
    type: 'OBJECTS',
    items: () => NetworkRule,
    label: 'Rules',
    description: 'What is let in and out.',
    group: 'Rules',
  })
  rules!: NetworkRule[]

  @Fact({
    type: 'OBJECTS',
    items: () => Route,
    label: 'Routes',
    description: 'Where packets go.',
    group: 'Routes',
  })
  routes!: Route[]

  @Fact({
    type: 'TEXT',
    writable: false,
    label: 'Owner',
    description: 'Account that owns it.',
    group: 'Provider',
  })
  ownerAccount?: string
}
