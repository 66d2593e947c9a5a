import type { Document, ObjectId } from 'mongodb'
import type { Step } from '../history/commit.ts'
import { ChangeOrigin, recordsOf } from '../history/records.ts'
import { difference } from '../history/step.ts'
import type { Declaration } from '../inventory/asset.ts'
import { effective } from '../inventory/effective.ts'
import { kindOf } from '../inventory/kinds.ts'
import { type Observed, ObservationState } from '../inventory/observation.ts'
import { Conflict } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import type { RunCounts } from '../runs/run.ts'
import { observedRelationSteps, type Reported } from './observedRelations.ts'
import { retirement } from './reconcile.ts'
import type { SeenIds } from './seenIds.ts'
import { inRegion, scopeOf, type Target } from './target.ts'

const batchSize = 500
const maxAttempts = 8

/**
 * Marks what a complete listing did not contain: MISSING the first time, GONE and retired the next. Only to be called
 * when the listing came to its end.
 */
export async function sweep(
  session: Session,
  target: Target,
  seen: SeenIds,
  counts: RunCounts,
): Promise<void> {
  const scope = scopeOf(target)
  const held = recordsOf(session.core, 'assets')
    .find({ seenIn: scope })
    .project<{ _id: ObjectId }>({ _id: 1 })
    .batchSize(10_000)
  let unseen: ObjectId[] = []
  for await (const { _id } of held) {
    if (seen.has(_id)) continue
    unseen.push(_id)
    if (unseen.length < batchSize) continue
    await mark(session, target, scope, unseen, counts)
    unseen = []
  }
  if (unseen.length) await mark(session, target, scope, unseen, counts)
}

interface Outcome {
  missing: number
  /** With the relations that are still reported of them: none. */
  gone: Reported[]
}

async function mark(session: Session, target: Target, scope: string, ids: ObjectId[], counts: RunCounts) {
  for (let attempt = 1; ; attempt++) {
    const records = await recordsOf(session.core, 'assets')
      .find({ _id: { $in: ids }, seenIn: scope })
      .toArray()
    const outcome: Outcome = { missing: 0, gone: [] }
    const steps = records
      .map((record) => stepFor(session, target, scope, record, outcome))
      .filter((step) => step !== null)
    steps.push(...(await observedRelationSteps(session, scope, outcome.gone)))
    const total = outcome.missing + outcome.gone.length
    const title = `${total} ${target.resource.label} ${total === 1 ? 'is' : 'are'} no longer reported by ${target.connection.name}${inRegion(target)}`
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
    counts.missing += outcome.missing
    counts.gone += outcome.gone.length
    return
  }
}

function stepFor(
  session: Session,
  target: Target,
  scope: string,
  record: Document,
  outcome: Outcome,
): Step | null {
  const kind = kindOf(record.kind as string)
  const own = (record.observations as Observed[]).find((one) => one.scope === scope)
  // A run that is done again must not take its own first look for the second listing.
  if (!own || (own.state === ObservationState.MISSING && own.run.equals(target.run))) return null
  const state = own.state === ObservationState.MISSING ? ObservationState.GONE : ObservationState.MISSING
  if (state === ObservationState.MISSING) outcome.missing++
  else outcome.gone.push({ kind, id: record._id as ObjectId, relations: [] })
  const observations = (record.observations as Observed[]).map((one) =>
    one === own ? { ...one, state, changedAt: session.now, run: target.run } : one,
  )
  const declared = record.declared as Record<string, Declaration>
  return difference(
    record,
    { collection: 'assets', recordKind: kind.kind },
    {
      observations,
      ...effective(kind, { declared, observations }),
      ...retirement(session, record, observations),
    },
  )
}
