import {
  DescribeRouteTablesCommand,
  paginateDescribeRouteTables,
  type Route,
  type RouteTable,
} from '@aws-sdk/client-ec2'
import { NetworkFamily } from '../../inventory/network.ts'
import type { Observation } from '../crawler.ts'
import { ec2Resource, required } from './ec2Resource.ts'
import { extrasFor } from './extras.ts'
import { basics, connectedTo, everyMinutes, kind, refTo } from './networks.ts'

export const routeTables = ec2Resource(
  { name: 'route-tables', label: 'route tables', kind, after: ['vpcs', 'subnets'], everyMinutes },
  {
    action: 'DescribeRouteTables',
    ask: (client, input, abortSignal) => client.send(new DescribeRouteTablesCommand(input), { abortSignal }),
    paginate: paginateDescribeRouteTables,
    pageSize: 100,
    input: {},
    records: (page) => page.RouteTables,
    idOf: (table) => table.RouteTableId,
    translate: translateRouteTable,
  },
)

export function translateRouteTable(table: RouteTable, region: string): Observation {
  const id = required(table.RouteTableId, 'RouteTableId')
  const associations = table.Associations ?? []
  return {
    externalId: id,
    values: {
      ...basics(id, region, NetworkFamily.ROUTE_TABLE, table.Tags),
      parent: refTo('vpcs', table.VpcId),
      isDefault: associations.some(({ Main }) => Main),
      ownerAccount: table.OwnerId,
      routes: (table.Routes ?? []).flatMap(routeOf).sort((a, b) => (a.destination < b.destination ? -1 : 1)),
      extras: extrasFor(
        'propagated by',
        (table.PropagatingVgws ?? []).map(({ GatewayId }) => GatewayId),
      ),
    },
    relations: connectedTo(
      'subnets',
      associations.map(({ SubnetId }) => SubnetId),
    ),
  }
}

function routeOf(route: Route) {
  const destination =
    route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId
  if (!destination) return []
  const target =
    route.GatewayId ??
    route.NatGatewayId ??
    route.TransitGatewayId ??
    route.VpcPeeringConnectionId ??
    route.EgressOnlyInternetGatewayId ??
    route.LocalGatewayId ??
    route.CarrierGatewayId ??
    route.CoreNetworkArn ??
    route.InstanceId ??
    route.NetworkInterfaceId
  return [{ destination, ...(target && { target }), ...(route.State && { state: route.State }) }]
}
