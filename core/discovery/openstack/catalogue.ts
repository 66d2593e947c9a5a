import { Problem } from '../../platform/errors.ts'
import { type Service, services } from './services.ts'

/** One address of the service catalogue. */
export interface Endpoint {
  type: string
  /** public, internal or admin. */
  side: string
  region: string
  url: string
}

/** The addresses of a catalogue; entries that are not whole are passed over, as others may still be of use. */
export function endpointsIn(catalog: unknown): Endpoint[] {
  return asList(catalog).flatMap(({ type, endpoints }) =>
    asList(endpoints).flatMap((endpoint) => {
      const region = endpoint.region_id ?? endpoint.region
      const { interface: side, url } = endpoint
      return [type, region, side, url].every((part) => typeof part === 'string') &&
        URL.canParse(url as string)
        ? [{ type, side, region, url } as Endpoint]
        : []
    }),
  )
}

const asList = (value: unknown) =>
  (Array.isArray(value) ? value : []).filter(
    (one): one is Record<string, unknown> => typeof one === 'object' && one !== null,
  )

const used = Object.values(services).flatMap(({ types }) => types)

/** Regions that have anything that is read, in the order of their names. */
export const regionsIn = (endpoints: Endpoint[], side: string): string[] =>
  [
    ...new Set(
      endpoints.filter((one) => one.side === side && used.includes(one.type)).map(({ region }) => region),
    ),
  ].sort()

export const findEndpoint = (endpoints: Endpoint[], side: string, region: string, { types }: Service) =>
  types
    .map((type) => endpoints.find((one) => one.type === type && one.side === side && one.region === region))
    .find((one) => one !== undefined)

/** Why the catalogue has no such address: the region or the service is not in it. */
export function absence(endpoints: Endpoint[], side: string, region: string, { label }: Service): Problem {
  const known = regionsIn(endpoints, side)
  if (!known.includes(region))
    return new Problem(
      'REGION_UNKNOWN',
      `The catalogue of this cloud has no ${side} addresses in a region "${region}"; it has ${known.length ? `them in ${known.join(', ')}` : 'none in any region'}.`,
      'Correct the regions or the interface in the settings of the connection.',
    )
  return new Problem(
    'SERVICE_MISSING',
    `The catalogue of this cloud has no ${side} address of the ${label} service in ${region}.`,
    'Ask its operators whether the service should be there, or choose another interface or region.',
  )
}
