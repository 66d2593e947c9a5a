import type { ObjectId } from 'mongodb'
import { type Fields, recordsOf } from '../history/records.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { fault } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import { factOf, type Kind } from './kinds.ts'

/** How far up a chain of parents is followed; longer ones do not occur. */
const maxDepth = 100

/**
 * Holds that nothing becomes a part of itself, however far around: a network inside its own subnet.
 *
 * @throws UserFault CYCLE naming the field
 */
export async function assertAcyclic(session: Session, kind: Kind, id: ObjectId, facts: Fields) {
  for (const [name, above] of await findAbove(session, kind, facts))
    if (above.has(id.toHexString()))
      throw fault(
        'CYCLE',
        name,
        `It would be a part of itself. Choose another ${factOf(kind, name)!.label.toLowerCase()}.`,
      )
}

/**
 * What may not get these facts, because it would become a part of itself: by fact, ids of the parent to be and of
 * everything above it.
 */
export async function findAbove(
  session: Session,
  kind: Kind,
  facts: Fields,
): Promise<Map<string, ReadonlySet<string>>> {
  const above = new Map<string, ReadonlySet<string>>()
  for (const fact of kind.facts) {
    const target = fact.target === kind.kind && (facts[fact.name] as ObjectId | null | undefined)
    if (target) above.set(fact.name, await idsAbove(session, fact.name, target))
  }
  return above
}

async function idsAbove(session: Session, fact: string, start: ObjectId): Promise<Set<string>> {
  const [row] = await recordsOf(session.core, 'assets')
    .aggregate<{ above: { _id: ObjectId }[] }>(
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
        { $project: { 'above._id': 1 } },
      ],
      { maxTimeMS: queryTimeoutMs },
    )
    .toArray()
  return new Set([start, ...(row?.above ?? []).map(({ _id }) => _id)].map((id) => id.toHexString()))
}
