import type { Stock } from '../shelves.ts'
import type { World } from '../world.ts'
import { networkInterfaces } from './cards.ts'
import { snapshots, volumes } from './disks.ts'
import { endpoints, natGateways, peerings, vpnGateways } from './gateways.ts'
import { securityGroups } from './groups.ts'
import { images } from './images.ts'
import { instanceTypes } from './instanceTypes.ts'
import { networkAcls, routeTables, subnets, vpcs } from './networks.ts'
import { type Made, type Survey, survey } from './survey.ts'

const makers: Record<string, (there: Survey) => Made> = {
  volumes,
  snapshots,
  images,
  vpcs,
  subnets,
  'security-groups': securityGroups,
  'network-interfaces': networkInterfaces,
  'route-tables': routeTables,
  'network-acls': networkAcls,
  'nat-gateways': natGateways,
  'vpn-gateways': vpnGateways,
  peerings,
  'vpc-endpoints': endpoints,
}

/** What EC2 has around the instances of a region; it names what they name. */
export const ec2Stock = (world: World): Record<string, Stock> =>
  Object.fromEntries(
    Object.entries(makers).map(([type, make]) => [
      type,
      (account, region) => make(survey(world, account, region)),
    ]),
  )

/** What the provider has, with or without anything of an account. */
export const catalogueStock: Record<string, Stock> = { 'instance-types': instanceTypes }
