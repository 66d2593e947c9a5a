import {
  DescribeNatGatewaysCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  DescribeVpnGatewaysCommand,
  type DescribeVpnGatewaysCommandOutput,
  type NatGateway,
  paginateDescribeNatGateways,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcPeeringConnections,
  paginateDescribeVpcs,
  type Subnet,
  type Vpc,
  type VpcEndpoint,
  type VpcPeeringConnection,
  type VpnGateway,
} from '@aws-sdk/client-ec2'
import { AssetStatus } from '../../inventory/asset.ts'
import { NetworkFamily } from '../../inventory/network.ts'
import type { Observation, ObservedRelation, ThingRef } from '../crawler.ts'
import { ec2Resource, required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { standingOf } from './standing.ts'
import { type AwsTag, distinct, tagged, tagsOf } from './tags.ts'

/** Pieces of networks hardly change. */
export const everyMinutes = 7 * 24 * 60
export const kind = 'NETWORK'

/** Facts that all pieces of a network have. */
export function basics(
  id: string,
  region: string,
  family: NetworkFamily,
  tagList: readonly AwsTag[] | undefined,
) {
  const tags = tagsOf(tagList)
  return {
    name: tagged(tags, 'name') ?? id,
    status: AssetStatus.ACTIVE,
    environment: tagged(tags, 'environment')?.toLowerCase(),
    tags,
    region,
    providerId: id,
    family,
  }
}

export const refTo = (resource: string, id: string | undefined): ThingRef | undefined =>
  id ? { resource, externalId: id } : undefined

/** One for each id, sorted, so that the order of an answer is no change. */
export const connectedTo = (resource: string, ids: readonly (string | undefined)[]): ObservedRelation[] =>
  distinct(ids).map((externalId) => ({ kind: 'CONNECTED_TO', to: { resource, externalId } }))

export const vpcs = ec2Resource(
  { name: 'vpcs', label: 'VPCs', kind, everyMinutes },
  {
    action: 'DescribeVpcs',
    ask: (client, input, abortSignal) => client.send(new DescribeVpcsCommand(input), { abortSignal }),
    paginate: paginateDescribeVpcs,
    pageSize: 1000,
    input: {},
    records: (page) => page.Vpcs,
    idOf: (vpc) => vpc.VpcId,
    translate: translateVpc,
  },
)

export function translateVpc(vpc: Vpc, region: string): Observation {
  const id = required(vpc.VpcId, 'VpcId')
  const { status, ended } = standingOf(vpc.State)
  return {
    externalId: id,
    ended,
    values: {
      ...basics(id, region, NetworkFamily.NETWORK, vpc.Tags),
      status,
      providerStatus: vpc.State,
      cidrs: distinct([
        vpc.CidrBlock,
        ...(vpc.CidrBlockAssociationSet ?? []).map(({ CidrBlock }) => CidrBlock),
        ...(vpc.Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
      ]),
      isDefault: vpc.IsDefault,
      ownerAccount: vpc.OwnerId,
      extras: extrasOf({ tenancy: vpc.InstanceTenancy, 'dhcp options': vpc.DhcpOptionsId }),
    },
  }
}

export const subnets = ec2Resource(
  { name: 'subnets', label: 'subnets', kind, after: ['vpcs'], everyMinutes },
  {
    action: 'DescribeSubnets',
    ask: (client, input, abortSignal) => client.send(new DescribeSubnetsCommand(input), { abortSignal }),
    paginate: paginateDescribeSubnets,
    pageSize: 1000,
    input: {},
    records: (page) => page.Subnets,
    idOf: (subnet) => subnet.SubnetId,
    translate: translateSubnet,
  },
)

export function translateSubnet(subnet: Subnet, region: string): Observation {
  const id = required(subnet.SubnetId, 'SubnetId')
  const { status, ended } = standingOf(subnet.State)
  return {
    externalId: id,
    ended,
    values: {
      ...basics(id, region, NetworkFamily.SUBNET, subnet.Tags),
      status,
      providerStatus: subnet.State,
      zone: subnet.AvailabilityZone,
      parent: refTo('vpcs', subnet.VpcId),
      cidrs: distinct([
        subnet.CidrBlock,
        ...(subnet.Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
      ]),
      availableAddresses: subnet.AvailableIpAddressCount,
      isDefault: subnet.DefaultForAz,
      ownerAccount: subnet.OwnerId,
      extras: extrasOf({
        'public addresses at launch': subnet.MapPublicIpOnLaunch,
        outpost: subnet.OutpostArn,
      }),
    },
  }
}

/** A way between two networks is part of neither; it is connected to both, as far as they are of this account. */
export const peerings = ec2Resource(
  { name: 'peerings', label: 'peerings', kind, after: ['vpcs'], everyMinutes },
  {
    action: 'DescribeVpcPeeringConnections',
    ask: (client, input, abortSignal) =>
      client.send(new DescribeVpcPeeringConnectionsCommand(input), { abortSignal }),
    paginate: paginateDescribeVpcPeeringConnections,
    pageSize: 1000,
    input: {},
    records: (page) => page.VpcPeeringConnections,
    idOf: (peering) => peering.VpcPeeringConnectionId,
    translate: translatePeering,
  },
)

export function translatePeering(peering: VpcPeeringConnection, region: string): Observation {
  const id = required(peering.VpcPeeringConnectionId, 'VpcPeeringConnectionId')
  const word = peering.Status?.Code
  const { status, ended } = standingOf(word, 'failed')
  const { RequesterVpcInfo: requester, AccepterVpcInfo: accepter } = peering
  return {
    externalId: id,
    ended,
    values: {
      ...basics(id, region, NetworkFamily.PEERING, peering.Tags),
      status,
      providerStatus: word,
      ownerAccount: requester?.OwnerId,
      cidrs: distinct([requester?.CidrBlock, accepter?.CidrBlock]),
      extras: extrasOf({
        requester: requester?.VpcId,
        'requester account': requester?.OwnerId,
        'requester region': requester?.Region,
        accepter: accepter?.VpcId,
        'accepter account': accepter?.OwnerId,
        'accepter region': accepter?.Region,
        expires: peering.ExpirationTime,
        message: peering.Status?.Message,
      }),
    },
    relations: connectedTo('vpcs', [requester?.VpcId, accepter?.VpcId]),
  }
}

/** The one listing of EC2 without pages. */
export const vpnGateways = ec2Resource(
  { name: 'vpn-gateways', label: 'VPN gateways', kind, after: ['vpcs'], everyMinutes },
  {
    action: 'DescribeVpnGateways',
    ask: (client, input, abortSignal) => client.send(new DescribeVpnGatewaysCommand(input), { abortSignal }),
    async *paginate({ client }, input, options): AsyncGenerator<DescribeVpnGatewaysCommandOutput> {
      yield await client.send(new DescribeVpnGatewaysCommand(input), options)
    },
    pageSize: 1000,
    input: {},
    records: (page) => page.VpnGateways,
    idOf: (gateway) => gateway.VpnGatewayId,
    translate: translateVpnGateway,
  },
)

export function translateVpnGateway(gateway: VpnGateway, region: string): Observation {
  const id = required(gateway.VpnGatewayId, 'VpnGatewayId')
  const { status, ended } = standingOf(gateway.State)
  const attached = (gateway.VpcAttachments ?? []).filter(({ State }) => State !== 'detached')
  return {
    externalId: id,
    ended,
    values: {
      ...basics(id, region, NetworkFamily.VPN_GATEWAY, gateway.Tags),
      status,
      providerStatus: gateway.State,
      zone: gateway.AvailabilityZone || undefined,
      parent: refTo('vpcs', attached[0]?.VpcId),
      extras: extrasOf({ type: gateway.Type, asn: gateway.AmazonSideAsn }),
    },
  }
}

export const natGateways = ec2Resource(
  { name: 'nat-gateways', label: 'NAT gateways', kind, after: ['subnets'], everyMinutes },
  {
    action: 'DescribeNatGateways',
    ask: (client, input, abortSignal) => client.send(new DescribeNatGatewaysCommand(input), { abortSignal }),
    paginate: paginateDescribeNatGateways,
    pageSize: 1000,
    input: {},
    records: (page) => page.NatGateways,
    idOf: (gateway) => gateway.NatGatewayId,
    translate: translateNatGateway,
  },
)

export function translateNatGateway(gateway: NatGateway, region: string): Observation {
  const id = required(gateway.NatGatewayId, 'NatGatewayId')
  const { status, ended } = standingOf(gateway.State, 'failed')
  const addresses = gateway.NatGatewayAddresses ?? []
  return {
    externalId: id,
    ended,
    values: {
      ...basics(id, region, NetworkFamily.NAT_GATEWAY, gateway.Tags),
      status,
      providerStatus: gateway.State,
      parent: refTo('subnets', gateway.SubnetId) ?? refTo('vpcs', gateway.VpcId),
      ipAddresses: distinct(addresses.flatMap(({ PrivateIp, PublicIp }) => [PrivateIp, PublicIp])),
      extras: [
        ...extrasOf({
          connectivity: gateway.ConnectivityType,
          'failure code': gateway.FailureCode,
          'failure message': gateway.FailureMessage,
        }),
        ...extrasFor(
          'interface',
          addresses.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
        ),
      ],
    },
  }
}

export const endpoints = ec2Resource(
  { name: 'vpc-endpoints', label: 'VPC endpoints', kind, after: ['vpcs', 'subnets'], everyMinutes },
  {
    action: 'DescribeVpcEndpoints',
    ask: (client, input, abortSignal) => client.send(new DescribeVpcEndpointsCommand(input), { abortSignal }),
    paginate: paginateDescribeVpcEndpoints,
    pageSize: 1000,
    input: {},
    records: (page) => page.VpcEndpoints,
    idOf: (endpoint) => endpoint.VpcEndpointId,
    translate: translateEndpoint,
  },
)

export function translateEndpoint(endpoint: VpcEndpoint, region: string): Observation {
  const id = required(endpoint.VpcEndpointId, 'VpcEndpointId')
  const { status, ended } = standingOf(endpoint.State, 'failed')
  return {
    externalId: id,
    ended,
    values: {
      ...basics(id, region, NetworkFamily.ENDPOINT, endpoint.Tags),
      status,
      providerStatus: endpoint.State,
      parent: refTo('vpcs', endpoint.VpcId),
      ownerAccount: endpoint.OwnerId,
      extras: [
        ...extrasOf({
          service: endpoint.ServiceName,
          type: endpoint.VpcEndpointType,
          'private dns': endpoint.PrivateDnsEnabled,
        }),
        ...extrasFor(
          'dns name',
          (endpoint.DnsEntries ?? []).map(({ DnsName }) => DnsName),
        ),
        ...extrasFor('route table', endpoint.RouteTableIds ?? []),
      ],
    },
    relations: [
      ...connectedTo('subnets', endpoint.SubnetIds ?? []),
      ...connectedTo(
        'security-groups',
        (endpoint.Groups ?? []).map(({ GroupId }) => GroupId),
      ),
    ],
  }
}
