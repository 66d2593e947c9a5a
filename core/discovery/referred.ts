import { type Document, ObjectId } from 'mongodb'
import type { Fields } from '../history/records.ts'
import type { Kind } from '../inventory/kinds.ts'
import type { Session } from '../platform/session.ts'
import type { Observation, ThingRef } from './crawler.ts'
import { fingerprints, followed, identityOf, isOurs, ownIdentityOf } from './identity.ts'
import type { ReportedRelation } from './observedRelations.ts'
import type { Target } from './target.ts'

/** What an observation says, with assets in the place of what the source calls them. */
export interface Resolved {
  values: Fields
  /** Undefined where the source says nothing about relations. */
  relations: ReportedRelation[] | undefined
  /** Ids under which the things would appear that are referred to, but not there yet. */
  awaits: ObjectId[]
}

/**
 * Turns what a page refers to into assets, by one command for all of it, and one more for each merge. What comes into
 * being with the page itself is there already.
 */
export async function resolveRefs(
  session: Session,
  target: Target,
  kind: Kind,
  page: { id: ObjectId; observation: Observation }[],
): Promise<(observation: Observation) => Resolved> {
  const coming = new Map<string, Document>(
    page
      .filter(({ observation }) => !observation.ended)
      .map(({ id }) => [id.toHexString(), { _id: id, kind: kind.kind }]),
  )
  const named = page
    .flatMap(({ observation }) => refsIn(kind, observation))
    .flatMap((ref) => idsOf(session, target, ref))
  const { known, lead } = await followed(session, named)
  const assetOf = (ref: ThingRef) =>
    idsOf(session, target, ref)
      .map((id) => lead(id).toHexString())
      .map((id) => {
        const asset = known.get(id)
        return asset && isOurs(target, asset) ? asset : coming.get(id)
      })
      .findLast((asset) => asset !== undefined)

  return (observation) => {
    const { values, relations } = observation
    const refs = refsIn(kind, observation)
    const resolved = { ...values }
    for (const { name } of referenceFacts(kind))
      if (isRef(values[name])) resolved[name] = assetOf(values[name])?._id as ObjectId | undefined
    return {
      values: resolved,
      relations: observation.ended
        ? []
        : relations?.flatMap((relation) => {
            const to = assetOf(relation.to)
            return to
              ? {
                  kind: relation.kind,
                  to: to._id as ObjectId,
                  toKind: to.kind as string,
                  properties: { ...relation.properties },
                }
              : []
          }),
      awaits: refs.flatMap((ref) =>
        assetOf(ref) ? [] : idsOf(session, target, ref).filter((id) => !known.has(id.toHexString())),
      ),
    }
  }
}

/** Those of the awaited ids under which something has appeared since. */
export async function findArrived(session: Session, awaited: ObjectId[]): Promise<Set<string>> {
  return new Set((await fingerprints(session, awaited)).keys())
}

const referenceFacts = (kind: Kind) => kind.facts.filter((fact) => fact.type === 'REFERENCE')

const isRef = (value: unknown): value is ThingRef =>
  typeof value === 'object' && value !== null && 'externalId' in value && !(value instanceof ObjectId)

const refsIn = (kind: Kind, { values, relations = [] }: Observation): ThingRef[] => [
  ...referenceFacts(kind)
    .map(({ name }) => values[name])
    .filter(isRef),
  ...relations.map(({ to }) => to),
]

/** Under which a thing may be known: to everybody, and to this connection alone, which comes first where both are. */
function idsOf(session: Session, target: Target, { resource, externalId }: ThingRef): ObjectId[] {
  const there = { ...target, resource: { ...target.resource, name: resource } }
  return [identityOf(session, there, externalId), ownIdentityOf(session, there, externalId)]
}
