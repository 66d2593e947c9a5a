import type { Call } from './actions.ts'
import { Fault } from './fault.ts'
import { reached, type RegionFaults } from './faults.ts'
import type { Thing } from './shelves.ts'

interface Asked {
  /** How many things the request wants at most. */
  size: number
  /** As the page before gave it. */
  token: string | null | undefined
  /** Which of the things are asked for; all of them without it. */
  only?: (thing: Thing) => boolean
}

export interface Page {
  things: Thing[]
  /** Null on the last page. */
  next: string | null
}

/**
 * One page of what the region has of a type, in the order of ids, after the faults that were asked for.
 *
 * @throws Fault
 */
export async function pageOf(call: Call, type: string, { size, token, only }: Asked): Promise<Page> {
  const [page, after] = token ? readToken(call, type, token) : [0, null]
  await suffer(call, page)
  if (faultsOf(call).empty) return { things: [], next: null }
  const shelf = call.world.shelves.of(call.account.account, call.region, type)
  const ids = [...shelf.keys()]
    .sort()
    .filter((id) => (after === null || id > after) && (!only || only(shelf.get(id)!)))
  const shown = ids.slice(0, Math.min(size, call.world.largestPage))
  const next = ids.length > shown.length ? writeToken(call, type, page + 1, shown.at(-1)!) : null
  return { things: shown.map((id) => shelf.get(id)!), next }
}

/**
 * What goes wrong with a page of a listing.
 *
 * @throws Fault
 */
export async function suffer(call: Call, page: number): Promise<void> {
  const faults = faultsOf(call)
  if (faults.slowMs) await new Promise((resolve) => setTimeout(resolve, faults.slowMs))
  if (reached(page, faults.failAfterPages))
    throw new Fault(500, 'InternalError', 'An internal error has occurred')
  if (reached(page, faults.expireAfterPages)) {
    call.account.expired = true
    throw new Fault(400, 'RequestExpired', 'Request has expired.')
  }
  if (reached(page, faults.cutAfterPages)) call.cut = true
}

/** What goes wrong with listings of this action in its region. */
export function faultsOf({ world, region, params, headers }: Call): RegionFaults {
  const faults = world.faults.of(region)
  const target = String(headers['x-amz-target'] ?? '')
  const action = params.get('Action') ?? target.split('.').at(-1)!
  return faults.actions && !faults.actions.includes(action) ? {} : faults
}

const writeToken = ({ region }: Call, type: string, page: number, last: string) =>
  Buffer.from(JSON.stringify([region, type, page, last])).toString('base64url')

function readToken({ region }: Call, type: string, token: string): [page: number, last: string] {
  try {
    const [itsRegion, itsType, page, last] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [
      string,
      string,
      number,
      string,
    ]
    if (itsRegion === region && itsType === type) return [page, last]
  } catch {
    // Refused like a token of another listing.
  }
  throw new Fault(400, 'InvalidNextToken', 'The specified token is not valid.')
}
