import { ObjectId } from 'mongodb'
import { type Asker, sessionOfAsker } from '../accounts/asker.ts'
import { accessOfNew, visible } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { CoreError, NotFound, Problem, UserFault } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import type { Running } from '../runs/perform.ts'
import { newScope, type RunScope, ScopeState } from '../runs/run.ts'
import { applyImport } from './applyImport.ts'
import { checkImport } from './checkImport.ts'
import { hydrateImport, type Import, type ImportMode, importsOf } from './import.ts'

/** What the run of an import needs to know. */
export interface ImportOrder extends Asker {
  mode: ImportMode | null
}

export interface ImportWork extends Running {
  scope: RunScope
}

/** Checks an import, or applies it where a mode is given. */
export async function runImport(core: Core, running: Running): Promise<void> {
  const { run } = running
  const scope = Object.assign(newScope(null, 'rows'), { state: ScopeState.LISTING, startedAt: new Date() })
  run.scopes = [scope]
  try {
    const { mode, ...asker } = run.input as unknown as ImportOrder
    const session = await sessionOfAsker(core, asker)
    accessOfNew(session)
    const work = {
      ...running,
      log: running.log.bind(running),
      progress: running.progress.bind(running),
      scope,
    }
    const found = await theImport(session, run.subject.id)
    if (mode) await applyImport(session, found, work, mode)
    else await checkImport(session, found, work)
  } catch (error) {
    throw named(error)
  }
  Object.assign(scope, { state: ScopeState.COMPLETE, finishedAt: new Date() })
}

async function theImport(session: Session, id: ObjectId): Promise<Import> {
  const found = await importsOf(session.core).findOne({ _id: id, ...visible(session, 'WRITE') })
  if (!found) throw new NotFound('import')
  return hydrateImport(found)
}

function named(error: unknown): unknown {
  if (error instanceof Problem || !(error instanceof CoreError)) return error
  return error instanceof UserFault
    ? new Problem('FILE_UNREADABLE', error.message, 'Mend the file and import it again. Nothing was changed.')
    : new Problem(error.code, error.message, 'Nothing was changed. Start it again.')
}
