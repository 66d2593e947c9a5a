export type ServiceName = 'compute' | 'network' | 'volume' | 'image' | 'loadBalancer'

export interface Service {
  /** In sentences. */
  label: string
  /** What the catalogue calls it, the best name first; older clouds use older ones. */
  types: string[]
  /** Part of the path that names the version, where the catalogue's address does not: many name the root alone. */
  version: (project: string) => string
  /** Many clouds go without it, so its absence is no fault. */
  optional?: boolean
}

export const services: Record<ServiceName, Service> = {
  compute: { label: 'compute (Nova)', types: ['compute'], version: () => '/v2.1' },
  network: { label: 'network (Neutron)', types: ['network'], version: () => '/v2.0' },
  volume: {
    label: 'block storage (Cinder)',
    types: ['block-storage', 'volumev3', 'block-store', 'volumev2'],
    version: (project) => `/v3/${project}`,
    optional: true,
  },
  image: { label: 'image (Glance)', types: ['image'], version: () => '/v2' },
  loadBalancer: {
    label: 'load balancer (Octavia)',
    types: ['load-balancer'],
    version: () => '/v2',
    optional: true,
  },
}

/** Address under which the resources of a service lie, without a slash at its end. */
export function baseOf({ version }: Service, endpoint: string, project: string): string {
  const base = endpoint.replace(/[?#].*$/, '').replace(/\/+$/, '')
  return /\/v\d+(\.\d+)?(\/|$)/.test(new URL(base).pathname) ? base : base + version(project)
}
