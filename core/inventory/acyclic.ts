import type { ObjectId } from 'mongodb'
import { type Fields, recordsOf } from '../history/records.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { fault } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import type { Kind } from './kinds.ts'

/** How far up a chain of parents is followed; longer ones do not occur. */
const maxDepth = 100

/**
 * Holds that nothing becomes a part of itself, however far around: a network inside its own subnet.
 *
 * @throws UserFault CYCLE naming the field
 */
export async function assertAcyclic(session: Session, kind: Kind, id: ObjectId, facts: Fields) {
  for (const fact of kind.facts) {
    const target = fact.target === kind.kind && (facts[fact.name] as ObjectId | null | undefined)
    if (!target) continue
    if (target.equals(id) || (await leadsTo(session, fact.name, target, id)))
      throw fault(
        'CYCLE',
        fact.name,
        `It would be a part of itself. Choose another ${fact.label.toLowerCase()}.`,
      )
  }
}

async function leadsTo(session: Session, fact: string, start: ObjectId, end: ObjectId): Promise<boolean> {
  const [row] = await recordsOf(session.core, 'assets')
    .aggregate(
      [
        { $match: { _id: start } },
        {
          $graphLookup: {
            from: 'assets',
            startWith: `$${fact}`,
            connectFromField: fact,
            connectToField: '_id',
            maxDepth,
            as: 'above',
          },
        },
        { $match: { 'above._id': end } },
        { $project: { _id: 1 } },
      ],
      { maxTimeMS: queryTimeoutMs },
    )
    .toArray()
  return row !== undefined
}
