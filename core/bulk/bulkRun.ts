import { type Asker, sessionOfAsker } from '../accounts/asker.ts'
import { ChangeOrigin } from '../history/records.ts'
import type { Part } from '../inventory/part.ts'
import type { Core } from '../platform/core.ts'
import { CoreError, NotFound, Problem, UserFault } from '../platform/errors.ts'
import { commitOnce } from '../runs/commitOnce.ts'
import type { Running } from '../runs/perform.ts'
import { LogLevel, newScope, noCounts, type RunScope, ScopeState } from '../runs/run.ts'
import { bulkEditsOf } from './bulkEdit.ts'
import { stepsOf } from './changeMany.ts'
import { type Work, works } from './works.ts'

/** Does a bulk edit as one change set, which becomes visible at once; however often it is begun, it is done once. */
export async function runBulk(core: Core, running: Running): Promise<void> {
  const { run, signal } = running
  const edit = await bulkEditsOf(core).findOne({ _id: run.subject.id })
  const resource = edit?.work === 'relate' ? 'relations' : 'assets'
  const scope = Object.assign(newScope(null, resource), { state: ScopeState.LISTING, startedAt: new Date() })
  run.scopes = [scope]
  try {
    if (!edit) throw new NotFound('bulk edit')
    const session = await sessionOfAsker(core, run.input as unknown as Asker)
    const work = works[edit.work] as Work<object>
    const intention = { title: run.title, origin: ChangeOrigin.MANUAL }
    const set = await commitOnce(session, run, intention, () => {
      scope.counts = noCounts()
      return stepsOf(work.parts(session, edit.input), (part) => {
        signal.throwIfAborted()
        note(scope, part, resource)
        running.progress()
      })
    })
    const { changed, retired, restored, created } = set?.counts ?? noChanges
    running.log(
      LogLevel.INFO,
      set
        ? `${changed + retired + restored + created} changed, in one change set.`
        : 'Everything was as it should become; nothing was written.',
    )
  } catch (error) {
    throw named(error, running)
  }
  Object.assign(scope, { state: ScopeState.COMPLETE, finishedAt: new Date() })
}

const noChanges = { created: 0, changed: 0, retired: 0, restored: 0 }

function note({ counts }: RunScope, { found, steps, faults }: Part, resource: string) {
  const own = steps.filter(({ collection }) => collection === resource).length
  counts.found += found
  counts.changed += own
  counts.quarantined += faults.length
  if (!faults.length) counts.unchanged += found - own
}

function named(error: unknown, running: Running): unknown {
  if (error instanceof Problem || !(error instanceof CoreError)) return error
  if (!(error instanceof UserFault))
    return new Problem(error.code, error.message, 'Nothing was changed. Start it again.')
  for (const { message } of error.faults.slice(0, maxLines)) running.log(LogLevel.ERROR, message)
  return new Problem(
    'CHANGE_REFUSED',
    `${error.faults[0]!.message} Nothing was changed.`,
    'The log names what could not be changed. Leave it out, or ask whoever may change it.',
  )
}

const maxLines = 100
