import type { Account } from './accounts.ts'
import type { Change } from './estate.ts'
import type { RegionFaults } from './faults.ts'
import type { Instance } from './instance.ts'
import { firstPage, listPage, type Cursor } from './pages.ts'
import type { Quirk, Quirks } from './quirks.ts'
import type { Shelf, Thing } from './shelves.ts'
import type { World } from './world.ts'

/** Which instances: these, or so many ordinary ones spread over the region. */
export type Which = { ids: string[] } | { count: number }

/** The handles of the emulator. Arguments and answers are plain JSON, so that they also work from another process. */
export class Control {
  readonly #world: World
  readonly #firstAccount: string

  constructor(world: World) {
    this.#world = world
    this.#firstAccount = [...world.accounts.values()][0]?.account ?? ''
  }

  /** Adds to the faults a region has; `null` or `false` ends one. */
  setFaults(region: string, faults: RegionFaults): void {
    this.#world.faults.set(region, faults)
  }

  clearFaults(region?: string): void {
    this.#world.faults.clear(region)
  }

  setQuirks(region: string, quirks: Quirks, account?: string): void {
    this.#estate(region, account).setQuirks(quirks)
  }

  setClock(skewMs: number, sendDate = true): void {
    this.#world.skewMs = skewMs
    this.#world.sendDate = sendDate
  }

  addAccount(account: Account): void {
    this.#world.accounts.set(account.accessKeyId, { ...account })
  }

  /** Changes permissions, secret or token of a key, or makes it expire. */
  updateAccount(accessKeyId: string, change: Partial<Account>): void {
    const account = this.#world.accounts.get(accessKeyId)
    if (!account) throw new Error(`There is no access key ${accessKeyId}.`)
    Object.assign(account, change)
  }

  removeAccount(accessKeyId: string): void {
    this.#world.accounts.delete(accessKeyId)
  }

  /** Without anything to change, the type, and a tag called Changed. */
  changeInstances(region: string, which: Which, change?: Change, account?: string): string[] {
    const estate = this.#estate(region, account)
    const ids = this.#choose(region, which, account)
    const tags = { Changed: String(estate.generation + 1) }
    const type = estate.generation % 2 === 0 ? 'm7i.xlarge' : 'm7i.2xlarge'
    estate.change(ids, change ?? { type, tags })
    return ids
  }

  terminateInstances(region: string, which: Which, account?: string): string[] {
    return this.changeInstances(region, which, { state: 'terminated' }, account)
  }

  /** They are no longer listed, as an hour after their end. */
  removeInstances(region: string, which: Which, account?: string): string[] {
    const ids = this.#choose(region, which, account)
    this.#estate(region, account).remove(ids)
    return ids
  }

  /** Removed instances are listed again; without ids, all of them. */
  restoreInstances(region: string, ids?: string[], account?: string): string[] {
    return this.#estate(region, account).restore(ids)
  }

  addInstances(region: string, count: number, account?: string): string[] {
    return this.#estate(region, account).add(count)
  }

  /** What is listed now, in the order of the listing; with a quirk, only the odd ones of that sort. */
  instances(region: string, quirk?: Quirk, account?: string): Instance[] {
    const estate = this.#estate(region, account)
    const found: Instance[] = []
    for (const ordinal of estate.ordinals()) {
      if (!quirk || estate.quirkOf(ordinal) === quirk) found.push(estate.at(ordinal))
    }
    return found
  }

  count(region: string, account?: string): number {
    return this.#estate(region, account).count
  }

  /** Adds a thing of any other type, or puts it in the place of the one with this id. */
  put(region: string, type: string, id: string, thing: Thing, account?: string): void {
    this.#shelf(region, type, account).set(id, thing)
  }

  /** It is no longer listed. */
  take(region: string, type: string, id: string, account?: string): void {
    this.#shelf(region, type, account).delete(id)
  }

  things(region: string, type: string, account?: string): [id: string, thing: Thing][] {
    return [...this.#shelf(region, type, account)]
  }

  /** Calls by action, refused ones included. */
  calls(region?: string): Record<string, number> {
    const totals: Record<string, number> = {}
    for (const [key, count] of this.#world.calls) {
      const [action = '', itsRegion] = key.split(' ')
      if (!region || region === itsRegion) totals[action] = (totals[action] ?? 0) + count
    }
    return totals
  }

  resetCalls(): void {
    this.#world.calls.clear()
  }

  /** Renders all pages now, so that a measurement does not pay for it. */
  warm(
    region: string,
    pageSize = 1000,
    account: string = this.#firstAccount,
  ): { pages: number; bytes: number } {
    const estate = this.#estate(region, account)
    let cursor: Cursor | null = firstPage
    let pages = 0
    let bytes = 0
    while (cursor) {
      bytes += this.#world.pages.body(`${account} ${region}`, estate, pageSize, cursor).length
      pages++
      cursor = listPage(estate, pageSize, cursor)[1]
    }
    return { pages, bytes }
  }

  #estate(region: string, account = this.#firstAccount) {
    return this.#world.estate(account, region)
  }

  #shelf(region: string, type: string, account = this.#firstAccount): Shelf {
    return this.#world.shelves.of(account, region, type)
  }

  #choose(region: string, which: Which, account?: string): string[] {
    if ('ids' in which) return which.ids
    const estate = this.#estate(region, account)
    const plain: Instance[] = []
    for (const ordinal of estate.ordinals()) {
      if (estate.quirkOf(ordinal)) continue
      const instance = estate.at(ordinal)
      if (instance.state !== 'terminated') plain.push(instance)
    }
    if (which.count > plain.length) {
      throw new Error(
        `${region} has ${plain.length} ordinary instances, fewer than the ${which.count} asked for.`,
      )
    }
    return Array.from(
      { length: which.count },
      (_, i) => plain[Math.floor((i * plain.length) / which.count)]!.instanceId,
    )
  }
}
