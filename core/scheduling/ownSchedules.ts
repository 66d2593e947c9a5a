import { ObjectId } from 'mongodb'
import { accessOfNew, mayReach, visible } from '../platform/access.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { Conflict, type Fault, fault, NotFound, UserFault } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import { findPages } from '../platform/pages.ts'
import type { Session } from '../platform/session.ts'
import { type ActionInput, actions } from './actions.ts'
import { chainsOf } from './chain.ts'
import { addOccurrence, Cause, hydrateOccurrence, type Occurrence, occurrencesOf } from './occurrence.ts'
import { hydrateOwnSchedule, OwnSchedule, ownSchedulesOf } from './ownSchedule.ts'
import { faultsIn, nextTime, type When } from './when.ts'

export interface OwnScheduleInput {
  name?: string | null
  action?: ActionInput | null
  everyMinutes?: number | null
  cron?: string | null
  timeZone?: string | null
  paused?: boolean | null
}

const maxNameLength = 255

/** Without minutes and cron it never goes off by itself: it follows others, or is run by hand. */
export async function createOwnSchedule(session: Session, input: OwnScheduleInput): Promise<OwnSchedule> {
  const when: When = {
    everyMinutes: input.everyMinutes ?? null,
    cron: input.cron || null,
    timeZone: input.timeZone ?? 'UTC',
  }
  assertRight(input.name, when)
  const schedule = Object.assign(new OwnSchedule(), {
    _id: new ObjectId(),
    workspace: session.workspace,
    name: input.name!.trim(),
    action: await actions[input.action!.type].read(session, input.action!),
    ...when,
    paused: input.paused ?? false,
    nextAt: nextTime(when, session.now, session.now),
    lastAt: null,
    failures: 0,
    missed: 0,
    access: accessOfNew(session),
    createdByName: session.actor.name,
    version: 1,
    createdAt: session.now,
    updatedAt: session.now,
  })
  await ownSchedulesOf(session.core).insertOne(schedule)
  return schedule
}

/** What is left out stays; minutes end a cron expression and the other way round, null for one that is set ends both. */
export async function updateOwnSchedule(
  session: Session,
  { id, version }: { id: string; version: number },
  input: OwnScheduleInput,
): Promise<OwnSchedule> {
  const current = await getWritable(session, id, 'change')
  const when = mergedWhen(current, input)
  assertRight(input.name ?? current.name, when)
  const action = input.action ? await actions[input.action.type].read(session, input.action) : current.action
  const saved = await ownSchedulesOf(session.core).findOneAndUpdate(
    { _id: current._id, version },
    {
      $set: {
        name: (input.name ?? current.name).trim(),
        action,
        ...when,
        paused: input.paused ?? current.paused,
        nextAt: nextTime(when, current.lastAt ?? session.now, session.now),
        failures: 0,
        missed: 0,
        updatedAt: session.now,
      },
      $inc: { version: 1 },
    },
    { returnDocument: 'after' },
  )
  if (!saved) throw new Conflict([id], [])
  return hydrateOwnSchedule(saved)
}

function mergedWhen(current: When, input: OwnScheduleInput): When {
  const { everyMinutes, cron } = input
  const timeZone = input.timeZone ?? current.timeZone
  if (everyMinutes == null && !cron) {
    const ended =
      (everyMinutes === null && current.everyMinutes !== null) || (cron === null && current.cron !== null)
    return ended
      ? { everyMinutes: null, cron: null, timeZone }
      : { everyMinutes: current.everyMinutes, cron: current.cron, timeZone }
  }
  return { everyMinutes: everyMinutes ?? null, cron: cron || null, timeZone }
}

/** Its past and its chains go with it; what it has started goes on. */
export async function deleteOwnSchedule(
  session: Session,
  { id, version }: { id: string; version: number },
): Promise<OwnSchedule> {
  const { core } = session
  const schedule = await getOwnSchedule(session, id)
  if (!mayReach(session, schedule.access, 'ADMIN'))
    throw fault('FORBIDDEN', null, `Only those with the level ADMIN may delete ${schedule.name}.`)
  const { deletedCount } = await ownSchedulesOf(core).deleteOne({ _id: schedule._id, version })
  if (!deletedCount) throw new Conflict([id], [])
  await chainsOf(core).deleteMany({ $or: [{ from: schedule._id }, { to: schedule._id }] })
  await occurrencesOf(core).deleteMany({ schedule: schedule._id })
  return schedule
}

/** Has it go off within seconds, also while it is paused. */
export async function runOwnSchedule(session: Session, id: string): Promise<OwnSchedule> {
  const schedule = await getWritable(session, id, 'run')
  await addOccurrence(session.core, {
    _id: new ObjectId(),
    schedule: schedule._id,
    cause: Cause.PERSON,
    by: session.actor.name,
    dueAt: session.now,
    path: [schedule._id],
  })
  return schedule
}

export async function getOwnSchedule(session: Session, id: string): Promise<OwnSchedule> {
  const [found] = await findOwnSchedulesById(session, [decodeId(id, 'OwnSchedule').id])
  if (!found) throw new NotFound('schedule', id)
  return found
}

/** The visible ones among these, in one command. */
export async function findOwnSchedulesById(
  session: Session,
  ids: readonly ObjectId[],
): Promise<OwnSchedule[]> {
  const records = await ownSchedulesOf(session.core)
    .find(
      { _id: { $in: [...ids] }, ...visible(session) },
      { maxTimeMS: queryTimeoutMs, batchSize: ids.length + 1 },
    )
    .toArray()
  return records.map(hydrateOwnSchedule)
}

/** Schedules by name. */
export async function findOwnSchedules(session: Session, args: PageArgs): Promise<Page<OwnSchedule>> {
  const sort = [{ field: 'name', direction: 1 as const }]
  return mapPage(
    await findPage(ownSchedulesOf(session.core), visible(session), sort, args),
    hydrateOwnSchedule,
  )
}

/** When each of the schedules, which the caller has found visible, went off; newest first. */
export async function findOccurrencesOf(
  { core }: Session,
  schedules: readonly ObjectId[],
  args: PageArgs,
): Promise<Page<Occurrence>[]> {
  const pages = await findPages<Occurrence>(
    core,
    schedules,
    { collection: 'occurrences', by: 'schedule', filter: {}, sort: [{ field: 'createdAt', direction: -1 }] },
    args,
  )
  return pages.map((page) => mapPage(page, hydrateOccurrence))
}

/** @throws UserFault for those who may only see it */
export async function getWritable(session: Session, id: string, what: string): Promise<OwnSchedule> {
  const schedule = await getOwnSchedule(session, id)
  if (!mayReach(session, schedule.access, 'WRITE'))
    throw fault('FORBIDDEN', null, `You may see ${schedule.name}, but not ${what} it.`)
  return schedule
}

function assertRight(given: string | null | undefined, when: When) {
  const name = given?.trim() ?? ''
  const faults: Fault[] =
    when.everyMinutes === null && when.cron === null ? faultsIn({ ...when, everyMinutes: 1 }) : faultsIn(when)
  if (!name) faults.push({ code: 'REQUIRED', field: ['name'], message: 'A name is needed.' })
  if (name.length > maxNameLength)
    faults.push({
      code: 'TOO_LONG',
      field: ['name'],
      message: `A name may have ${maxNameLength} characters.`,
    })
  if (faults.length) throw new UserFault(faults)
}
