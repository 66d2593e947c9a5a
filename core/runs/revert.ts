import { type Asker, askerOf, sessionOfAsker } from '../accounts/asker.ts'
import type { CallerSession } from '../accounts/caller.ts'
import { recover } from '../history/commit.ts'
import { findBeyondReach, getChangeSet } from '../history/read.ts'
import { changeSetsOf, changesOf } from '../history/records.ts'
import { getStanding, type Revert, revertChangeSet } from '../inventory/revert.ts'
import type { Core } from '../platform/core.ts'
import { CoreError, fault, Problem } from '../platform/errors.ts'
import { encodeId } from '../platform/ids.ts'
import type { Running } from './perform.ts'
import { requestRun } from './request.ts'
import { LogLevel, newScope, noCounts, type Run, ScopeState } from './run.ts'

/** A set of up to this many changes is taken back while the caller waits. */
const maxInline = 200

/** Takes a change set back: at once when it is small, else in a run. */
export async function requestRevert(
  session: CallerSession,
  id: string,
): Promise<Revert & { run: Run | null }> {
  const { core } = session
  const set = await getStanding(session, id)
  const size = await changesOf(core).countDocuments({ set: set._id }, { limit: maxInline + 1 })
  if (size <= maxInline) return { ...(await revertChangeSet(session, set)), run: null }
  if ((await findBeyondReach(session, [set._id])).size)
    throw fault('FORBIDDEN', null, 'You may not change everything that this change set touched.')
  const { owner } = session.reach
  const { run } = await requestRun(session, {
    kind: 'revert',
    title: `Undo: ${set.title}`,
    subject: { type: 'ChangeSet', id: set._id },
    access: owner ? [{ ...owner, level: 'ADMIN' }] : [],
    input: { ...askerOf(session) },
  })
  return { changeSet: null, kept: [], run }
}

/** Takes a large change set back. A worker that is lost is followed by one that finds what was done. */
export async function runRevert(core: Core, running: Running): Promise<void> {
  const { run } = running
  const scope = Object.assign(newScope(null, 'changes'), {
    state: ScopeState.LISTING,
    startedAt: new Date(),
  })
  run.scopes = [scope]
  try {
    await recover(core)
    const done = await changeSetsOf(core).findOne({ run: run._id, state: 'COMMITTED' })
    if (!done) {
      const session = await sessionOfAsker(core, run.input as unknown as Asker)
      const set = await getChangeSet(session, encodeId('ChangeSet', run.subject.id))
      const { changeSet, kept } = await revertChangeSet(session, set, {
        run: run._id,
        progress(found, left) {
          running.signal.throwIfAborted()
          scope.counts = { ...noCounts(), found, unchanged: left }
          running.progress()
        },
      })
      if (kept.length)
        running.log(LogLevel.WARNING, `${scope.counts.unchanged} things were changed again since and stay.`)
      if (!changeSet) running.log(LogLevel.INFO, 'Nothing was left to take back.')
      scope.counts.changed = scope.counts.found - scope.counts.unchanged
    }
  } catch (error) {
    if (error instanceof Problem || !(error instanceof CoreError)) throw error
    throw new Problem(error.code, error.message, 'Nothing was changed. Start it again.')
  }
  Object.assign(scope, { state: ScopeState.COMPLETE, finishedAt: new Date() })
}
