import { createHash } from 'node:crypto'
import type { Document, ObjectId } from 'mongodb'
import type { Step } from '../history/commit.ts'
import { ChangeOrigin, type Fields, recordsOf } from '../history/records.ts'
import { creation, difference } from '../history/step.ts'
import type { Declaration } from '../inventory/asset.ts'
import { effective } from '../inventory/effective.ts'
import { type Kind, kindOf } from '../inventory/kinds.ts'
import { type Observed, ObservationState } from '../inventory/observation.ts'
import { type Edited, relationSteps } from '../inventory/references.ts'
import { Conflict } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import type { RunCounts } from '../runs/run.ts'
import { connectionsOf } from './connection.ts'
import type { Observation } from './crawler.ts'
import { followed, identityOf, isOurs, ownIdentityOf } from './identity.ts'
import { observedRelationSteps, type Reported } from './observedRelations.ts'
import { findArrived, type Resolved, resolveRefs } from './referred.ts'
import type { SeenIds } from './seenIds.ts'
import { inRegion, scopeOf, type Target } from './target.ts'

/** How often a page is tried again when people edit the same assets meanwhile. */
const maxAttempts = 8

/**
 * Brings one page of a listing into the graph, as one change set. Things that are as they were cost one read of a
 * checksum and no write. Doing a page twice changes nothing the second time.
 *
 * @returns those that refer to things that are not there yet; do them again when more is. What is as it was is among
 *   them only where `others` are listed in the same run, which may bring what it waits for.
 */
export async function reconcilePage(
  session: Session,
  target: Target,
  observations: Observation[],
  seen: SeenIds,
  counts: RunCounts,
  others = false,
): Promise<Observation[]> {
  await refreshAccess(session, target)
  const latest = new Map<string, { id: ObjectId; observation: Observation; checksum: string }>()
  for (const observation of observations) {
    const id = identityOf(session, target, observation.externalId)
    if (seen.add(id)) counts.found++
    // AWS repeats instances across pages; the last one wins.
    latest.set(id.toHexString(), { id, observation, checksum: checksumOf(target, observation) })
  }
  for (let attempt = 1; ; attempt++) {
    const outcome = { created: 0, changed: 0, unchanged: 0, restored: 0, gone: 0 }
    const { steps, waiting, unchanged } = await stepsFor(session, target, [...latest.values()], seen, outcome)
    const title = `${target.connection.name}: ${steps.length ? describe(outcome) : 'nothing new'}${inRegion(target)}`
    try {
      await target.save(
        session,
        { title, origin: ChangeOrigin.CRAWL, run: target.run, about: target.connection._id },
        steps,
      )
    } catch (error) {
      if (error instanceof Conflict && attempt < maxAttempts) continue
      throw error
    }
    for (const name of Object.keys(outcome) as (keyof typeof outcome)[]) counts[name] += outcome[name]
    return others ? [...waiting, ...unchanged] : waiting
  }
}

/** What is discovered is seen by whoever may see the connection now, not by whoever could when the crawl began. */
async function refreshAccess({ core }: Session, { connection }: Target) {
  const found = await connectionsOf(core).findOne({ _id: connection._id }, { projection: { access: 1 } })
  if (found) connection.access = found.access
}

type Outcome = Pick<RunCounts, 'created' | 'changed' | 'unchanged' | 'restored' | 'gone'>
interface Candidate {
  id: ObjectId
  observation: Observation
  checksum: string
}

async function stepsFor(
  session: Session,
  target: Target,
  found: Candidate[],
  seen: SeenIds,
  outcome: Outcome,
): Promise<{ steps: Step[]; waiting: Observation[]; unchanged: Observation[] }> {
  const kind = kindOf(target.resource.kind)
  const scope = scopeOf(target)
  const { candidates, known } = await identified(session, target, found, seen)
  const ownOf = ({ id }: Candidate) =>
    (known.get(id.toHexString())?.observations as Observed[] | undefined)?.find((one) => one.scope === scope)
  const arrived = await findArrived(
    session,
    candidates.flatMap((one) => ownOf(one)?.awaits ?? []),
  )
  const unchanged: Observation[] = []
  const moved = candidates.filter((candidate) => {
    const { id, observation, checksum } = candidate
    const own = ownOf(candidate)
    const same = own?.checksum === checksum && own.state === stateOf(observation)
    const waits = own?.awaits?.some((one) => arrived.has(one.toHexString()))
    // What ended before anybody knew it is no news, and neither is what is as it was.
    const nothingNew = known.has(id.toHexString()) ? same && !waits : observation.ended
    if (nothingNew) outcome.unchanged++
    if (nothingNew && own?.awaits?.length) unchanged.push(observation)
    return !nothingNew
  })
  const resolve = await resolveRefs(session, target, kind, moved)
  const current = await fullRecords(
    session,
    moved.filter(({ id }) => known.has(id.toHexString())),
  )
  const steps: Step[] = []
  const edited: Edited[] = []
  const reported: Reported[] = []
  const waiting: Observation[] = []
  for (const candidate of moved) {
    const before = current.get(candidate.id.toHexString()) ?? null
    const resolved = resolve(candidate.observation)
    if (resolved.awaits.length) waiting.push(candidate.observation)
    const { fields, step } = observed(session, target, kind, candidate, resolved, before)
    if (resolved.relations) reported.push({ kind, id: candidate.id, relations: resolved.relations })
    if (!step) continue
    steps.push(step)
    edited.push({ kind, id: candidate.id, current: before, fields, sources: [scope] })
    if (!before) outcome.created++
    else if (candidate.observation.ended) outcome.gone++
    else if (step.action === 'RESTORED') outcome.restored++
    else outcome.changed++
  }
  steps.push(...(await relationSteps(session, edited)))
  steps.push(...(await observedRelationSteps(session, scope, reported)))
  return { steps, waiting, unchanged }
}

function observed(
  session: Session,
  target: Target,
  kind: Kind,
  { id, observation, checksum }: Candidate,
  { values, awaits }: Resolved,
  current: Document | null,
): { fields: Record<string, unknown>; step: Step | null } {
  const about = { collection: 'assets' as const, recordKind: kind.kind }
  const scope = scopeOf(target)
  const own: Observed = {
    scope,
    connection: target.connection._id,
    region: target.region,
    resource: target.resource.name,
    externalId: observation.externalId,
    state: stateOf(observation),
    changedAt: session.now,
    run: target.run,
    checksum,
    values: withDatacenter(target, kind, values),
    ...(awaits.length && { awaits }),
  }
  const others = ((current?.observations as Observed[] | undefined) ?? []).filter(
    (one) => one.scope !== scope,
  )
  const observations = [...others, own]
  const declared = (current?.declared as Record<string, Declaration> | undefined) ?? {}
  const fields: Record<string, unknown> = { observations, ...effective(kind, { declared, observations }) }
  if (current) {
    Object.assign(fields, retirement(session, current, observations))
    return { fields, step: difference(current, about, fields) }
  }
  const record = {
    kind: kind.kind,
    workspace: session.workspace,
    createdAt: session.now,
    access: target.connection.access,
    declared,
    ...fields,
  }
  return { fields, step: creation(id, about, record) }
}

/** An asset is retired when its last source lost it, and is back when one reports it again, unless a person retired it. */
export function retirement(
  session: Session,
  current: Document,
  observations: Observed[],
): Record<string, unknown> {
  const alive = observations.some((one) => one.state !== ObservationState.GONE)
  if (!alive && !current.retiredAt) return { retiredAt: session.now, retiredBy: 'CRAWL' }
  if (alive && current.retiredBy === 'CRAWL') return { retiredAt: null, retiredBy: null }
  return {}
}

const stateOf = (observation: Observation) =>
  observation.ended ? ObservationState.GONE : ObservationState.PRESENT

const withDatacenter = ({ connection }: Target, kind: Kind, values: Fields) =>
  kind.facts.some((fact) => fact.name === 'datacenter')
    ? { ...values, datacenter: connection.datacenter }
    : values

/** Of what Maestro understands, not of the raw record: what is not shown may change without a trace. */
const checksumOf = ({ connection }: Target, { values, relations }: Observation) =>
  createHash('sha1')
    .update(JSON.stringify([connection.datacenter.toHexString(), values, ...(relations ?? [])]))
    .digest('base64')

/**
 * The candidates under the ids that they have here, and what is known of them: what was merged goes on as what it was
 * merged into, and what belongs to others gets an asset of our own.
 */
async function identified(
  session: Session,
  target: Target,
  found: Candidate[],
  seen: SeenIds,
): Promise<{ candidates: Candidate[]; known: Map<string, Document> }> {
  const { known, lead } = await followed(
    session,
    found.map(({ id }) => id),
  )
  const foreign = new Set(
    found.filter(({ id }) => {
      const asset = known.get(lead(id).toHexString())
      return asset && !isOurs(target, asset)
    }),
  )
  const ownId = ({ observation }: Candidate) => ownIdentityOf(session, target, observation.externalId)
  const own = await followed(session, [...foreign].map(ownId))
  const candidates = found.map((one) => ({
    ...one,
    id: foreign.has(one) ? own.lead(ownId(one)) : lead(one.id),
  }))
  for (const { id } of candidates) seen.add(id)
  return { candidates, known: new Map([...known, ...own.known]) }
}

async function fullRecords(session: Session, candidates: Candidate[]): Promise<Map<string, Document>> {
  if (!candidates.length) return new Map()
  const rows = await recordsOf(session.core, 'assets')
    .find({ _id: { $in: candidates.map(({ id }) => id) } })
    .batchSize(candidates.length + 1)
    .toArray()
  return new Map(rows.map((row) => [String(row._id), row]))
}

const describe = (outcome: Outcome) =>
  (['created', 'changed', 'restored', 'gone'] as const)
    .filter((name) => outcome[name])
    .map((name) => `${outcome[name]} ${words[name]}`)
    .join(', ')

const words = { created: 'new', changed: 'changed', restored: 'back', gone: 'ended' }
