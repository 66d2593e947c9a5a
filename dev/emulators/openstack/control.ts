import type { ServiceFaults } from './faults.ts'
import type { Collection, Row } from './generate.ts'
import type { World } from './world.ts'

/** The handles of the emulator. Arguments and answers are plain JSON, so that they also work from another process. */
export class Control {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Adds to the faults of a service, which is named as in the catalogue; Keystone is `*` and `identity`. */
  setFaults(region: string, service: string, faults: ServiceFaults): void {
    this.#world.faults.set(region, service, faults)
  }

  clearFaults(): void {
    this.#world.faults.clear()
  }

  /** All tokens end now. */
  expireTokens(): void {
    this.#world.tokens.clear()
  }

  rows(region: string, collection: Collection): Row[] {
    return structuredClone(this.#world.rows(region, collection))
  }

  /** Changes one thing; a field that is `undefined` goes. */
  change(region: string, collection: Collection, id: string, fields: Record<string, unknown>): void {
    const rows = this.#world.rows(region, collection)
    const index = rows.findIndex((row) => row.id === id)
    if (index < 0) throw new Error(`There is no ${id} among the ${collection} of ${region}.`)
    const changed = Object.entries({ ...rows[index], ...fields }).filter(([, value]) => value !== undefined)
    rows[index] = Object.fromEntries(changed) as Row
  }

  add(region: string, collection: Collection, row: Row): void {
    this.#world.rows(region, collection).push(row)
  }

  remove(region: string, collection: Collection, ids: string[]): void {
    const rows = this.#world.rows(region, collection)
    for (const id of ids) {
      const index = rows.findIndex((row) => row.id === id)
      if (index >= 0) rows.splice(index, 1)
    }
  }

  /** The part of the cloud that knows these servers is out of reach, or is back. */
  loseServers(ids: string[]): void {
    this.#world.lost.clear()
    for (const id of ids) this.#world.lost.add(id)
  }

  /** Takes a service such as `RegionOne/load-balancer` out of the catalogue, or puts it back. */
  setMissing(services: string[]): void {
    this.#world.missing.clear()
    for (const service of services) this.#world.missing.add(service)
  }

  /** Calls by `region/service`, refused ones included. */
  calls(): Record<string, number> {
    return Object.fromEntries(this.#world.calls)
  }

  resetCalls(): void {
    this.#world.calls.clear()
  }
}
