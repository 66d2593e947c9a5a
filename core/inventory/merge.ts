import type { Document, ObjectId } from 'mongodb'
import { commit, type Step } from '../history/commit.ts'
import { ChangeOrigin, type ChangeSet, recordsOf } from '../history/records.ts'
import { difference } from '../history/step.ts'
import { mayReach, visible } from '../platform/access.ts'
import { BadInput, Conflict, fault, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import type { Asset, Declaration } from './asset.ts'
import { type AssetRef, declare } from './edit.ts'
import { effective, observationFor } from './effective.ts'
import { findAssetsById } from './find.ts'
import { allKinds, kindOf } from './kinds.ts'
import type { Observed } from './observation.ts'
import { type Edited, relationSteps } from './references.ts'
import { findPairs, opening } from './relate.ts'
import { manyRelations } from './relationKinds.ts'

const maxMerged = 20
const maxEdges = 2_000

/**
 * Makes several records of one thing into one. The others are retired and point to it: their sources and relations move
 * over, and what people said of them fills its gaps, so that the next crawl finds the one that stays. One change set,
 * so undoing it brings all of them back. Needs the level ADMIN for each of them; relations of others that led to them
 * are moved whoever they belong to, since what they lead to stays the same thing.
 *
 * @throws Conflict when one of them has changed since the caller's version
 */
export async function mergeAssets(
  session: Session,
  into: AssetRef,
  others: AssetRef[],
): Promise<{ assets: Asset[]; changeSet: ChangeSet | null }> {
  if (!others.length) throw fault('REQUIRED', 'from', 'Name at least one asset that is the same thing.')
  if (others.length > maxMerged)
    throw fault('LIMIT_REACHED', 'from', `At most ${maxMerged} assets at once; these are ${others.length}.`)
  const [keeper, ...merged] = await findParts(session, [into, ...others])
  const kind = kindOf(keeper!.kind as string)

  const observations = [keeper!, ...merged].flatMap((one) => one.observations as Observed[])
  const scopes = observations.filter(({ state }) => state !== 'GONE').map(({ scope }) => scope)
  if (new Set(scopes).size < scopes.length)
    throw fault(
      'INVALID',
      'from',
      'One listing of a source reports these as several things, so they are not the same. Retire what is not needed instead.',
    )
  const declared = { ...(keeper!.declared as Record<string, Declaration>) }
  for (const one of merged)
    for (const [name, declaration] of Object.entries(one.declared as Record<string, Declaration>))
      if (!declared[name] && !observationFor(observations, name)) declared[name] = declaration
  const fields = { declared, observations, ...effective(kind, { declared, observations }) }

  const about = { collection: 'assets' as const, recordKind: kind.kind }
  const id = keeper!._id as ObjectId
  const steps: (Step | null)[] = [
    difference(keeper!, about, fields),
    ...merged.map((one) =>
      difference(one, about, {
        observations: [],
        seenIn: [],
        drift: [],
        mergedInto: id,
        retiredAt: session.now,
        retiredBy: 'PERSON',
      }),
    ),
    ...(await movedRelations(session, keeper!, merged)),
    ...(await movedReferences(session, { kind, id, current: keeper!, fields, sources: [] }, merged)),
  ]
  const changeSet = await commit(
    session,
    {
      title: `Merge ${merged.length + 1} assets into ${String(keeper!.name)}`,
      origin: ChangeOrigin.MANUAL,
    },
    steps.filter((step) => step !== null),
  )
  return { assets: await findAssetsById(session, [id]), changeSet }
}

async function findParts(session: Session, refs: AssetRef[]): Promise<Document[]> {
  const types = allKinds().map(({ typeName }) => typeName)
  const keys = refs.map(({ id }) => decodeId(id, ...types).id)
  if (new Set(keys.map(String)).size < keys.length)
    throw fault('INVALID', 'from', 'An asset is named twice; it cannot be merged with itself.')
  const rows = await recordsOf(session.core, 'assets')
    .find({ _id: { $in: keys }, ...visible(session) })
    .toArray()
  const parts = keys.map((key) => rows.find((row) => key.equals(row._id as ObjectId)))
  const present = parts.filter((part) => part !== undefined)
  if (present.length < keys.length) throw new NotFound('asset')
  const stale = present.filter((part, index) => part.version !== refs[index]!.version)
  if (stale.length)
    throw new Conflict(
      stale.map(({ _id }) => String(_id)),
      [],
    )
  if (new Set(present.map(({ kind }) => kind as string)).size > 1)
    throw fault('INVALID', 'from', 'Only assets of the same kind can be the same thing.')
  const retired = present.find(({ retiredAt }) => retiredAt)
  if (retired) throw new BadInput(`${String(retired.name)} is retired. Restore it before you merge it.`)
  const foreign = present.find((part) => !mayReach(session, (part as Asset).access, 'ADMIN'))
  if (foreign)
    throw fault('FORBIDDEN', 'from', `Only those with the level ADMIN may merge ${String(foreign.name)}.`)
  return present
}

/** Relations of many to many begin and lead to the keeper from now on. */
async function movedRelations(session: Session, keeper: Document, merged: Document[]): Promise<Step[]> {
  const id = keeper._id as ObjectId
  const gone = new Set(merged.map(({ _id }) => String(_id)))
  const ids = merged.map(({ _id }) => _id as ObjectId)
  const edges = await recordsOf(session.core, 'relations')
    .find({
      kind: { $in: manyRelations.map(({ kind }) => kind) },
      $or: [{ from: { $in: ids } }, { to: { $in: ids } }],
      validTo: { $exists: false },
    })
    .limit(maxEdges + 1)
    .toArray()
  if (edges.length > maxEdges)
    throw fault(
      'LIMIT_REACHED',
      'from',
      `They have more than ${maxEdges} relations; that is too many to move at once.`,
    )
  const moved = new Map<string, Document & { from: ObjectId; to: ObjectId }>()
  for (const edge of edges) {
    const from = gone.has(String(edge.from)) ? id : (edge.from as ObjectId)
    const to = gone.has(String(edge.to)) ? id : (edge.to as ObjectId)
    if (!from.equals(to))
      moved.set(`${edge.kind as string} ${String(from)} ${String(to)}`, { ...edge, from, to })
  }
  const pairs = await findPairs(session, [...moved.values()])
  return [
    ...edges
      .map((edge) =>
        difference(
          edge,
          { collection: 'relations', recordKind: edge.kind as string, subject: edge.from as ObjectId },
          { validTo: session.now },
        ),
      )
      .filter((step) => step !== null),
    ...[...moved.values()].flatMap((edge) => {
      const earlier = pairs.filter(
        (one) =>
          one.kind === edge.kind &&
          edge.from.equals(one.from as ObjectId) &&
          edge.to.equals(one.to as ObjectId),
      )
      if (earlier.some(({ validTo }) => !validTo)) return []
      return [
        opening(session, {
          kind: edge.kind as string,
          from: edge.from,
          fromKind: edge.fromKind as string,
          to: edge.to,
          toKind: edge.toKind as string,
          properties: edge.properties as Record<string, unknown>,
          earlier: earlier.length,
        }),
      ]
    }),
  ]
}

/** What refers to the merged ones (a volume's server) refers to the keeper; the keeper's own references are kept too. */
async function movedReferences(session: Session, keeper: Edited, merged: Document[]): Promise<Step[]> {
  const ids = merged.map(({ _id }) => _id as ObjectId)
  const edited: Edited[] = []
  const steps: Step[] = []
  for (const kind of allKinds()) {
    const facts = kind.facts.filter(({ target }) => target === keeper.kind.kind)
    if (!facts.length) continue
    const referring = await recordsOf(session.core, 'assets')
      .find({ kind: kind.kind, $or: facts.map(({ name }) => ({ [name]: { $in: ids } })) })
      .limit(maxEdges + 1)
      .toArray()
    if (referring.length > maxEdges)
      throw fault(
        'LIMIT_REACHED',
        'from',
        `More than ${maxEdges} ${kind.plural} refer to them; that is too many to move at once.`,
      )
    for (const current of referring) {
      const names = facts
        .map(({ name }) => name)
        .filter((name) => ids.some((id) => id.equals(current[name] as ObjectId)))
      const declared = declare(
        session,
        current.declared as Record<string, Declaration>,
        Object.fromEntries(names.map((name) => [name, keeper.id])),
      )
      const fields = {
        declared,
        ...effective(kind, { declared, observations: current.observations as Observed[] }),
      }
      const step = difference(current, { collection: 'assets', recordKind: kind.kind }, fields)
      if (!step) continue
      steps.push(step)
      edited.push({ kind, id: current._id as ObjectId, current, fields, sources: [] })
    }
  }
  return [...steps, ...(await relationSteps(session, [keeper, ...edited]))]
}
