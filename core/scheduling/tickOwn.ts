import type { Core } from '../platform/core.ts'
import { derivedId } from '../platform/ids.ts'
import { actions, type End } from './actions.ts'
import { follow } from './chain.ts'
import { addOccurrence, Cause, type Occurrence, occurrencesOf, OccurrenceState } from './occurrence.ts'
import { type OwnSchedule, ownSchedulesOf } from './ownSchedule.ts'
import { nextTime, timesMissed } from './when.ts'

/** What one look does; the next one does more. */
const portion = 500
/** Asked again after this, where another run of the same connection is still at it. */
const retryMs = 30_000

/**
 * Notes how people's own schedules have ended, and starts what is due. Any worker may do it at any time, also two at
 * once: whatever is started has an id that follows from the time at which it was due, or from what it follows.
 */
export async function tickOwn(core: Core, now = new Date()): Promise<void> {
  const started = await occurrencesOf(core)
    .find({ state: OccurrenceState.STARTED })
    .sort({ dueAt: 1 })
    .limit(portion)
    .toArray()
  for (const occurrence of started) await settle(core, occurrence, now)
  const due = await ownSchedulesOf(core)
    .find({ paused: false, nextAt: { $lte: now } })
    .sort({ nextAt: 1 })
    .limit(portion)
    .toArray()
  for (const schedule of due) await callUp(core, schedule, now)
  const waiting = await occurrencesOf(core)
    .find({ state: OccurrenceState.WAITING, dueAt: { $lte: now } })
    .sort({ dueAt: 1 })
    .limit(portion)
    .toArray()
  for (const occurrence of waiting) await start(core, occurrence, now)
}

/** The one who finds it as due as it was moves it on; what is noted twice is one. */
async function callUp(core: Core, schedule: OwnSchedule, now: Date) {
  const due = schedule.nextAt!
  const missed = timesMissed(schedule, due, now)
  const id = derivedId('occurrence', schedule._id.toHexString(), String(+due))
  const before = await occurrencesOf(core).findOne({
    schedule: schedule._id,
    state: OccurrenceState.WAITING,
    cause: Cause.TIME,
    _id: { $ne: id },
  })
  await addOccurrence(core, {
    _id: id,
    schedule: schedule._id,
    cause: Cause.TIME,
    dueAt: due,
    path: [schedule._id],
    missed,
    ...(before && {
      state: OccurrenceState.SKIPPED,
      problem: 'The one before it has not begun yet.',
      endedAt: now,
    }),
  })
  await ownSchedulesOf(core).updateOne(
    { _id: schedule._id, nextAt: due },
    { $set: { nextAt: nextTime(schedule, due, now) }, ...(missed && { $inc: { missed } }) },
  )
}

async function start(core: Core, occurrence: Occurrence, now: Date) {
  const schedule = await ownSchedulesOf(core).findOne({ _id: occurrence.schedule })
  if (!schedule) return void (await occurrencesOf(core).deleteOne({ _id: occurrence._id }))
  if (schedule.paused && occurrence.cause !== Cause.PERSON)
    return void (await close(core, occurrence, { outcome: 'STOPPED', problem: 'It is paused.' }, now))
  const started = await actions[schedule.action.type].start(core, schedule, occurrence)
  if ('later' in started)
    return void (await occurrencesOf(core).updateOne(
      { _id: occurrence._id, state: OccurrenceState.WAITING },
      { $set: { dueAt: new Date(+now + retryMs) } },
    ))
  if ('skipped' in started)
    return void (await close(core, occurrence, { outcome: 'STOPPED', problem: started.skipped }, now))
  if ('failed' in started)
    return void (await close(core, occurrence, { outcome: 'FAILURE', problem: started.failed }, now))
  await occurrencesOf(core).updateOne(
    { _id: occurrence._id, state: OccurrenceState.WAITING },
    { $set: { ...started, state: OccurrenceState.STARTED, startedAt: now } },
  )
  await ownSchedulesOf(core).updateOne({ _id: schedule._id }, { $max: { lastAt: now } })
}

async function settle(core: Core, occurrence: Occurrence, now: Date) {
  const schedule = await ownSchedulesOf(core).findOne({ _id: occurrence.schedule })
  if (!schedule) return void (await occurrencesOf(core).deleteOne({ _id: occurrence._id }))
  const { type } = schedule.action
  // The action may have been changed meanwhile; what was started says what it was.
  const kind = occurrence.run ? actions.CRAWL : occurrence.delivery ? actions.WEBHOOK : actions[type]
  const end = await kind.end(core, occurrence)
  if (end) await close(core, occurrence, end, now)
}

const states = {
  SUCCESS: OccurrenceState.SUCCEEDED,
  FAILURE: OccurrenceState.FAILED,
  STOPPED: OccurrenceState.SKIPPED,
}

/** What follows is noted first: were this worker lost in between, another one would note the same. */
async function close(core: Core, occurrence: Occurrence, { outcome, problem }: End, now: Date) {
  const { _id, schedule, path, state } = occurrence
  await follow(core, schedule, _id, { outcome, path, now })
  const { modifiedCount } = await occurrencesOf(core).updateOne(
    { _id, state },
    { $set: { state: states[outcome], problem, endedAt: now } },
  )
  if (!modifiedCount || outcome === 'STOPPED') return
  await ownSchedulesOf(core).updateOne(
    { _id: schedule },
    outcome === 'SUCCESS' ? { $set: { failures: 0 } } : { $inc: { failures: 1 } },
  )
}
