import {
  DescribeNetworkAclsCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  type NetworkAcl,
  type NetworkAclEntry,
  paginateDescribeNetworkAcls,
  paginateDescribeSecurityGroups,
  type SecurityGroup,
} from '@aws-sdk/client-ec2'
import { NetworkFamily, type NetworkRule } from '../../inventory/network.ts'
import type { Observation } from '../crawler.ts'
import { ec2Resource, required } from './ec2Resource.ts'
import { extrasOf } from './extras.ts'
import { basics, connectedTo, everyMinutes, kind, refTo } from './networks.ts'

export const securityGroups = ec2Resource(
  { name: 'security-groups', label: 'security groups', kind, after: ['vpcs'], everyMinutes: 6 * 60 },
  {
    action: 'DescribeSecurityGroups',
    ask: (client, input, abortSignal) =>
      client.send(new DescribeSecurityGroupsCommand(input), { abortSignal }),
    paginate: paginateDescribeSecurityGroups,
    pageSize: 1000,
    input: {},
    records: (page) => page.SecurityGroups,
    idOf: (group) => group.GroupId,
    translate: translateSecurityGroup,
  },
)

export function translateSecurityGroup(group: SecurityGroup, region: string): Observation {
  const id = required(group.GroupId, 'GroupId')
  const own = basics(id, region, NetworkFamily.SECURITY_GROUP, group.Tags)
  return {
    externalId: id,
    values: {
      ...own,
      name: own.name === id ? (group.GroupName ?? id) : own.name,
      description: group.Description || undefined,
      parent: refTo('vpcs', group.VpcId),
      isDefault: group.GroupName === 'default',
      ownerAccount: group.OwnerId,
      rules: sorted([
        ...(group.IpPermissions ?? []).flatMap((permission) => rulesOf('in', permission)),
        ...(group.IpPermissionsEgress ?? []).flatMap((permission) => rulesOf('out', permission)),
      ]),
      extras: extrasOf({ 'group name': group.GroupName }),
    },
  }
}

/** Groups only have rules that let something through, one for each peer here. */
function rulesOf(direction: string, permission: IpPermission): NetworkRule[] {
  const { IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs } = permission
  const peers = [
    ...(IpRanges ?? []).map(({ CidrIp, Description }) => [CidrIp, Description]),
    ...(Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => [CidrIpv6, Description]),
    ...(PrefixListIds ?? []).map(({ PrefixListId, Description }) => [PrefixListId, Description]),
    ...(UserIdGroupPairs ?? []).map(({ GroupId, Description }) => [GroupId, Description]),
  ]
  return peers.map(([peer, description]) => ({
    direction,
    action: 'allow',
    protocol: protocolOf(IpProtocol),
    ...(FromPort !== undefined && FromPort >= 0 && { fromPort: FromPort }),
    ...(ToPort !== undefined && ToPort >= 0 && { toPort: ToPort }),
    ...(peer && { peer }),
    ...(description && { description }),
  }))
}

export const networkAcls = ec2Resource(
  { name: 'network-acls', label: 'network ACLs', kind, after: ['vpcs', 'subnets'], everyMinutes },
  {
    action: 'DescribeNetworkAcls',
    ask: (client, input, abortSignal) => client.send(new DescribeNetworkAclsCommand(input), { abortSignal }),
    paginate: paginateDescribeNetworkAcls,
    pageSize: 1000,
    input: {},
    records: (page) => page.NetworkAcls,
    idOf: (list) => list.NetworkAclId,
    translate: translateNetworkAcl,
  },
)

export function translateNetworkAcl(list: NetworkAcl, region: string): Observation {
  const id = required(list.NetworkAclId, 'NetworkAclId')
  return {
    externalId: id,
    values: {
      ...basics(id, region, NetworkFamily.ACCESS_LIST, list.Tags),
      parent: refTo('vpcs', list.VpcId),
      isDefault: list.IsDefault,
      ownerAccount: list.OwnerId,
      // The first that fits decides, so they stay in the order of their numbers.
      rules: (list.Entries ?? [])
        .toSorted((a, b) => Number(a.Egress) - Number(b.Egress) || (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0))
        .map(entryOf),
    },
    relations: connectedTo(
      'subnets',
      (list.Associations ?? []).map(({ SubnetId }) => SubnetId),
    ),
  }
}

/** The number of the rule that ends every list is 32767. */
const entryOf = ({
  Egress,
  RuleAction,
  Protocol,
  PortRange,
  RuleNumber,
  ...entry
}: NetworkAclEntry): NetworkRule => ({
  direction: Egress ? 'out' : 'in',
  action: RuleAction,
  protocol: protocolOf(Protocol),
  ...(PortRange?.From !== undefined && { fromPort: PortRange.From }),
  ...(PortRange?.To !== undefined && { toPort: PortRange.To }),
  peer: entry.CidrBlock ?? entry.Ipv6CidrBlock,
  description: RuleNumber === 32767 ? 'default' : `rule ${RuleNumber}`,
})

/** Numbers of IANA's list of protocols, as far as people write them in rules. */
const protocols: Record<string, string> = {
  '-1': 'any',
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'icmpv6',
}
const protocolOf = (word: string | undefined) => (word === undefined ? undefined : (protocols[word] ?? word))

const sorted = (rules: NetworkRule[]) =>
  rules.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
