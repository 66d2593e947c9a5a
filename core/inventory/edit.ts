import { type Document, ObjectId } from 'mongodb'
import { changedSince, commit, type Step } from '../history/commit.ts'
import { ChangeOrigin, ChangeSet, type Fields, recordsOf } from '../history/records.ts'
import { creation, difference } from '../history/step.ts'
import { mayReach, accessOfNew, visible } from '../platform/access.ts'
import { BadInput, Conflict, fault, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { type Asset, type Declaration } from './asset.ts'
import { assertAcyclic } from './acyclic.ts'
import { assertSpecFits } from './appSpec.ts'
import { checkFacts } from './check.ts'
import { effective } from './effective.ts'
import { hydrate } from './find.ts'
import { allKinds, assetTypeName, factOf, type Kind, kindOf } from './kinds.ts'
import type { Observed } from './observation.ts'
import { type Edited, relationSteps } from './references.ts'

export interface Edit<T extends Asset = Asset> {
  asset: T
  /** Null when nothing differed. */
  changeSet: ChangeSet | null
}

/** An asset as the caller last saw it. */
export interface AssetRef {
  id: string
  version: number
}

/** A hand-made asset: everything about it is declared. */
export async function createAsset<T extends Asset>(
  session: Session,
  kind: Kind,
  input: Fields,
): Promise<Edit<T>> {
  const facts = checkFacts(kind, input, { creating: true })
  assertSpecFits(kind, facts, {})
  await assertTargets(session, kind, facts)
  const declared = declare(session, {}, facts)
  const fields = effective(kind, { declared, observations: [] })
  const id = new ObjectId()
  const record = {
    kind: kind.kind,
    workspace: session.workspace,
    createdAt: session.now,
    access: accessOfNew(session),
    observations: [],
    declared,
    ...fields,
  }
  const steps = [
    creation(id, { collection: 'assets', recordKind: kind.kind }, record),
    ...(await relationSteps(session, [{ kind, id, current: null, fields, sources: [] }])),
  ]
  const changeSet = await commit(
    session,
    { title: `Add ${String(facts.name)}`, origin: ChangeOrigin.MANUAL },
    steps,
  )
  return { asset: await readAgain<T>(session, id), changeSet }
}

/**
 * The given facts become declared, so that no crawl overwrites them. An edit of fields that nobody touched since the
 * caller's version goes through, even if others were.
 *
 * @throws Conflict naming the fields that were
 */
export async function updateAsset<T extends Asset>(
  session: Session,
  kind: Kind,
  { id, version }: AssetRef,
  input: Fields,
): Promise<Edit<T>> {
  const facts = checkFacts(kind, input, { creating: false })
  await assertTargets(session, kind, facts)
  await assertAcyclic(session, kind, decodeId(id, kind.typeName).id, facts)
  return editOne<T>(session, id, version, Object.keys(facts), (current) => {
    assertSpecFits(kind, facts, current)
    return {
      title: `Change ${String(facts.name ?? current.name)}`,
      declared: declare(session, current.declared as Record<string, Declaration>, facts),
    }
  })
}

/** Gives up declared values, so that what the sources report takes effect again. */
export async function releaseFields(
  session: Session,
  { id, version }: AssetRef,
  names: string[],
): Promise<Edit> {
  return editOne(session, id, version, names, (current) => {
    const kind = kindOf(current.kind as string)
    const unknown = names.filter((name) => !factOf(kind, name))
    if (unknown.length)
      throw fault('INVALID', 'fields', `${kind.typeName} has no field ${unknown.join(', ')}.`)
    const declared = { ...(current.declared as Record<string, Declaration>) }
    for (const name of names) delete declared[name]
    const bare = kind.facts.filter((fact) => fact.required && names.includes(fact.name))
    const values = effective(kind, { declared, observations: current.observations as Observed[] })
    if (bare.some((fact) => values[fact.name] === null))
      throw fault(
        'REQUIRED',
        'fields',
        `No source reports ${bare.map((fact) => fact.label).join(', ')}; it would be empty.`,
      )
    return { title: `Use what is observed for ${names.join(', ')} of ${String(current.name)}`, declared }
  })
}

async function editOne<T extends Asset>(
  session: Session,
  id: string,
  version: number,
  touched: string[],
  edit: (current: Document) => { title: string; declared: Record<string, Declaration> },
): Promise<Edit<T>> {
  const key = assetId(id)
  for (let attempt = 1; ; attempt++) {
    const current = await forWriting(session, key)
    await assertUntouched(session, current, version, touched)
    const kind = kindOf(current.kind as string)
    const { title, declared } = edit(current)
    const fields = {
      declared,
      ...effective(kind, { declared, observations: current.observations as Observed[] }),
    }
    try {
      const steps = await stepsFor(session, { kind, id: key, current, fields, sources: [] })
      const changeSet = await commit(session, { title, origin: ChangeOrigin.MANUAL }, steps)
      return { asset: await readAgain<T>(session, key), changeSet }
    } catch (error) {
      if (!(error instanceof Conflict) || attempt === 5) throw error
    }
  }
}

async function stepsFor(session: Session, edited: Edited): Promise<Step[]> {
  const about = { collection: 'assets' as const, recordKind: edited.kind.kind }
  const step = difference(edited.current!, about, edited.fields)
  return step ? [step, ...(await relationSteps(session, [edited]))] : []
}

const assetId = (id: string) => decodeId(id, ...allKinds().map((kind) => kind.typeName)).id

async function forWriting(session: Session, id: ObjectId): Promise<Document> {
  const current = await recordsOf(session.core, 'assets').findOne({ _id: id, ...visible(session) })
  if (!current) throw new NotFound('asset')
  assertWritable(session, current)
  return current
}

function assertWritable(session: Session, current: Document) {
  if (!mayReach(session, (current as Asset).access, 'WRITE'))
    throw fault('FORBIDDEN', null, `You may read ${String(current.name)}, but not change it.`)
}

/** Crawls move versions all the time; only an edit of the same fields is a conflict. */
async function assertUntouched(session: Session, current: Document, version: number, touched: string[]) {
  if (version === current.version) return
  if (version > (current.version as number) || version < 1)
    throw new BadInput(
      `${assetTypeName(current.kind as string)} has version ${current.version}, not ${version}.`,
    )
  const conflict = await changedSince(session.core, [{ record: current._id as ObjectId, version }])
  const both = conflict.fields.filter((field) => touched.includes(field))
  if (both.length) throw new Conflict(conflict.records, both)
}

/** A reference may only name what its author can see. @throws UserFault naming the field */
export async function assertTargets(session: Session, kind: Kind, facts: Fields) {
  for (const fact of kind.facts) {
    const target = fact.type === 'REFERENCE' && (facts[fact.name] as ObjectId | null | undefined)
    if (!target) continue
    const found = await recordsOf(session.core, 'assets').findOne(
      { _id: target, kind: fact.target!, ...visible(session) },
      { projection: { _id: 1 } },
    )
    if (!found)
      throw fault(
        'NOT_FOUND',
        fact.name,
        `This ${fact.label.toLowerCase()} does not exist, or you may not see it.`,
      )
  }
}

/** What people say of an asset, with these facts said now by the session. */
export function declare(
  session: Session,
  declared: Record<string, Declaration>,
  facts: Fields,
): Record<string, Declaration> {
  const added = Object.entries(facts).map(([name, value]) => [
    name,
    { value, by: session.actor.name, at: session.now } satisfies Declaration,
  ])
  return { ...declared, ...(Object.fromEntries(added) as Record<string, Declaration>) }
}

async function readAgain<T extends Asset>(session: Session, id: ObjectId): Promise<T> {
  const record = await recordsOf(session.core, 'assets').findOne({ _id: id })
  return hydrate(record!) as T
}
