import { Fault } from './fault.ts'

/** What goes wrong in a region until it is cleared. "After 2 pages" lets the first two of a listing through. */
export interface RegionFaults {
  /** Only listings of these actions suffer from what goes wrong with listings; all of them when left out. */
  actions?: string[] | null
  /** HTTP 500 InternalError for every later page. */
  failAfterPages?: number | null
  /** The access key expires, everywhere, when the next page is asked for. */
  expireAfterPages?: number | null
  /** Half of each later page is sent, then the connection breaks. */
  cutAfterPages?: number | null
  /** Wait this long before each page. */
  slowMs?: number
  /** The listing is complete and has nothing in it. */
  empty?: boolean
  /** Every connection is reset. */
  down?: boolean
  /** RequestLimitExceeded for the next so many calls. */
  throttle?: number
}

export class FaultBook {
  readonly #regions = new Map<string, RegionFaults>()

  of(region: string): RegionFaults {
    return this.#regions.get(region) ?? {}
  }

  set(region: string, faults: RegionFaults): void {
    this.#regions.set(region, { ...this.of(region), ...faults })
  }

  clear(region?: string): void {
    if (region) this.#regions.delete(region)
    else this.#regions.clear()
  }

  /** Uses up one of the throttled calls. */
  throttle(region: string): void {
    const faults = this.of(region)
    if (!faults.throttle) return
    this.set(region, { throttle: faults.throttle - 1 })
    throw new Fault(503, 'RequestLimitExceeded', 'Request limit exceeded.')
  }
}

export function reached(pagesServed: number, limit: number | null | undefined): boolean {
  return typeof limit === 'number' && pagesServed >= limit
}
