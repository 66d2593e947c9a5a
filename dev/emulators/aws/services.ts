import type { Service } from './service.ts'
import type { Stock } from './shelves.ts'
import type { World } from './world.ts'

/** Every service besides EC2 and STS, by the name in the scope of a signature. */
export const services: Record<string, Service> = {}

/** What an estate with surroundings has around its instances, by type. */
export const stock = (_world: World): Record<string, Stock> => ({})
