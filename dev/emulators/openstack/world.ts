import { randomBytes } from 'node:crypto'
import { FaultBook } from './faults.ts'
import { type Collection, generate, type RegionRows, type Row, type Sizes } from './generate.ts'

export interface EmulatorOptions {
  /** 0 takes any free port. */
  port?: number
  host?: string
  /** The same seed gives the same estate. */
  seed?: string
  /** How large each region is, by its name. */
  regions?: Record<string, Sizes>
  /** The newest version of Nova's API; empty for a Nova that has no such versions. */
  computeVersion?: string
  /** No service gives more than this in one page. */
  maxPage?: number
  /** Services that a region goes without, such as `RegionTwo/load-balancer`. */
  missing?: string[]
}

export const project = { id: '5f2b7c9d0e1a4b6c8d9e0f1a2b3c4d5e', name: 'shop' }

/** A user of the domain Default, and an application credential of the same. */
export const demoUser = {
  id: '423f19a4ac1e4f48bbb4180756e6eb6c',
  name: 'maestro',
  password: 'demo password',
  credentialId: 'aa809205ed614a0e854bac92c0768bb9',
  credentialName: 'inventory',
  credentialSecret: 'demo secret of the credential',
}

/** Everything the emulator knows, shared by the services that answer and the control that changes it. */
export class World {
  readonly faults = new FaultBook()
  readonly tokens = new Set<string>()
  /** Calls by `region/service`, refused ones included. */
  readonly calls = new Map<string, number>()
  readonly computeVersion: string
  readonly maxPage: number
  readonly missing: Set<string>
  /** Servers whose part of the cloud is out of reach. */
  readonly lost = new Set<string>()
  readonly #regions = new Map<string, RegionRows>()
  url = ''

  constructor({ seed = 'maestro', regions = { RegionOne: { servers: 12 } }, ...rest }: EmulatorOptions) {
    this.computeVersion = rest.computeVersion ?? '2.96'
    this.maxPage = rest.maxPage ?? 1000
    this.missing = new Set(rest.missing)
    for (const [name, sizes] of Object.entries(regions))
      this.#regions.set(name, generate(seed, name, project.id, sizes))
  }

  get regionNames(): string[] {
    return [...this.#regions.keys()]
  }

  rows(region: string, collection: Collection): Row[] {
    const rows = this.#regions.get(region)?.[collection]
    if (!rows) throw new Error(`There is no ${collection} in ${region}.`)
    return rows
  }

  newToken(): string {
    const token = `gAAAAA${randomBytes(40).toString('base64url')}`
    this.tokens.add(token)
    return token
  }

  count(key: string): void {
    this.calls.set(key, (this.calls.get(key) ?? 0) + 1)
  }
}
