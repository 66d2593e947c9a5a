import { assignQuirks, usualQuirks, type Quirk, type Quirks } from './quirks.ts'
import { generateInstance, instanceId, terminate, type Origin } from './generate.ts'
import type { Instance, InstanceState } from './instance.ts'

export interface Change {
  type?: string
  state?: InstanceState
  /** Added to the tags there are; null takes a tag away. */
  tags?: Record<string, string | null>
}

/** One region of one account. Instances are computed when asked for; only what was changed by hand is kept. */
export class RegionEstate {
  /** Counts up with every change, so that rendered pages know when they are stale. */
  generation = 0
  readonly #origin: Origin
  readonly #changes = new Map<number, Change>()
  readonly #removed = new Set<number>()
  #size: number
  #quirks: Quirks
  #odd: Map<number, Quirk>
  #ordinals: Map<string, number> | null = null

  constructor(origin: Origin, size: number, quirks?: Quirks) {
    this.#origin = origin
    this.#size = size
    this.#quirks = quirks ?? usualQuirks(size)
    this.#odd = assignQuirks(this.#seed(), size, this.#quirks)
  }

  get count(): number {
    return this.#size - this.#removed.size
  }

  get repeatedPages(): number {
    return this.#quirks.repeated ?? 0
  }

  /** Ordinals that are listed, from `start` on. */
  *ordinals(start = 0): Generator<number> {
    for (let ordinal = start; ordinal < this.#size; ordinal++) if (!this.#removed.has(ordinal)) yield ordinal
  }

  at(ordinal: number): Instance {
    const quirk = this.#odd.get(ordinal) ?? null
    const partner = quirk === 'samePrivateIp' ? this.#plainNeighbour(ordinal) : null
    const instance = generateInstance(this.#origin, ordinal, quirk, partner)
    const change = this.#changes.get(ordinal)
    if (change) applyChange(instance, change)
    return instance
  }

  /** Null for an id that this region does not list. */
  find(id: string): Instance | null {
    const ordinal = this.#index().get(id)
    return ordinal === undefined || this.#removed.has(ordinal) ? null : this.at(ordinal)
  }

  quirkOf(ordinal: number): Quirk | null {
    return this.#odd.get(ordinal) ?? null
  }

  setQuirks(quirks: Quirks): void {
    this.#quirks = quirks
    this.#odd = assignQuirks(this.#seed(), this.#size, quirks)
    this.generation++
  }

  change(ids: string[], change: Change): void {
    for (const ordinal of this.#known(ids)) {
      const before = this.#changes.get(ordinal)
      this.#changes.set(ordinal, { ...before, ...change, tags: { ...before?.tags, ...change.tags } })
    }
    this.generation++
  }

  remove(ids: string[]): void {
    for (const ordinal of this.#known(ids)) this.#removed.add(ordinal)
    this.generation++
  }

  /** Removed instances return as they were; without ids, all of them do. */
  restore(ids?: string[]): string[] {
    const ordinals = ids ? this.#known(ids) : [...this.#removed]
    const back = ordinals.filter((ordinal) => this.#removed.delete(ordinal))
    this.generation++
    return back.map((ordinal) => instanceId(this.#origin, ordinal))
  }

  add(count: number): string[] {
    const first = this.#size
    this.#size += count
    this.#ordinals = null
    this.generation++
    return Array.from({ length: count }, (_, i) => instanceId(this.#origin, first + i))
  }

  #seed(): string {
    return `${this.#origin.seed}/${this.#origin.account}/${this.#origin.region}`
  }

  #plainNeighbour(ordinal: number): number | null {
    for (let step = 1; step < this.#size; step++) {
      const neighbour = (ordinal + step) % this.#size
      if (!this.#odd.has(neighbour)) return neighbour
    }
    return null
  }

  #known(ids: string[]): number[] {
    return ids.map((id) => {
      const ordinal = this.#index().get(id)
      if (ordinal === undefined) throw new Error(`${this.#origin.region} never had an instance ${id}.`)
      return ordinal
    })
  }

  #index(): Map<string, number> {
    this.#ordinals ??= new Map(
      Array.from({ length: this.#size }, (_, ordinal) => [instanceId(this.#origin, ordinal), ordinal]),
    )
    return this.#ordinals
  }
}

function applyChange(instance: Instance, change: Change): void {
  if (change.type) instance.type = change.type
  if (change.tags) {
    const tags = new Map(instance.tags)
    for (const [key, value] of Object.entries(change.tags)) {
      if (value === null) tags.delete(key)
      else tags.set(key, value)
    }
    instance.tags = [...tags]
  }
  if (change.state === 'terminated') terminate(instance)
  else if (change.state) {
    instance.state = change.state
    instance.reason = change.state === 'running' ? '' : 'User initiated (2026-06-01 09:00:00 GMT)'
    if (change.state !== 'running') instance.publicIp = null
  }
}
