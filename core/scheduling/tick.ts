import type { ObjectId } from 'mongodb'
import { type Connection, connectionsOf } from '../discovery/connection.ts'
import type { CrawlInput } from '../discovery/crawl.ts'
import { requestCrawl } from '../discovery/requestCrawl.ts'
import type { Core } from '../platform/core.ts'
import { derivedId } from '../platform/ids.ts'
import { systemSession } from '../platform/session.ts'
import { hasEnded, type Run, RunState, runsOf, ScopeState } from '../runs/run.ts'
import { follow } from './chain.ts'
import { type Schedule, schedulesOf, slowness } from './schedule.ts'
import { nextTime, timesMissed } from './when.ts'

/** What one look does; the next one does more. */
const portion = 500
/** Asked again after this, where another run of the same connection is still at it. */
const retryMs = 30_000

/**
 * Notes how earlier runs have ended and starts what is due. Any worker may do it at any time, also two at once: the run
 * of a due time has an id that follows from it, so that it begins once.
 */
export async function tick(core: Core, now = new Date()): Promise<void> {
  await settle(core, now)
  const due = await schedulesOf(core)
    .find({ paused: false, nextAt: { $lte: now } })
    .sort({ nextAt: 1 })
    .limit(portion)
    .toArray()
  for (const [, schedules] of Map.groupBy(due, ({ connection }) => connection.toHexString()))
    await start(core, schedules, now)
}

/** Reads all that is due of one connection in one run. */
async function start(core: Core, schedules: Schedule[], now: Date) {
  const connection = await connectionsOf(core).findOne({ _id: schedules[0]!.connection })
  if (!connection) return void (await forget(core, schedules))
  // Switched off is not paused: it goes on with its beat when somebody switches it on.
  if (!connection.enabled)
    return void (await Promise.all(schedules.map((one) => advance(core, one, now, null))))
  const run = await ask(core, connection, schedules)
  await Promise.all(
    schedules.map((schedule) =>
      run ? advance(core, schedule, now, run) : postpone(core, schedule, new Date(+now + retryMs)),
    ),
  )
}

/** The run that does it; null while another run of the connection does something else. */
async function ask(core: Core, connection: Connection, schedules: Schedule[]): Promise<Run | null> {
  const due = schedules.map(({ _id, nextAt }) => `${_id.toHexString()} ${+nextAt!}`)
  const resources = schedules.map(({ resource }) => resource).sort()
  const session = { ...systemSession(core, 'Schedule'), workspace: connection.workspace }
  const id = derivedId('scheduled', ...due.sort())
  const { run } = await requestCrawl(session, connection, { resources, id })
  const { resources: wanted, dryRun } = (run.input ?? {}) as CrawlInput
  return !dryRun && (!wanted || resources.every((resource) => wanted.includes(resource))) ? run : null
}

/** Only the one who finds it as due as it was moves it on. */
async function advance(core: Core, schedule: Schedule, now: Date, run: Run | null) {
  const due = schedule.nextAt!
  const period = slowness(schedule.failures)
  const next = nextTime(schedule, due, now)
  const slowed = period > 1 && schedule.everyMinutes
  const nextAt = slowed ? new Date(+due + period * schedule.everyMinutes! * 60_000) : next
  const missed = timesMissed(schedule, due, now)
  await schedulesOf(core).updateOne(
    { _id: schedule._id, nextAt: due },
    {
      $set: {
        nextAt: nextAt && nextAt > now ? nextAt : next,
        ...(run && { lastAt: now, lastRun: run._id, awaits: run._id }),
      },
      ...(missed && { $inc: { missed } }),
    },
  )
}

const postpone = (core: Core, { _id, nextAt }: Schedule, until: Date) =>
  schedulesOf(core).updateOne({ _id, nextAt }, { $set: { nextAt: until } })

const forget = (core: Core, schedules: Schedule[]) =>
  schedulesOf(core).deleteMany({ _id: { $in: schedules.map(({ _id }) => _id) } })

/** Failures in a row are counted per resource: that one region has failed is no reason to read others less often. */
async function settle(core: Core, now: Date) {
  const waiting = await schedulesOf(core)
    .find({ awaits: { $exists: true } })
    .limit(portion)
    .toArray()
  if (!waiting.length) return
  const runs = await runsOf(core)
    .find({ _id: { $in: waiting.map(({ awaits }) => awaits!) } })
    .project<Run>({ state: 1, scopes: 1 })
    .toArray()
  for (const schedule of waiting) {
    const run = runs.find(({ _id }) => _id.equals(schedule.awaits!))
    if (run && !hasEnded(run)) continue
    await note(core, schedule, run ? outcomeOf(run, schedule.resource) : 'UNKNOWN', now)
  }
}

type Outcome = 'DONE' | 'FAILED' | 'UNKNOWN'

function outcomeOf(run: Run, resource: string): Outcome {
  if (run.state === RunState.CANCELLED) return 'UNKNOWN'
  const scopes = run.scopes.filter((scope) => scope.resource === resource)
  const failed = scopes.length
    ? scopes.some(({ state }) => state === ScopeState.INCOMPLETE)
    : run.state === RunState.FAILED
  return failed ? 'FAILED' : 'DONE'
}

async function note(core: Core, schedule: Schedule, outcome: Outcome, now: Date) {
  const ended = ({ DONE: 'SUCCESS', FAILED: 'FAILURE', UNKNOWN: 'STOPPED' } as const)[outcome]
  // Noted first: were this worker lost in between, another one would note the same.
  await follow(core, schedule._id, schedule.awaits!, { outcome: ended, path: [schedule._id], now })
  const failures = outcome === 'FAILED' ? schedule.failures + 1 : outcome === 'DONE' ? 0 : schedule.failures
  const { everyMinutes, lastAt } = schedule
  const slowed = slowness(failures)
  const later = slowed > 1 && everyMinutes && lastAt && new Date(+lastAt + slowed * everyMinutes * 60_000)
  await schedulesOf(core).updateOne(
    { _id: schedule._id, awaits: schedule.awaits as ObjectId },
    {
      $set: { failures, ...(later && later > now && { nextAt: later }) },
      $unset: { awaits: 1 },
    },
  )
}
