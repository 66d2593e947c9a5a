import type { Collection } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { BadInput } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'

/** How far back history reaches; nothing is stored while it is kept for ever. */
export interface Horizon {
  _id: 'horizon'
  /** What was changed until then is kept as one snapshot of each record. */
  at: Date
  /** Until then a process is busy with it. */
  leaseUntil: Date
}

export const horizonOf = (core: Core): Collection<Horizon> => core.db.collection('historyHorizon')

/** The moment before which history was compacted; null while all of it is there. */
export const findHorizon = async (core: Core): Promise<Date | null> =>
  (await horizonOf(core).findOne({ _id: 'horizon' }))?.at ?? null

const looked = new WeakMap<Session, Promise<Date | null>>()

/** @throws BadInput naming the horizon when a session looks back beyond it; one command for a session */
export async function assertRemembered(session: Session, moment: Date | null | undefined): Promise<void> {
  if (!moment) return
  const known = looked.get(session) ?? findHorizon(session.core)
  looked.set(session, known)
  const horizon = await known
  if (horizon && moment < horizon)
    throw new BadInput(
      `History is kept from ${horizon.toISOString()} on; how things were at ${moment.toISOString()} is no longer known.`,
    )
}
