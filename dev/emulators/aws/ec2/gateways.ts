import { idFrom, type Place, placesOf } from './places.ts'
import { type Made, type Survey, tagSet } from './survey.ts'

const livedIn = (there: Survey) => placesOf(there).filter(({ isDefault }) => !isDefault)

export const natGateways = (there: Survey): Made =>
  livedIn(there).map(({ vpcId, subnets }) => {
    const natGatewayId = idFrom('nat', vpcId)
    return [
      natGatewayId,
      {
        natGatewayId,
        subnetId: subnets[0]!.subnetId,
        vpcId,
        state: 'available',
        createTime: '2024-03-01T08:00:00.000Z',
        natGatewayAddressSet: [
          {
            allocationId: idFrom('eipalloc', vpcId),
            networkInterfaceId: idFrom('eni', vpcId, 'nat'),
            privateIp: firstAddress(subnets[0]!.cidr),
            publicIp: `52.30.${parseInt(vpcId.slice(-2), 16)}.7`,
            status: 'succeeded',
            isPrimary: true,
          },
        ],
        connectivityType: 'public',
        tagSet: tagSet({ Name: 'way-out' }),
      },
    ]
  })

/** One for the first network, and one that is attached to none. */
export const vpnGateways = (there: Survey): Made => {
  const [first] = livedIn(there)
  if (!first) return []
  const gateway = (id: string, attachments: object[] | null): Made[number] =>
    [
      id,
      {
        vpnGatewayId: id,
        state: 'available',
        type: 'ipsec.1',
        availabilityZone: '',
        attachments,
        tagSet: attachments ? tagSet({ Name: 'office' }) : [],
        amazonSideAsn: 64512,
      },
    ] as Made[number]
  return [
    gateway(idFrom('vgw', first.vpcId), [{ vpcId: first.vpcId, state: 'attached' }]),
    gateway(idFrom('vgw', there.region, 'spare'), null),
  ]
}

/** Between the first two networks, and from the first to somebody else's, who has not answered. */
export const peerings = (there: Survey): Made => {
  const [first, second] = livedIn(there)
  if (!first) return []
  const side = ({ vpcId, cidrs }: Place) => ({
    ownerId: there.account,
    vpcId,
    cidrBlock: cidrs[0],
    cidrBlockSet: cidrs.map((cidrBlock) => ({ cidrBlock })),
    region: there.region,
    peeringOptions: { allowDnsResolutionFromRemoteVpc: false },
  })
  const peering = (id: string, accepter: object, status: object, more: object = {}) =>
    [
      id,
      {
        accepterVpcInfo: accepter,
        requesterVpcInfo: side(first),
        status,
        tagSet: [],
        vpcPeeringConnectionId: id,
        ...more,
      },
    ] as unknown as Made[number]
  return [
    ...(second
      ? [peering(idFrom('pcx', first.vpcId), side(second), { code: 'active', message: 'Active' })]
      : []),
    peering(
      idFrom('pcx', first.vpcId, 'stranger'),
      { ownerId: '999999999999', vpcId: idFrom('vpc', 'stranger'), region: 'us-west-2' },
      { code: 'pending-acceptance', message: 'Pending Acceptance by 999999999999' },
      { expirationTime: '2027-01-01T00:00:00.000Z' },
    ),
  ]
}

/** To S3 by the route tables, and to the secrets by interfaces in the subnets. */
export const endpoints = (there: Survey): Made =>
  livedIn(there).flatMap(({ vpcId, subnets }) => {
    const endpoint = (name: string, more: object): Made[number] => {
      const vpcEndpointId = idFrom('vpce', vpcId, name)
      return [
        vpcEndpointId,
        {
          vpcEndpointId,
          vpcId,
          serviceName: `com.amazonaws.${there.region}.${name}`,
          state: 'available',
          policyDocument: '{"Statement":[{"Action":"*","Effect":"Allow","Resource":"*","Principal":"*"}]}',
          requesterManaged: false,
          creationTimestamp: '2024-03-01T08:00:00.000Z',
          ownerId: there.account,
          ...more,
        },
      ] as Made[number]
    }
    return [
      endpoint('s3', {
        vpcEndpointType: 'Gateway',
        routeTableIdSet: [idFrom('rtb', vpcId, 'private')],
        subnetIdSet: [],
        groupSet: null,
        privateDnsEnabled: false,
        dnsEntrySet: [],
        networkInterfaceIdSet: [],
        tagSet: null,
      }),
      endpoint('secretsmanager', {
        vpcEndpointType: 'Interface',
        routeTableIdSet: null,
        subnetIdSet: subnets.map(({ subnetId }) => subnetId),
        groupSet: [{ groupId: idFrom('sg', vpcId, 'default'), groupName: 'default' }],
        privateDnsEnabled: true,
        dnsEntrySet: [
          { dnsName: `secretsmanager.${there.region}.amazonaws.com`, hostedZoneId: 'ZONEIDPENDING' },
        ],
        networkInterfaceIdSet: subnets.map(({ subnetId }) => idFrom('eni', subnetId, 'secrets')),
        tagSet: tagSet({ Name: 'secrets' }),
      }),
    ]
  })

const firstAddress = (cidr: string) => cidr.replace(/\.\d+\/\d+$/, '.4')
