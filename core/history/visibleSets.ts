import type { Document, ObjectId } from 'mongodb'
import { reachesAll, visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import type { Session } from '../platform/session.ts'
import { changesOf, recordsOf } from './records.ts'
import { sieve, type Sieved, sieveAll, sievedFields } from './sieve.ts'

/** Changes of each set that are looked at first; nearly always one of them decides. */
const sample = 2

/** Those of the change sets that touched something which the session may see. */
export async function visibleSets<T extends { _id: ObjectId }>(session: Session, sets: T[]): Promise<T[]> {
  if (!sets.length || reachesAll(session)) return sets
  const seen = new Set<string>()
  const note = (changes: Sieved[]) => {
    for (const change of changes) seen.add(change.set.toHexString())
  }
  note(await sieve(session, await samples(session, sets)))
  const hidden = sets.filter(({ _id }) => !seen.has(_id.toHexString())).map(({ _id }) => _id)
  if (hidden.length) for await (const changes of sieveAll(session, 'set', hidden)) note(changes)
  return sets.filter(({ _id }) => seen.has(_id.toHexString()))
}

async function samples(session: Session, sets: { _id: ObjectId }[]): Promise<Sieved[]> {
  const rows = await session.core.db
    .aggregate<{ change: Sieved }>(
      [
        { $documents: sets.map(({ _id }) => ({ _id })) },
        {
          $lookup: {
            from: 'changes',
            localField: '_id',
            foreignField: 'set',
            pipeline: [{ $sort: { _id: 1 } }, { $limit: sample }, { $project: sievedFields }],
            as: 'change',
          },
        },
        { $unwind: '$change' },
      ],
      { maxTimeMS: queryTimeoutMs, batchSize: sets.length * sample + 1 },
    )
    .toArray()
  return rows.map(({ change }) => change)
}

/** Up to this many visible assets, their own history says which change sets may be visible at all. */
const fewAssets = 2_000

/**
 * Condition that holds for every change set that may be visible. Who sees little of a large estate would otherwise wait
 * while the history of all the rest is searched.
 */
export async function candidates(session: Session): Promise<Document> {
  if (reachesAll(session)) return {}
  const assets = await recordsOf(session.core, 'assets')
    .find(visible(session), { projection: { _id: 1 }, maxTimeMS: queryTimeoutMs })
    .limit(fewAssets + 1)
    .batchSize(fewAssets + 2)
    .toArray()
  if (assets.length > fewAssets) return {}
  const sets = await changesOf(session.core).distinct(
    'set',
    { subject: { $in: assets.map(({ _id }) => _id) } },
    { maxTimeMS: queryTimeoutMs },
  )
  return { _id: { $in: sets } }
}

/** Whether there is no asset that the session may not see. */
export async function seesEverything(session: Session): Promise<boolean> {
  if (reachesAll(session)) return true
  const assets = recordsOf(session.core, 'assets')
  const [seen, all] = await Promise.all([
    assets.countDocuments(visible(session), { maxTimeMS: queryTimeoutMs }),
    assets.estimatedDocumentCount(),
  ])
  return seen === all
}
