import { demoAccount, type Account } from './accounts.ts'
import { enabledRegions } from './catalogue.ts'
import { catalogueStock } from './ec2/stock.ts'
import { RegionEstate } from './estate.ts'
import { FaultBook, type RegionFaults } from './faults.ts'
import { PageCache } from './pages.ts'
import type { Quirks } from './quirks.ts'
import { stock } from './services.ts'
import { Shelves } from './shelves.ts'

export interface EmulatorOptions {
  /** 0 takes any free port. */
  port?: number
  host?: string
  /** The same seed gives the same estate. */
  seed?: string
  accounts?: Account[]
  /** Number of instances by region; regions that are not named are empty. Holds for every account. */
  regions?: Record<string, number>
  /** Estates of single accounts, by account number, where they differ. */
  estates?: Record<string, Record<string, number>>
  /** Whether the instances have around them what they name: volumes, networks, images, and what uses them. */
  surroundings?: boolean
  /** By region, or for all regions under `*`. Without it a region has the usual share of oddities. */
  quirks?: Record<string, Quirks>
  faults?: Record<string, RegionFaults>
  /** How far the emulator's clock is ahead of the true one. */
  skewMs?: number
  /** False keeps the Date header back, so that a client cannot correct its clock by it. */
  sendDate?: boolean
  /** Pages are no larger than this, whatever a request asks for. */
  largestPage?: number
  /** Rendered pages that are kept ready. */
  cacheBytes?: number
}

/** Everything the emulator knows, shared by the actions that answer and the control that changes it. */
export class World {
  readonly accounts: Map<string, Account>
  readonly faults = new FaultBook()
  readonly pages: PageCache
  readonly shelves: Shelves
  readonly knownRegions: Set<string>
  /** Calls by `action region`, refused ones included. */
  readonly calls = new Map<string, number>()
  readonly largestPage: number
  skewMs: number
  sendDate: boolean
  readonly #options: EmulatorOptions
  readonly #estates = new Map<string, RegionEstate>()

  constructor(options: EmulatorOptions) {
    const accounts = options.accounts ?? [demoAccount]
    this.#options = options
    this.accounts = new Map(accounts.map((account) => [account.accessKeyId, structuredClone(account)]))
    this.pages = new PageCache(options.cacheBytes ?? 320 * 1024 * 1024)
    this.shelves = new Shelves(
      { ...catalogueStock, ...(options.surroundings && stock(this)) },
      (account, region) => this.estate(account, region).generation,
    )
    this.largestPage = options.largestPage ?? Infinity
    this.skewMs = options.skewMs ?? 0
    this.sendDate = options.sendDate ?? true
    const sizes = [options.regions ?? {}, ...Object.values(options.estates ?? {})]
    this.knownRegions = new Set([...enabledRegions, ...sizes.flatMap((regions) => Object.keys(regions))])
    for (const [region, faults] of Object.entries(options.faults ?? {})) this.faults.set(region, faults)
  }

  now(): number {
    return Date.now() + this.skewMs
  }

  estate(account: string, region: string): RegionEstate {
    const key = `${account} ${region}`
    let estate = this.#estates.get(key)
    if (!estate) {
      const { seed = 'maestro', regions = {}, estates = {}, quirks = {} } = this.#options
      const size = (estates[account] ?? regions)[region] ?? 0
      const regionIndex = [...this.knownRegions].indexOf(region)
      estate = new RegionEstate({ seed, account, region, regionIndex }, size, quirks[region] ?? quirks['*'])
      this.#estates.set(key, estate)
    }
    return estate
  }

  count(action: string, region: string): void {
    const key = `${action} ${region}`
    this.calls.set(key, (this.calls.get(key) ?? 0) + 1)
  }
}
