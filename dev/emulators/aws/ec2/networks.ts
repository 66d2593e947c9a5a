import { zoneId } from '../catalogue.ts'
import { idFrom, placesOf } from './places.ts'
import { type Made, type Survey, tagSet } from './survey.ts'

export const vpcs = (there: Survey): Made =>
  placesOf(there).map(({ vpcId, cidrs, isDefault }, index) => [
    vpcId,
    {
      vpcId,
      ownerId: there.account,
      state: 'available',
      cidrBlock: cidrs[0],
      cidrBlockAssociationSet: cidrs.map((cidrBlock) => ({
        associationId: idFrom('vpc-cidr-assoc', vpcId, cidrBlock),
        cidrBlock,
        cidrBlockState: { state: 'associated' },
      })),
      ipv6CidrBlockAssociationSet: isDefault
        ? null
        : [
            {
              associationId: idFrom('vpc-cidr-assoc', vpcId, 6),
              ipv6CidrBlock: `2a05:d018:${index + 1}00::/56`,
              ipv6CidrBlockState: { state: 'associated' },
              networkBorderGroup: there.region,
            },
          ],
      dhcpOptionsId: idFrom('dopt', there.account, there.region),
      instanceTenancy: 'default',
      isDefault,
      tagSet: isDefault ? [] : tagSet({ Name: `network-${index + 1}`, Environment: 'Production' }),
    },
  ])

/** Four addresses and the broadcast address of a subnet are the provider's. */
export const subnets = (there: Survey): Made =>
  placesOf(there).flatMap(({ vpcId, isDefault, subnets }) =>
    subnets.map(({ subnetId, zone, cidr, used }): Made[number] => [
      subnetId,
      {
        availabilityZone: zone,
        availabilityZoneId: zoneId(there.region, zone.slice(-1)),
        availableIpAddressCount: Math.max(0, 2 ** (32 - Number(cidr.split('/')[1])) - 5 - used),
        cidrBlock: cidr,
        defaultForAz: isDefault,
        mapPublicIpOnLaunch: isDefault,
        state: 'available',
        subnetId,
        subnetArn: `arn:aws:ec2:${there.region}:${there.account}:subnet/${subnetId}`,
        vpcId,
        ownerId: there.account,
        ipv6CidrBlockAssociationSet: [],
        assignIpv6AddressOnCreation: false,
        tagSet: isDefault ? null : tagSet({ Name: `private-${zone}` }),
      },
    ]),
  )

/** A main table for each network, and one for the subnets of those that instances live in. */
export const routeTables = (there: Survey): Made =>
  placesOf(there).flatMap(({ vpcId, cidrs, isDefault, subnets }) => {
    const local = cidrs.map((destinationCidrBlock) => ({
      destinationCidrBlock,
      gatewayId: 'local',
      state: 'active',
      origin: 'CreateRouteTable',
    }))
    const table = (name: string, routeSet: object[], associationSet: object[], tags: object[]) => {
      const routeTableId = idFrom('rtb', vpcId, name)
      return [
        routeTableId,
        {
          routeTableId,
          vpcId,
          ownerId: there.account,
          routeSet,
          associationSet: associationSet.map((one) => ({
            routeTableAssociationId: idFrom('rtbassoc', routeTableId, JSON.stringify(one)),
            routeTableId,
            associationState: { state: 'associated' },
            ...one,
          })),
          propagatingVgwSet: [],
          tagSet: tags,
        },
      ] as unknown as Made[number]
    }
    const outwards = {
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: idFrom('igw', vpcId),
      state: 'active',
      origin: 'CreateRoute',
    }
    const translated = {
      destinationCidrBlock: '0.0.0.0/0',
      natGatewayId: idFrom('nat', vpcId),
      state: 'active',
      origin: 'CreateRoute',
    }
    const toBucket = {
      destinationPrefixListId: 'pl-6da54004',
      gatewayId: idFrom('vpce', vpcId, 's3'),
      state: 'active',
      origin: 'CreateRoute',
    }
    return [
      table('main', isDefault ? [...local, outwards] : local, [{ main: true }], []),
      ...(isDefault
        ? []
        : [
            table(
              'private',
              [translated, ...local, toBucket],
              subnets.map(({ subnetId }) => ({ main: false, subnetId })),
              tagSet({ Name: 'private' }),
            ),
          ]),
    ]
  })

/** The list that comes with each network and lets everything through. */
export const networkAcls = (there: Survey): Made =>
  placesOf(there).map(({ vpcId, subnets }) => {
    const networkAclId = idFrom('acl', vpcId)
    const entries = [true, false].flatMap((egress) => [
      {
        ruleNumber: 32767,
        protocol: '-1',
        ruleAction: 'deny',
        egress,
        cidrBlock: '0.0.0.0/0',
      },
      {
        ruleNumber: 100,
        protocol: '6',
        ruleAction: 'allow',
        egress,
        cidrBlock: '10.0.0.0/8',
        portRange: { from: 1, to: 65535 },
      },
    ])
    return [
      networkAclId,
      {
        networkAclId,
        vpcId,
        default: true,
        entrySet: entries,
        associationSet: subnets.map(({ subnetId }) => ({
          networkAclAssociationId: idFrom('aclassoc', subnetId),
          networkAclId,
          subnetId,
        })),
        tagSet: [],
        ownerId: there.account,
      },
    ]
  })
