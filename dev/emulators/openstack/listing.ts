import type { ServiceFaults } from './faults.ts'
import type { Collection, Row } from './generate.ts'
import { Refusal } from './refusal.ts'

/** How a service gives its lists. */
export interface ListStyle {
  collection: Collection
  rows: Row[]
  query: URLSearchParams
  /** Address of the list, without its query. */
  href: string
  maxPage: number
  faults: ServiceFaults
  /** Glance: a path in `next`. */
  inBody?: boolean
  /** Refusal of a marker that is not there. */
  markerStatus: number
}

export interface Page {
  body: Record<string, unknown>
  /** How many pages come before it. */
  number: number
}

/** One page of a list after the marker, with the link to the one after where there may be more. */
export function listPage(style: ListStyle): Page {
  const { rows, query, maxPage } = style
  const asked = Number(query.get('limit') ?? maxPage)
  if (!Number.isInteger(asked) || asked < 0) throw new Refusal(400, 'limit must be an integer')
  const limit = Math.min(asked || maxPage, maxPage)
  const marker = query.get('marker')
  const start = marker === null ? 0 : rows.findIndex((row) => row.id === marker) + 1
  if (marker !== null && start === 0) throw new Refusal(style.markerStatus, `marker [${marker}] not found`)
  const shown = rows.slice(start, start + limit)
  // A full page has a link even when it is the last one.
  const more = shown.length === limit && !style.faults.withoutLinks
  return {
    number: Math.floor(start / limit),
    body: { ...records(style, shown), ...(more && link(style, limit, shown.at(-1)!.id)) },
  }
}

function records({ collection, faults }: ListStyle, shown: Row[]): Record<string, unknown> {
  if (faults.shape === 'missing') return {}
  if (faults.shape === 'null') return { [collection]: null }
  return { [collection]: faults.strange ? shown.map(strangely) : shown }
}

function link({ collection, query, href, faults, inBody }: ListStyle, limit: number, last: string) {
  const next = new URLSearchParams(query)
  next.set('limit', String(limit))
  if (!faults.loop) next.set('marker', last)
  if (inBody) return { next: `${new URL(href).pathname.replace(/^.*\/image(?=\/)/, '')}?${next}` }
  const host = faults.linkHost ? href.replace(/^https?:\/\/[^/]+/, faults.linkHost) : href
  return { [`${collection}_links`]: [{ rel: 'next', href: `${host}?${next}` }] }
}

/** The same record as a later release might give it. */
const strangely = (row: Row): Row => ({
  'x-vendor:placement': { rack: 'r12', hints: [null, 1, { deep: true }] },
  ...(Object.fromEntries(Object.entries(row).reverse()) as Row),
  future_field: [{ nobody: 'knows' }],
  future_null: null,
})
