import { idFrom, placesOf } from './places.ts'
import { type Made, type Survey, tagSet } from './survey.ts'

/** The cards of the instances, and those that gateways and endpoints made for themselves. */
export const networkInterfaces = (there: Survey): Made => [
  ...there.instances.flatMap((instance) =>
    instance.interfaces.map((card, index): Made[number] => [
      card.id,
      {
        networkInterfaceId: card.id,
        subnetId: instance.subnetId,
        vpcId: instance.vpcId,
        availabilityZone: instance.zone,
        description: card.description,
        ownerId: there.account,
        requesterManaged: false,
        status: 'in-use',
        macAddress: card.mac,
        privateIpAddress: card.privateIp,
        sourceDestCheck: true,
        groupSet: instance.groups.map(({ id, name }) => ({ groupId: id, groupName: name })),
        attachment: {
          attachmentId: card.attachmentId,
          instanceId: instance.instanceId,
          instanceOwnerId: there.account,
          deviceIndex: index,
          status: 'attached',
          attachTime: instance.launchTime,
          deleteOnTermination: true,
        },
        association: instance.publicIp ? { publicIp: instance.publicIp, ipOwnerId: 'amazon' } : null,
        tagSet: [],
        privateIpAddressesSet: [{ privateIpAddress: card.privateIp, primary: true }],
        ipv6AddressesSet: instance.ipv6 ? [{ ipv6Address: instance.ipv6 }] : null,
        interfaceType: 'interface',
      },
    ]),
  ),
  ...placesOf(there)
    .filter(({ isDefault }) => !isDefault)
    .flatMap(({ vpcId, subnets }) => [
      managed(there, idFrom('eni', vpcId, 'nat'), vpcId, subnets[0]!, 'nat_gateway'),
      ...subnets.map((subnet) =>
        managed(there, idFrom('eni', subnet.subnetId, 'secrets'), vpcId, subnet, 'vpc_endpoint'),
      ),
    ]),
]

function managed(
  { account }: Survey,
  id: string,
  vpcId: string,
  { subnetId, zone, cidr }: { subnetId: string; zone: string; cidr: string },
  interfaceType: string,
): Made[number] {
  const address = cidr.replace(/\.\d+\/\d+$/, interfaceType === 'nat_gateway' ? '.4' : '.5')
  return [
    id,
    {
      networkInterfaceId: id,
      subnetId,
      vpcId,
      availabilityZone: zone,
      description: interfaceType === 'nat_gateway' ? 'Interface for NAT Gateway' : 'VPC Endpoint Interface',
      ownerId: account,
      requesterId: account,
      requesterManaged: true,
      status: 'in-use',
      macAddress: `06:${[2, 4, 6, 8, 10].map((at) => id.slice(at + 4, at + 6)).join(':')}`,
      privateIpAddress: address,
      sourceDestCheck: false,
      groupSet: interfaceType === 'nat_gateway' ? [] : [{ groupId: idFrom('sg', vpcId, 'default') }],
      attachment: { attachmentId: idFrom('eni-attach', id), instanceOwnerId: 'amazon', status: 'attached' },
      tagSet: interfaceType === 'nat_gateway' ? null : tagSet({ Name: 'secrets' }),
      privateIpAddressesSet: [{ privateIpAddress: address, primary: true }],
      ipv6AddressesSet: [],
      interfaceType,
    },
  ]
}
