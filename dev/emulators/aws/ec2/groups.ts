import { idFrom, placesOf } from './places.ts'
import { type Made, type Survey, tagSet } from './survey.ts'

/** Those of the instances, and the default one of each network. */
export const securityGroups = (there: Survey): Made => {
  const used = new Map<string, { name: string; vpcId: string }>()
  for (const { groups, vpcId } of there.instances)
    for (const { id, name } of groups) if (vpcId && !used.has(id)) used.set(id, { name, vpcId })
  return [
    ...[...used].map(([id, { name, vpcId }]) => group(there, id, name, vpcId)),
    ...placesOf(there).map(({ vpcId }) => group(there, idFrom('sg', vpcId, 'default'), 'default', vpcId)),
  ]
}

function group({ account, region }: Survey, id: string, name: string, vpcId: string): Made[number] {
  const isDefault = name === 'default'
  const within = {
    ipProtocol: '-1',
    groups: [{ userId: account, groupId: id }],
    ipRanges: [],
    ipv6Ranges: [],
    prefixListIds: [],
  }
  const https = {
    ipProtocol: 'tcp',
    fromPort: 443,
    toPort: 443,
    groups: [],
    ipRanges: [{ cidrIp: '10.0.0.0/8', description: 'everybody inside' }, { cidrIp: '192.168.0.0/16' }],
    ipv6Ranges: [{ cidrIpv6: '2a05:d018::/36' }],
    prefixListIds: null,
  }
  const outwards = {
    ipProtocol: '-1',
    groups: [],
    ipRanges: [{ cidrIp: '0.0.0.0/0' }],
    ipv6Ranges: [],
    prefixListIds: [],
  }
  return [
    id,
    {
      ownerId: account,
      groupId: id,
      groupName: name,
      groupDescription: isDefault ? 'default VPC security group' : `What ${name} may do`,
      vpcId,
      ipPermissions: isDefault ? [within] : [https, within],
      ipPermissionsEgress: [outwards],
      securityGroupArn: `arn:aws:ec2:${region}:${account}:security-group/${id}`,
      tagSet: isDefault ? null : tagSet({ Owner: 'platform' }),
    },
  ]
}
