import { Fault } from './fault.ts'
import type { RegionEstate } from './estate.ts'
import type { Instance } from './instance.ts'
import { renderReservations } from './render.ts'

export interface Cursor {
  /** First ordinal of the page. */
  next: number
  /** Last ordinal of the page before, for the pages that repeat it. */
  last: number
  page: number
}

export const firstPage: Cursor = { next: 0, last: -1, page: 0 }

interface Rendered {
  estate: RegionEstate
  generation: number
  body: Buffer
}

/** Renders a page once and serves the bytes from then on; the least recently used go when `maxBytes` is reached. */
export class PageCache {
  readonly #pages = new Map<string, Rendered>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The response from `<reservationSet>` to the end; only the request id before it differs from call to call. */
  body(key: string, estate: RegionEstate, size: number, cursor: Cursor): Buffer {
    const fullKey = `${key} ${size} ${cursor.next} ${cursor.last} ${cursor.page}`
    const known = this.#pages.get(fullKey)
    if (known) this.#drop(fullKey, known)
    const body = known?.generation === estate.generation ? known.body : renderPage(estate, size, cursor)
    this.#pages.set(fullKey, { estate, generation: estate.generation, body })
    this.#bytes += body.length
    for (const [oldKey, old] of this.#pages) {
      if (this.#bytes <= this.#maxBytes || oldKey === fullKey) break
      this.#drop(oldKey, old)
    }
    return body
  }

  #drop(key: string, page: Rendered): void {
    this.#pages.delete(key)
    this.#bytes -= page.body.length
  }
}

export function writeToken(region: string, cursor: Cursor): string {
  return Buffer.from([region, cursor.next, cursor.last, cursor.page].join('|')).toString('base64')
}

export function readToken(region: string, token: string): Cursor {
  const [itsRegion, next, last, page] = Buffer.from(token, 'base64').toString().split('|')
  const cursor = { next: Number(next), last: Number(last), page: Number(page) }
  if (itsRegion !== region || !Object.values(cursor).every(Number.isInteger)) {
    throw new Fault(400, 'InvalidNextToken', 'The specified NextToken is not valid.')
  }
  return cursor
}

/** Which instances a page shows, and where the page after it starts. */
export function listPage(estate: RegionEstate, size: number, cursor: Cursor): [number[], Cursor | null] {
  const shown: number[] = []
  if (cursor.last >= 0 && cursor.page <= estate.repeatedPages) shown.push(cursor.last)
  for (const ordinal of estate.ordinals(cursor.next)) {
    if (shown.length === size) return [shown, { next: ordinal, last: shown.at(-1)!, page: cursor.page + 1 }]
    shown.push(ordinal)
  }
  return [shown, null]
}

function renderPage(estate: RegionEstate, size: number, cursor: Cursor): Buffer {
  const [shown, next] = listPage(estate, size, cursor)
  const instances = shown.map((ordinal): Instance => estate.at(ordinal))
  const region = instances[0]?.region ?? ''
  const token = next ? `<nextToken>${writeToken(region, next)}</nextToken>` : ''
  return Buffer.from(
    (instances.length
      ? `<reservationSet>${renderReservations(instances)}</reservationSet>`
      : '<reservationSet/>') + `${token}</DescribeInstancesResponse>`,
  )
}
