import type { Document, ObjectId } from 'mongodb'
import type { Step } from '../history/commit.ts'
import { recordsOf } from '../history/records.ts'
import { creation, difference } from '../history/step.ts'
import { visible } from '../platform/access.ts'
import type { Fault } from '../platform/errors.ts'
import { decodeId, derivedId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import type { Asset } from './asset.ts'
import { allKinds } from './kinds.ts'
import type { Part } from './part.ts'
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

/** One of several edits, with its place in the input. */
export type RelationEdit =
  | { list: 'add'; index: number; edit: NewRelation }
  | { list: 'change'; index: number; edit: RelationRef & { properties: RelationProperties } }
  | { list: 'remove'; index: number; edit: RelationRef }

/** The edits in one row. Of several that would add the same, the first one counts. */
export function editsIn({ add, change, remove }: RelationEdits): RelationEdit[] {
  const added = new Map<string, RelationEdit>()
  for (const [index, edit] of (add ?? []).entries()) {
    const same = `${edit.kind} ${edit.from} ${edit.to}`
    if (!added.has(same)) added.set(same, { list: 'add', index, edit })
  }
  return [
    ...added.values(),
    ...(change ?? []).map((edit, index) => ({ list: 'change' as const, index, edit })),
    ...(remove ?? []).map((edit, index) => ({ list: 'remove' as const, index, edit })),
  ]
}

const batchSize = 200

/**
 * Adds, changes and ends relations. Whoever may change the asset that a relation starts from may change the relation.
 * Adding one that holds already lays its properties over those it has.
 */
export async function* relateMany(
  session: Session,
  { edits }: { edits: RelationEdit[] },
): AsyncGenerator<Part> {
  const edited = new Set<string>()
  for (let start = 0; start < edits.length; start += batchSize)
    yield planRelations(session, edits.slice(start, start + batchSize), edited)
}

async function planRelations(session: Session, edits: RelationEdit[], edited: Set<string>): Promise<Part> {
  const known = await findRelations(
    session,
    edits.flatMap((one) => (one.list === 'add' ? [] : one.edit)),
  )
  const wanted = edits.flatMap((one) =>
    one.list === 'add' ? { from: assetKey(one.edit.from), to: assetKey(one.edit.to) } : [],
  )
  const assets = await findEnds(session, [
    ...wanted.flatMap(({ from, to }) => [from, to]),
    ...[...known.values()].map(({ from }) => from as ObjectId),
  ])
  const earlier = await findPairs(session, wanted)
  const faults: Fault[] = []
  const steps: Step[] = []
  for (const one of edits) {
    const at = [one.list, String(one.index)]
    const found = faultsOfEdit(session, one, known, assets)
    const step = found.length ? null : stepOf(session, one, known, assets, earlier)
    if (step && edited.has(step.record.toHexString())) found.push(twice)
    if (step) edited.add(step.record.toHexString())
    if (step && !found.length) steps.push(step)
    faults.push(...found.map((fault) => ({ ...fault, field: [...at, ...(fault.field ?? [])] })))
  }
  return { found: edits.length, steps: faults.length ? [] : steps, faults }
}

function faultsOfEdit(
  session: Session,
  { list, edit }: RelationEdit,
  known: Map<string, Document>,
  assets: Map<string, Asset>,
): Fault[] {
  if (list === 'add')
    return faultsOfNew(
      session,
      edit,
      assets.get(String(assetKey(edit.from))),
      assets.get(String(assetKey(edit.to))),
    )
  const edge = known.get(String(relationKey(edit.id)))
  if (!edge) return [unknown]
  const faults = [
    ...faultsOfAuthor(session, assets.get(String(edge.from))),
    ...(list === 'change' ? faultsIn(edge.kind as string, edit.properties) : []),
  ]
  return faults.length || edge.version === edit.version ? faults : [stale]
}

function stepOf(
  session: Session,
  { list, edit }: RelationEdit,
  known: Map<string, Document>,
  assets: Map<string, Asset>,
  earlier: Document[],
): Step | null {
  if (list === 'add') return additionOf(session, edit, assets, earlier)
  const edge = known.get(String(relationKey(edit.id)))!
  return difference(
    edge,
    about(edge),
    list === 'change'
      ? { properties: plain({ ...(edge.properties as object), ...edit.properties }) }
      : { validTo: session.now },
  )
}

function additionOf(
  session: Session,
  { kind, properties, ...ends }: NewRelation,
  assets: Map<string, Asset>,
  earlier: Document[],
): Step | null {
  const [from, to] = [assetKey(ends.from), assetKey(ends.to)]
  const pair = earlier.filter(
    (edge) => edge.kind === kind && from.equals(edge.from as ObjectId) && to.equals(edge.to as ObjectId),
  )
  const open = pair.find((edge) => !edge.validTo)
  const wanted = plain({ ...(open?.properties as object | undefined), ...plain(properties) })
  if (open) return difference(open, about(open), { properties: wanted })
  return opening(session, {
    kind,
    from,
    fromKind: assets.get(String(from))!.kind,
    to,
    toKind: assets.get(String(to))!.kind,
    properties: wanted,
    earlier: pair.length,
  })
}

/** The relations that were added or changed, as they are now. */
export async function findEdited(session: Session, edits: RelationEdit[]): Promise<Relation[]> {
  const added = edits.flatMap((one) => (one.list === 'add' ? [one.edit] : []))
  const pairs = added.map(({ from, to }) => ({ from: assetKey(from), to: assetKey(to) }))
  const open = (await findPairs(session, pairs)).filter(
    (edge) =>
      !edge.validTo &&
      added.some(
        ({ kind }, index) =>
          kind === edge.kind &&
          pairs[index]!.from.equals(edge.from as ObjectId) &&
          pairs[index]!.to.equals(edge.to as ObjectId),
      ),
  )
  const changed = edits.flatMap((one) => (one.list === 'change' ? [relationKey(one.edit.id)] : []))
  return findRelationsById(session, [...open.map(({ _id }) => _id as ObjectId), ...changed])
}

const assetKey = (id: string) => decodeId(id, ...allKinds().map(({ typeName }) => typeName)).id
const relationKey = (id: string) => decodeId(id, 'Relation').id
const about = (edge: Document) => ({
  collection: 'relations' as const,
  recordKind: edge.kind as string,
  subject: edge.from as ObjectId,
})
const unknown: Fault = {
  code: 'NOT_FOUND',
  field: ['id'],
  message: 'There is no relation with this id, or you may not see both its ends.',
}

const stale: Fault = {
  code: 'CONFLICT',
  field: ['version'],
  message: 'Somebody else has changed this relation since you read it. Look at it again.',
}

const twice: Fault = {
  code: 'INVALID',
  field: null,
  message: 'Another edit of this input is about the same relation. Make one of both.',
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

/** What a person would say that these edits are: "Add 3 relations of web-1". */
export async function titleOfRelations(session: Session, edits: RelationEdit[]): Promise<string> {
  const lists = new Set(edits.map(({ list }) => list))
  const verb = lists.size > 1 || lists.has('change') ? 'Change' : lists.has('add') ? 'Add' : 'Remove'
  const what = edits.length === 1 ? 'a relation' : `${edits.length} relations`
  if (edits.length > batchSize) return `${verb} ${what}`
  const known = await findRelations(
    session,
    edits.flatMap((one) => (one.list === 'add' ? [] : one.edit)),
  )
  const authors = new Map(
    [
      ...edits.flatMap((one) => (one.list === 'add' ? [assetKey(one.edit.from)] : [])),
      ...[...known.values()].map(({ from }) => from as ObjectId),
    ].map((id) => [id.toHexString(), id]),
  )
  if (authors.size > 1) return `${verb} ${what} of ${authors.size} assets`
  const [author] = (await findEnds(session, [...authors.values()])).values()
  return author ? `${verb} ${what} of ${author.name}` : `${verb} ${what}`
}
