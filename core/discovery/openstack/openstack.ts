import { Problem } from '../../platform/errors.ts'
import type { Check, CrawlContext, Crawler } from '../crawler.ts'
import { type Cloud, cloudOf } from './cloud.ts'
import { type OpenStackResource, resources } from './resources.ts'
import { services } from './services.ts'
import { fields, sideOf } from './settings.ts'

export const openstack: Crawler = {
  provider: 'OPENSTACK',
  name: 'OpenStack',
  description:
    'Reads the servers, load balancers, volumes, snapshots, images, flavors and networks of a project, with an application credential or a password. The role reader is enough.',
  regions: [],
  fields,
  resources,

  /** Projects have ids that no other cloud has. */
  async identify(context) {
    sideOf(context.settings)
    const { project, user } = await cloudOf(context).signedIn(context)
    return { account: project.id, name: `${user} in the project ${project.name}` }
  },

  async offers(context) {
    const cloud = cloudOf(context)
    const regions = await cloud.regions(context)
    const offers = await Promise.all(
      regions.flatMap((region) =>
        resources.map(async (resource) => ({
          region,
          resource: resource.name,
          offered: !(await goesWithout(cloud, context, region, resource)),
        })),
      ),
    )
    return offers.filter(({ offered }) => offered).map(({ region, resource }) => ({ region, resource }))
  },

  async check(context) {
    const cloud = cloudOf(context)
    const regions = await cloud.regions(context)
    const checks = regions.flatMap((region) =>
      resources.flatMap((resource) =>
        resource.permissions.map((permission, index) =>
          checked(cloud, context, region, resource, permission, resource.paths[index]!),
        ),
      ),
    )
    return Promise.all(checks)
  },

  list: (context, { name }, region) =>
    resources.find((resource) => resource.name === name)!.list(cloudOf(context), context, region!),
}

/** Whether the cloud does without a service that many clouds do without. */
const goesWithout = async (
  cloud: Cloud,
  context: CrawlContext,
  region: string,
  { service }: OpenStackResource,
): Promise<boolean> => Boolean(services[service].optional) && !(await cloud.has(context, region, service))

async function checked(
  cloud: Cloud,
  context: CrawlContext,
  region: string,
  resource: OpenStackResource,
  permission: string,
  path: string,
): Promise<Check> {
  try {
    const query = new URLSearchParams([['limit', '1']])
    await cloud.ask(context, { service: resource.service, region, path, query })
    return { ok: true, region, permission, problem: null }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { code, message, remedy } = error
    return {
      // Told, but no fault: there is nothing of the kind to be read.
      ok: code === 'SERVICE_MISSING' && Boolean(services[resource.service].optional),
      region,
      permission,
      problem: { code, message, remedy },
    }
  }
}
