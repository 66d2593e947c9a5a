import {
  DescribeNetworkInterfacesCommand,
  type NetworkInterface,
  paginateDescribeNetworkInterfaces,
} from '@aws-sdk/client-ec2'
import { NetworkFamily } from '../../inventory/network.ts'
import type { Observation } from '../crawler.ts'
import { ec2Resource, required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { basics, connectedTo, everyMinutes, kind, refTo } from './networks.ts'
import { standingOf } from './standing.ts'
import { distinct } from './tags.ts'

export const interfaces = ec2Resource(
  {
    name: 'network-interfaces',
    label: 'network interfaces',
    kind,
    after: ['subnets', 'security-groups'],
    everyMinutes,
  },
  {
    action: 'DescribeNetworkInterfaces',
    ask: (client, input, abortSignal) =>
      client.send(new DescribeNetworkInterfacesCommand(input), { abortSignal }),
    paginate: paginateDescribeNetworkInterfaces,
    pageSize: 1000,
    input: {},
    records: (page) => page.NetworkInterfaces,
    idOf: (card) => card.NetworkInterfaceId,
    translate: translateInterface,
  },
)

export function translateInterface(card: NetworkInterface, region: string): Observation {
  const id = required(card.NetworkInterfaceId, 'NetworkInterfaceId')
  const own = basics(id, region, NetworkFamily.INTERFACE, card.TagSet)
  const { status, ended } = standingOf(card.Status)
  return {
    externalId: id,
    ended,
    values: {
      ...own,
      name: own.name === id ? card.Description || id : own.name,
      description: card.Description || undefined,
      status,
      providerStatus: card.Status,
      zone: card.AvailabilityZone,
      parent: refTo('subnets', card.SubnetId) ?? refTo('vpcs', card.VpcId),
      ipAddresses: distinct([
        card.PrivateIpAddress,
        card.Association?.PublicIp,
        ...(card.PrivateIpAddresses ?? []).flatMap((one) => [
          one.PrivateIpAddress,
          one.Association?.PublicIp,
        ]),
        ...(card.Ipv6Addresses ?? []).map(({ Ipv6Address }) => Ipv6Address),
      ]),
      macAddresses: distinct([card.MacAddress?.toLowerCase()]),
      ownerAccount: card.OwnerId,
      extras: [
        ...extrasOf({
          type: card.InterfaceType,
          instance: card.Attachment?.InstanceId,
          'made by': card.RequesterId,
          'private dns': card.PrivateDnsName || undefined,
          'source and destination check': card.SourceDestCheck,
        }),
        ...extrasFor(
          'security group',
          (card.Groups ?? []).map(({ GroupId }) => GroupId),
        ),
      ],
    },
    relations: connectedTo(
      'security-groups',
      (card.Groups ?? []).map(({ GroupId }) => GroupId),
    ),
  }
}
