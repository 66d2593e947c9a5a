import { ObjectId } from 'mongodb'
import { setTimeout as delay } from 'node:timers/promises'
import { finishDeletion } from '../accounts/deletion.ts'
import { inherited, type Shareable, shareables, sharedRecords } from '../accounts/shareable.ts'
import type { Principal } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { Conflict } from '../platform/errors.ts'
import { type Session, systemSession } from '../platform/session.ts'
import type { Running } from './perform.ts'
import { LogLevel, newScope, type Run, type RunScope, ScopeState } from './run.ts'

const batchSize = 200
/** A crawl may be about to save a page with a list that it has read before. */
const settleMs = 2_000

/** What a person or team had goes to the heir, in all lists, before the last trace of them is removed. */
export async function handOver(core: Core, running: Running): Promise<void> {
  const { run, signal } = running
  const session: Session = { ...systemSession(core, run.actor.name), actor: run.actor }
  const gone: Principal = {
    type: run.subject.type === 'Team' ? 'TEAM' : 'USER',
    principal: run.subject.id,
  }
  const heir = readHeir(run)
  // Connections first: they are the template of what is discovered meanwhile.
  const order = shareables().toSorted((a, b) => rank(a) - rank(b))
  run.scopes = order.map(({ collection }) => newScope(null, collection))
  for (const [index, shareable] of order.entries()) {
    const scope = run.scopes[index]!
    Object.assign(scope, { state: ScopeState.LISTING, startedAt: new Date() })
    await pass(session, shareable, gone, heir, scope, running)
  }
  await delay(settleMs, undefined, { signal })
  for (const [index, shareable] of order.entries()) {
    const scope = run.scopes[index]!
    await pass(session, shareable, gone, heir, scope, running)
    Object.assign(scope, { state: ScopeState.COMPLETE, finishedAt: new Date() })
  }
  await finishDeletion(session, gone, heir)
  running.log(LogLevel.INFO, 'Everything was handed over, and the account is gone.')
}

const rank = ({ collection }: Shareable) => (collection === 'connections' ? 0 : 1)

const readHeir = ({ input }: Run): Principal => {
  const { type, principal } = input!.heir as { type: Principal['type']; principal: ObjectId | string }
  return { type, principal: new ObjectId(principal) }
}

async function pass(
  session: Session,
  shareable: Shareable,
  gone: Principal,
  heir: Principal,
  scope: RunScope,
  { signal, progress }: Running,
) {
  for (;;) {
    signal.throwIfAborted()
    const records = await sharedRecords(session.core, shareable)
      .find({ 'access.principal': gone.principal })
      .limit(batchSize)
      .toArray()
    if (!records.length) return
    const edits = records.map((record) => ({
      record,
      access: inherited(record.access, gone.principal, heir),
    }))
    try {
      await shareable.save(session, edits, `Hand over ${records.length} ${shareable.collection}`)
    } catch (error) {
      // Somebody was faster; the next look takes the rest.
      if (!(error instanceof Conflict)) throw error
      continue
    }
    scope.counts.found += records.length
    scope.counts.changed += records.length
    progress()
  }
}
