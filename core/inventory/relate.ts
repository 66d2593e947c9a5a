import type { Document, ObjectId } from 'mongodb'
import { commit, type Step } from '../history/commit.ts'
import { ChangeOrigin, type ChangeSet, recordsOf } from '../history/records.ts'
import { creation, difference } from '../history/step.ts'
import { visible } from '../platform/access.ts'
import { Conflict, type Fault, fault, UserFault } from '../platform/errors.ts'
import { decodeId, derivedId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import type { Asset } from './asset.ts'
import { allKinds } from './kinds.ts'
import { findRelationsById } from './related.ts'
import type { Relation } from './relation.ts'
import { faultsIn, faultsOfAuthor, faultsOfNew, type NewRelation, plain } from './relationFaults.ts'
import type { RelationProperties } from './relationKinds.ts'

/** A relation as the caller last saw it. */
export interface RelationRef {
  id: string
  version: number
}

export interface RelationEdits {
  add?: NewRelation[] | null
  change?: (RelationRef & { properties: RelationProperties })[] | null
  remove?: RelationRef[] | null
}

const maxEdits = 200

/**
 * Adds, changes and ends relations in one change set: all of them, or none. Whoever may change the asset that a
 * relation starts from may change the relation. Adding one that holds already lays its properties over those it has.
 *
 * @throws UserFault with every fault, each naming the edit that it is in
 */
export async function updateRelations(
  session: Session,
  { add, change, remove }: RelationEdits,
): Promise<{ relations: Relation[]; changeSet: ChangeSet | null }> {
  const added = add ?? []
  const changed = change ?? []
  const removed = remove ?? []
  const count = added.length + changed.length + removed.length
  if (count > maxEdits)
    throw fault(
      'LIMIT_REACHED',
      null,
      `At most ${maxEdits} relations can be edited at once; these are ${count}.`,
    )

  const known = await findRelations(session, [...changed, ...removed])
  const wanted = added.map(({ from, to }) => ({ from: assetKey(from), to: assetKey(to) }))
  const assets = await findEnds(session, [
    ...wanted.flatMap(({ from, to }) => [from, to]),
    ...[...known.values()].map(({ from }) => from as ObjectId),
  ])
  const faults: Fault[] = []
  added.forEach((one, index) => {
    const [from, to] = [assets.get(String(wanted[index]!.from)), assets.get(String(wanted[index]!.to))]
    faults.push(...faultsOfNew(session, one, from, to).map(within('add', index)))
  })
  changed.forEach((one, index) => {
    const edge = known.get(String(relationKey(one.id)))
    const found = edge
      ? [
          ...faultsOfAuthor(session, assets.get(String(edge.from))),
          ...faultsIn(edge.kind as string, one.properties),
        ]
      : [unknown]
    faults.push(...found.map(within('change', index)))
  })
  removed.forEach((one, index) => {
    const edge = known.get(String(relationKey(one.id)))
    const found = edge ? faultsOfAuthor(session, assets.get(String(edge.from))) : [unknown]
    faults.push(...found.map(within('remove', index)))
  })
  if (faults.length) throw new UserFault(faults)

  const stale = [...changed, ...removed].filter(
    ({ id, version }) => known.get(String(relationKey(id)))!.version !== version,
  )
  if (stale.length)
    throw new Conflict(
      stale.map(({ id }) => String(relationKey(id))),
      [],
    )

  const earlier = await findPairs(session, wanted)
  const steps = [
    ...unique(
      added,
      ({ kind }, index) => `${kind} ${String(wanted[index]!.from)} ${String(wanted[index]!.to)}`,
    ).map(({ one, index }) => {
      const { from, to } = wanted[index]!
      const pair = earlier.filter(
        (edge) =>
          edge.kind === one.kind && from.equals(edge.from as ObjectId) && to.equals(edge.to as ObjectId),
      )
      const open = pair.find((edge) => !edge.validTo)
      const properties = { ...(open?.properties as object), ...plain(one.properties) }
      if (open) return difference(open, about(open), { properties: plain(properties) })
      return opening(session, {
        kind: one.kind,
        from,
        fromKind: assets.get(String(from))!.kind,
        to,
        toKind: assets.get(String(to))!.kind,
        properties,
        earlier: pair.length,
      })
    }),
    ...changed.map(({ id, properties }) => {
      const edge = known.get(String(relationKey(id)))!
      return difference(edge, about(edge), {
        properties: plain({ ...(edge.properties as object), ...properties }),
      })
    }),
    ...removed.map(({ id }) => {
      const edge = known.get(String(relationKey(id)))!
      return difference(edge, about(edge), { validTo: (edge.validTo as Date | undefined) ?? session.now })
    }),
  ].filter((step): step is Step => step !== null)
  const changeSet = await commit(
    session,
    { title: titleOf(added, changed, removed, assets, known, wanted), origin: ChangeOrigin.MANUAL },
    steps,
  )
  const ids = new Map(
    [
      ...steps.map(({ record }) => record),
      ...earlier.filter((edge) => !edge.validTo).map((edge) => edge._id as ObjectId),
    ].map((id) => [String(id), id]),
  )
  const ended = new Set(removed.map(({ id }) => String(relationKey(id))))
  const relations = await findRelationsById(
    session,
    [...ids.values()].filter((id) => !ended.has(String(id))),
  )
  return { relations, changeSet }
}

const assetKey = (id: string) => decodeId(id, ...allKinds().map(({ typeName }) => typeName)).id
const relationKey = (id: string) => decodeId(id, 'Relation').id
const about = (edge: Document) => ({
  collection: 'relations' as const,
  recordKind: edge.kind as string,
  subject: edge.from as ObjectId,
})
const within =
  (list: string, index: number) =>
  (one: Fault): Fault => ({ ...one, field: [list, String(index), ...(one.field ?? [])] })

const unknown: Fault = {
  code: 'NOT_FOUND',
  field: ['id'],
  message: 'There is no relation with this id, or you may not see both its ends.',
}

/** The visible relations that hold, by id. */
async function findRelations(session: Session, refs: RelationRef[]): Promise<Map<string, Document>> {
  if (!refs.length) return new Map()
  const found = await findRelationsById(
    session,
    refs.map(({ id }) => relationKey(id)),
  )
  return new Map(found.filter(({ validTo }) => !validTo).map((edge) => [String(edge._id), edge as Document]))
}

async function findEnds(session: Session, ids: ObjectId[]): Promise<Map<string, Asset>> {
  if (!ids.length) return new Map()
  const rows = await recordsOf(session.core, 'assets')
    .find(
      { _id: { $in: ids }, ...visible(session) },
      { projection: { kind: 1, name: 1, access: 1, retiredAt: 1 } },
    )
    .toArray()
  return new Map(rows.map((row) => [String(row._id), row as Asset]))
}

interface Opening {
  kind: string
  from: ObjectId
  fromKind: string
  to: ObjectId
  toKind: string
  properties: Record<string, unknown>
  /** How many relations of this kind there have been between the two. */
  earlier: number
  /** Scopes that report it. */
  sources?: string[]
}

/** The step that begins a relation. Its id follows from what it is, so that nobody begins the same one twice. */
export const opening = (session: Session, { earlier, sources = [], ...edge }: Opening): Step =>
  creation(
    derivedId('relation', edge.kind, edge.from.toHexString(), edge.to.toHexString(), `again ${earlier}`),
    { collection: 'relations', recordKind: edge.kind, subject: edge.from },
    { workspace: session.workspace, ...edge, validFrom: session.now, sources },
  )

/** All relations there ever were between the pairs. */
export const findPairs = (
  session: Session,
  pairs: { from: ObjectId; to: ObjectId }[],
): Promise<Document[]> =>
  pairs.length
    ? recordsOf(session.core, 'relations')
        .find({ $or: pairs.map(({ from, to }) => ({ from, to })) })
        .toArray()
    : Promise.resolve([])

/** Each of several that mean the same only once, with its place in the list. */
function unique<T>(all: T[], keyOf: (one: T, index: number) => string): { one: T; index: number }[] {
  const seen = new Set<string>()
  return all.flatMap((one, index) => {
    const key = keyOf(one, index)
    if (seen.has(key)) return []
    seen.add(key)
    return [{ one, index }]
  })
}

function titleOf(
  added: NewRelation[],
  changed: RelationRef[],
  removed: RelationRef[],
  assets: Map<string, Asset>,
  known: Map<string, Document>,
  wanted: { from: ObjectId }[],
): string {
  const authors = new Set([
    ...wanted.map(({ from }) => String(from)),
    ...[...changed, ...removed].map(({ id }) => String(known.get(String(relationKey(id)))!.from)),
  ])
  const whose = authors.size === 1 ? assets.get([...authors][0]!)!.name : `${authors.size} assets`
  const verb = changed.length || (added.length && removed.length) ? 'Change' : added.length ? 'Add' : 'Remove'
  const count = added.length + changed.length + removed.length
  return `${verb} ${count === 1 ? 'a relation' : `${count} relations`} of ${whose}`
}
