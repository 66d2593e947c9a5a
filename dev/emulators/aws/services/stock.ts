import { type Made, type Survey, survey } from '../ec2/survey.ts'
import type { Stock } from '../shelves.ts'
import type { World } from '../world.ts'
import { balancers, classicBalancers, listeners, targetGroups } from './balancerStock.ts'

const makers: Record<string, (there: Survey) => Made> = {
  'load-balancers': balancers,
  'target-groups': targetGroups,
  listeners,
  'classic-load-balancers': classicBalancers,
}

/** What the services besides EC2 have in a region, among others for the machines that are there. */
export const appStock = (world: World): Record<string, Stock> =>
  Object.fromEntries(
    Object.entries(makers).map(([type, make]) => [
      type,
      (account, region) => make(survey(world, account, region)),
    ]),
  )
