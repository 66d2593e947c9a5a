import type { ObjectId } from 'mongodb'
import { reachesAll } from '../platform/access.ts'
import type { Session } from '../platform/session.ts'
import { ChangeAction, type ChangeCounts, type ChangeSet } from './records.ts'
import { type Sieved, sieveAll } from './sieve.ts'

/** What of a change set the session may see. */
export interface Seen {
  counts: ChangeCounts
  /** Whether that is all of it. */
  whole: boolean
}

/** Counts, per set, of what the session may see; so many hidden things were touched is nobody's business. */
export async function countSeen(session: Session, sets: readonly ChangeSet[]): Promise<Map<string, Seen>> {
  const keyOf = (id: ObjectId) => id.toHexString()
  if (reachesAll(session))
    return new Map(sets.map(({ _id, counts }) => [keyOf(_id), { counts, whole: true }]))
  const seen = new Map<string, Sieved[]>(sets.map(({ _id }) => [keyOf(_id), []]))
  for await (const changes of sieveAll(
    session,
    'set',
    sets.map(({ _id }) => _id),
  ))
    for (const change of changes) seen.get(keyOf(change.set))!.push(change)
  return new Map(
    sets.map(({ _id, counts }) => {
      const own = countsOf(seen.get(keyOf(_id))!)
      return [keyOf(_id), { counts: own, whole: total(own) === total(counts) }]
    }),
  )
}

function countsOf(changes: Sieved[]): ChangeCounts {
  const assets = changes.filter(({ collection }) => collection === 'assets')
  const counted = assets.length ? assets : changes
  const count = (action: ChangeAction) => counted.filter((change) => change.action === action).length
  return {
    created: count(ChangeAction.CREATED),
    changed: count(ChangeAction.CHANGED),
    retired: count(ChangeAction.RETIRED),
    restored: count(ChangeAction.RESTORED),
  }
}

const total = ({ created, changed, retired, restored }: ChangeCounts) =>
  created + changed + retired + restored
