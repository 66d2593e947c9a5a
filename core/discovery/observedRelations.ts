import { isDeepStrictEqual } from 'node:util'
import type { Document, ObjectId } from 'mongodb'
import type { Step } from '../history/commit.ts'
import { type Fields, recordsOf } from '../history/records.ts'
import { difference } from '../history/step.ts'
import type { Kind } from '../inventory/kinds.ts'
import { findPairs, opening } from '../inventory/relate.ts'
import type { Session } from '../platform/session.ts'

/** A relation of many to many as a source reports it, between assets. */
export interface ReportedRelation {
  kind: string
  to: ObjectId
  toKind: string
  properties: Fields
}

/** An asset, and all relations that a scope reports to start from it. */
export interface Reported {
  kind: Kind
  id: ObjectId
  relations: ReportedRelation[]
}

/**
 * Steps that bring the relations that a scope reports to what it reports now. What people have related stays theirs: it
 * gets no source, and no crawl ends it.
 */
export async function observedRelationSteps(
  session: Session,
  scope: string,
  reported: Reported[],
): Promise<Step[]> {
  if (!reported.length) return []
  const held = await recordsOf(session.core, 'relations')
    .find({ from: { $in: reported.map(({ id }) => id) }, sources: scope, validTo: { $exists: false } })
    .toArray()
  const pairs = await findPairs(
    session,
    reported.flatMap(({ id, relations }) => relations.map(({ to }) => ({ from: id, to }))),
  )
  return reported.flatMap(({ kind, id, relations }) => {
    const wanted = merged(relations)
    const ended = held
      .filter(
        (edge) =>
          id.equals(edge.from as ObjectId) && !wanted.has(keyOf(edge.kind as string, edge.to as ObjectId)),
      )
      .map((edge) => withoutSource(session, edge, scope))
    const begun = [...wanted.values()].map((relation) => {
      const between = pairs.filter(
        (edge) =>
          edge.kind === relation.kind &&
          id.equals(edge.from as ObjectId) &&
          relation.to.equals(edge.to as ObjectId),
      )
      const open = between.find((edge) => !edge.validTo)
      if (open) return withSource(open, scope, relation)
      return opening(session, {
        ...relation,
        from: id,
        fromKind: kind.kind,
        earlier: between.length,
        sources: [scope],
      })
    })
    return [...ended, ...begun].filter((step) => step !== null)
  })
}

/** Two reports of one relation, such as two ports of one target, are one; the later says more about it. */
function merged(relations: ReportedRelation[]): Map<string, ReportedRelation> {
  const wanted = new Map<string, ReportedRelation>()
  for (const relation of relations) {
    const key = keyOf(relation.kind, relation.to)
    const earlier = wanted.get(key)
    wanted.set(key, { ...relation, properties: { ...earlier?.properties, ...relation.properties } })
  }
  return wanted
}

const keyOf = (kind: string, to: ObjectId) => `${kind} ${to.toHexString()}`

const about = (edge: Document) => ({
  collection: 'relations' as const,
  recordKind: edge.kind as string,
  subject: edge.from as ObjectId,
})

function withSource(edge: Document, scope: string, { properties }: ReportedRelation): Step | null {
  const sources = edge.sources as string[]
  if (!sources.length) return null
  const next = { ...(edge.properties as Fields), ...properties }
  return difference(edge, about(edge), {
    ...(!sources.includes(scope) && { sources: [...sources, scope] }),
    ...(!isDeepStrictEqual(next, edge.properties) && { properties: next }),
  })
}

function withoutSource(session: Session, edge: Document, scope: string): Step | null {
  const sources = (edge.sources as string[]).filter((one) => one !== scope)
  return difference(edge, about(edge), sources.length ? { sources } : { validTo: session.now })
}
