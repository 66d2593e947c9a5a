import { createHash } from 'node:crypto'
import type { Document, ObjectId } from 'mongodb'
import { commit, type Step } from '../history/commit.ts'
import { ChangeOrigin, recordsOf } from '../history/records.ts'
import { creation, difference } from '../history/step.ts'
import type { Declaration } from '../inventory/asset.ts'
import { effective } from '../inventory/effective.ts'
import { type Kind, kindOf } from '../inventory/kinds.ts'
import { type Observed, ObservationState } from '../inventory/observation.ts'
import { type Edited, relationSteps } from '../inventory/references.ts'
import { type AccessEntry, covers } from '../platform/access.ts'
import { Conflict } from '../platform/errors.ts'
import { derivedId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import type { RunCounts } from '../runs/run.ts'
import { type Connection, connectionsOf } from './connection.ts'
import type { CrawlerResource, Observation } from './crawler.ts'
import { scopeId } from './scope.ts'
import type { SeenIds } from './seenIds.ts'

/** What a listing is reconciled with. */
export interface Target {
  connection: Connection
  account: string
  region: string | null
  resource: CrawlerResource
  run: ObjectId
}

/** How often a page is tried again when people edit the same assets meanwhile. */
const maxAttempts = 8

/**
 * Brings one page of a listing into the graph, as one change set. Things that are as they were cost one read of a
 * checksum and no write. Doing a page twice changes nothing the second time.
 */
export async function reconcilePage(
  session: Session,
  target: Target,
  observations: Observation[],
  seen: SeenIds,
  counts: RunCounts,
): Promise<void> {
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
    const steps = await stepsFor(session, target, [...latest.values()], seen, outcome)
    const title = `${target.connection.name}: ${steps.length ? describe(outcome) : 'nothing new'}${inRegion(target)}`
    try {
      await commit(
        session,
        { title, origin: ChangeOrigin.CRAWL, run: target.run, about: target.connection._id },
        steps,
      )
    } catch (error) {
      if (error instanceof Conflict && attempt < maxAttempts) continue
      throw error
    }
    for (const name of Object.keys(outcome) as (keyof typeof outcome)[]) counts[name] += outcome[name]
    return
  }
}

/** The id of a discovered thing follows from who reports it and the provider's own id; never from a name or an address. */
export const identityOf = (session: Session, { connection, account, resource }: Target, externalId: string) =>
  derivedId('asset', session.workspace, connection.provider, account, resource.name, externalId)

/** The same for what somebody else looks after under that id already, and this connection has nothing to do with. */
export const ownIdentityOf = (session: Session, target: Target, externalId: string) =>
  derivedId('own', identityOf(session, target, externalId).toHexString(), target.connection._id.toHexString())

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
): Promise<Step[]> {
  const kind = kindOf(target.resource.kind)
  const scope = scopeId(target.connection._id, target.region, target.resource.name)
  const { candidates, known } = await identified(session, target, scope, found, seen)
  const moved = candidates.filter(({ id, observation, checksum }) => {
    const asset = known.get(id.toHexString())
    const same = (asset?.observations as Observed[] | undefined)?.some(
      (one) => one.scope === scope && one.checksum === checksum && one.state === stateOf(observation),
    )
    // What ended before anybody knew it is no news, and neither is what is as it was.
    const nothingNew = asset ? same : observation.ended
    if (nothingNew) outcome.unchanged++
    return !nothingNew
  })
  const current = await fullRecords(
    session,
    moved.filter(({ id }) => known.has(id.toHexString())),
  )
  const steps: Step[] = []
  const edited: Edited[] = []
  for (const candidate of moved) {
    const before = current.get(candidate.id.toHexString()) ?? null
    const { fields, step } = observed(session, target, kind, scope, candidate, before)
    if (!step) continue
    steps.push(step)
    edited.push({ kind, id: candidate.id, current: before, fields, sources: [scope] })
    if (!before) outcome.created++
    else if (candidate.observation.ended) outcome.gone++
    else if (step.action === 'RESTORED') outcome.restored++
    else outcome.changed++
  }
  steps.push(...(await relationSteps(session, edited)))
  return steps
}

function observed(
  session: Session,
  target: Target,
  kind: Kind,
  scope: string,
  { id, observation, checksum }: Candidate,
  current: Document | null,
): { fields: Record<string, unknown>; step: Step | null } {
  const about = { collection: 'assets' as const, recordKind: kind.kind }
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
    values: withDatacenter(target, kind, observation),
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

const withDatacenter = ({ connection }: Target, kind: Kind, { values }: Observation) =>
  kind.facts.some((fact) => fact.name === 'datacenter')
    ? { ...values, datacenter: connection.datacenter }
    : values

/** Of what Maestro understands, not of the raw record: what is not shown may change without a trace. */
const checksumOf = (target: Target, observation: Observation) =>
  createHash('sha1')
    .update(JSON.stringify([target.connection.datacenter.toHexString(), observation.values]))
    .digest('base64')

/**
 * The candidates under the ids that they have here, and what is known of them. Two connections report one asset only
 * if somebody may change both: else whoever claims another's account could write into their servers.
 */
async function identified(
  session: Session,
  target: Target,
  scope: string,
  found: Candidate[],
  seen: SeenIds,
): Promise<{ candidates: Candidate[]; known: Map<string, Document> }> {
  const { candidates: living, known } = await followed(session, found, seen)
  const foreign = new Set(
    living.filter(({ id }) => {
      const asset = known.get(id.toHexString())
      return asset && !isOurs(target, scope, asset)
    }),
  )
  if (!foreign.size) return { candidates: living, known }
  const candidates = living.map((one) =>
    foreign.has(one) ? { ...one, id: ownIdentityOf(session, target, one.observation.externalId) } : one,
  )
  for (const { id } of candidates) seen.add(id)
  return { candidates, known: await fingerprints(session, candidates) }
}

/** How often a thing may have been merged into another one that was merged again. */
const maxMerges = 10

/** What was merged into another asset goes on as that one. */
async function followed(
  session: Session,
  found: Candidate[],
  seen: SeenIds,
): Promise<{ candidates: Candidate[]; known: Map<string, Document> }> {
  let candidates = found
  let known = await fingerprints(session, candidates)
  for (let hop = 0; hop < maxMerges; hop++) {
    const merged = ({ id }: Candidate) => known.get(id.toHexString())?.mergedInto as ObjectId | undefined
    const moved = candidates.filter(merged)
    if (!moved.length) break
    candidates = candidates.map((one) => ({ ...one, id: merged(one) ?? one.id }))
    for (const { id } of candidates) seen.add(id)
    known = await fingerprints(session, candidates)
  }
  return { candidates, known }
}

function isOurs({ connection }: Target, scope: string, asset: Document): boolean {
  if ((asset.observations as Observed[]).some((one) => one.scope === scope)) return true
  const writers = (access: AccessEntry[]) =>
    access.filter(({ level }) => covers(level, 'WRITE')).map(({ principal }) => principal.toHexString())
  const theirs = new Set(writers(asset.access as AccessEntry[]))
  return writers(connection.access).some((principal) => theirs.has(principal))
}

async function fingerprints(session: Session, candidates: Candidate[]): Promise<Map<string, Document>> {
  const rows = await recordsOf(session.core, 'assets')
    .find({ _id: { $in: candidates.map(({ id }) => id) } })
    .project({
      access: 1,
      mergedInto: 1,
      'observations.scope': 1,
      'observations.checksum': 1,
      'observations.state': 1,
    })
    .batchSize(candidates.length + 1)
    .toArray()
  return new Map(rows.map((row) => [String(row._id), row]))
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

export const inRegion = (target: Target) => (target.region ? ` (${target.region})` : '')
