import type { CrawlContext } from '../crawler.ts'
import { type Cloud, type Question } from './cloud.ts'
import { endlessListing, unreadableAnswer } from './problems.ts'
import { services } from './services.ts'

export interface Listing extends Omit<Question, 'query'> {
  /** Under which the answer has the records, such as "servers". */
  collection: string
  query?: [string, string][]
}

const pageSize = 500

/**
 * All records of a listing, page by page. Services link to the page after; where one gives a full page without a link, the
 * next begins after the last record. Of a link only the query counts: behind a proxy the rest of it is often wrong.
 *
 * @throws Problem when a page cannot be read, or comes again
 */
export async function* pagesOf(
  cloud: Cloud,
  context: CrawlContext,
  listing: Listing,
): AsyncGenerator<unknown[]> {
  const where = `the ${services[listing.service].label} service in ${listing.region}`
  const asked = new Set<string>()
  const endings = new Set<string>()
  let query: URLSearchParams | null = new URLSearchParams([
    ...(listing.query ?? []),
    ['limit', String(pageSize)],
  ])
  while (query) {
    query.sort()
    if (asked.has(query.toString())) throw endlessListing(where)
    asked.add(query.toString())
    const answer: Record<string, unknown> = await cloud.ask(context, { ...listing, query })
    const records = answer[listing.collection]
    if (!Array.isArray(records)) throw unreadableAnswer(where, `it has no list "${listing.collection}".`)
    const last = idOf(records.at(-1))
    if (last && endings.has(last)) throw endlessListing(where)
    if (last) endings.add(last)
    yield records
    const link = nextLink(answer, listing.collection)
    if (typeof link === 'string') query = linked(link, query)
    else if (link !== undefined) throw unreadableAnswer(where, 'the link to the next page is no text.')
    else if (records.length < pageSize) query = null
    else if (last) query = after(last, query)
    else
      throw unreadableAnswer(
        where,
        'the last record of a full page has no id, so the next page cannot be asked for.',
      )
  }
}

/** All of a short listing at once. */
export async function allOf(cloud: Cloud, context: CrawlContext, listing: Listing): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const page of pagesOf(cloud, context, listing)) all.push(...page)
  return all
}

const idOf = (record: unknown) => {
  const id = (record as { id?: unknown } | null | undefined)?.id
  return typeof id === 'string' ? id : undefined
}

/** Glance has a path in `next`, the others a list of links beside the collection. */
function nextLink(answer: Record<string, unknown>, collection: string): unknown {
  if (answer.next) return answer.next
  const links = answer[`${collection}_links`]
  const next = (Array.isArray(links) ? links : []).find(
    (link: { rel?: unknown } | null) => link?.rel === 'next',
  ) as { href?: unknown } | undefined
  return next && (next.href ?? null)
}

/** What the link leaves out stays as it was. */
function linked(link: string, before: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams(link.includes('?') ? link.slice(link.indexOf('?') + 1) : '')
  const kept = [...before].filter(([name]) => name !== 'marker' && !query.has(name))
  return new URLSearchParams([...query, ...kept])
}

function after(last: string, before: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams(before)
  query.set('marker', last)
  return query
}
