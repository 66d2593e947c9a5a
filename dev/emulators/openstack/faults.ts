/** What goes wrong in one service of a region until it is cleared. "After 2 pages" lets the first two pages through. */
export interface ServiceFaults {
  /** 403 for everything. */
  forbidden?: boolean
  /** So many calls are answered with this status and a time to wait. */
  busy?: { calls: number; status: 413 | 429 | 503; retryAfter?: string }
  /** So many calls are answered with a 5xx. */
  failing?: { calls: number; status: number }
  failAfterPages?: number
  /** Half of each later page is sent, then the connection breaks. */
  cutAfterPages?: number
  /** Each later page ends in the middle, as if that were all. */
  truncateAfterPages?: number
  /** Each later page is the page of a proxy. */
  htmlAfterPages?: number
  /** All tokens end when the next page is asked for, once. */
  expireAfterPages?: number | undefined
  slowMs?: number
  /** Every connection is reset. */
  down?: boolean
  /** Every call is sent to another address. */
  redirectTo?: string
  /** Full pages have no link to the next one, as behind some proxies. */
  withoutLinks?: boolean
  /** The link to the next page leads to the same page. */
  loop?: boolean
  /** Links begin with this address instead of the true one. */
  linkHost?: string
  /** Pages have no list, or one that is null. */
  shape?: 'missing' | 'null'
  /** Fields that nobody knows, and another order of those that are known. */
  strange?: boolean
}

export class FaultBook {
  readonly #faults = new Map<string, ServiceFaults>()

  of(region: string, service: string): ServiceFaults {
    return this.#faults.get(`${region}/${service}`) ?? {}
  }

  set(region: string, service: string, faults: ServiceFaults): void {
    this.#faults.set(`${region}/${service}`, { ...this.of(region, service), ...faults })
  }

  clear(): void {
    this.#faults.clear()
  }
}

export const reached = (pages: number, limit: number | undefined) => limit !== undefined && pages >= limit
