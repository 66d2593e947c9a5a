import { createHash } from 'node:crypto'
import { ObjectId } from 'mongodb'
import { type Connection, connectionsOf } from '../discovery/connection.ts'
import { getConnection } from '../discovery/connections.ts'
import { findCrawler } from '../discovery/crawlers.ts'
import { mayReach } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { queryTimeoutMs } from '../platform/database.ts'
import { Conflict, fault, NotFound, UserFault } from '../platform/errors.ts'
import { decodeId, encodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { hydrateSchedule, type Schedule, schedulesOf } from './schedule.ts'
import { faultsIn, nextTime, type When } from './when.ts'

/**
 * Gives a connection a schedule for each resource that is worth reading regularly, as far as it has none. They are
 * spread over their period, so that a hundred connections do not begin at the same moment.
 */
export async function scheduleConnection(core: Core, connection: Connection): Promise<void> {
  const resources = findCrawler(connection.provider)?.resources ?? []
  const now = new Date()
  const missing = resources.flatMap(({ name, everyMinutes }) =>
    everyMinutes === null
      ? []
      : {
          updateOne: {
            filter: { connection: connection._id, resource: name },
            update: {
              $setOnInsert: {
                _id: new ObjectId(),
                workspace: connection.workspace,
                everyMinutes,
                cron: null,
                timeZone: 'UTC',
                paused: false,
                nextAt: new Date(+now + 60_000 * firstIn(everyMinutes, spreadOf(connection._id, name))),
                lastAt: null,
                lastRun: null,
                failures: 0,
                missed: 0,
                version: 1,
                createdAt: now,
                updatedAt: now,
              },
            },
            upsert: true,
          },
        },
  )
  if (missing.length) await schedulesOf(core).bulkWrite(missing, { ordered: false })
}

/** Connections that are older than schedules, or whose crawler has learned to read more. */
export async function scheduleAll(core: Core): Promise<void> {
  for await (const connection of connectionsOf(core).find()) await scheduleConnection(core, connection)
}

/** Minutes until the first time: somewhere in the first period, but not before a person has looked at the connection. */
const firstIn = (everyMinutes: number, spread: number) =>
  Math.max(everyMinutes * spread, Math.min(everyMinutes, 5))

/** From 0 to 1, always the same for the same thing. */
const spreadOf = (connection: ObjectId, resource: string) =>
  createHash('sha1').update(`${connection.toHexString()} ${resource}`).digest().readUInt32BE(0) / 2 ** 32

/** The schedules of each of the connections, which the caller has found visible, by resource. */
export async function findSchedulesOf(core: Core, connections: readonly ObjectId[]): Promise<Schedule[]> {
  const records = await schedulesOf(core)
    .find({ connection: { $in: [...connections] } }, { maxTimeMS: queryTimeoutMs, batchSize: 10_000 })
    .sort({ connection: 1, resource: 1 })
    .toArray()
  return records.map(hydrateSchedule)
}

export interface ScheduleEdit {
  id: string
  version: number
  everyMinutes?: number | null
  cron?: string | null
  timeZone?: string | null
  paused?: boolean | null
}

/**
 * Changes when a resource is read. What is left out stays; naming minutes ends a cron expression, and the other way
 * round. Whoever changes it gives it a fresh start: earlier failures no longer slow it down.
 */
export async function updateSchedule(session: Session, edit: ScheduleEdit): Promise<Schedule> {
  const found = await schedulesOf(session.core).findOne({ _id: decodeId(edit.id, 'Schedule').id })
  if (!found) throw new NotFound('schedule', edit.id)
  const connection = await connectionFor(session, found, edit.id)
  if (!mayReach(session, connection.access, 'WRITE'))
    throw fault('FORBIDDEN', null, `You may see ${connection.name}, but not change when it is read.`)
  const when: When = {
    everyMinutes: edit.everyMinutes ?? (edit.cron ? null : found.everyMinutes),
    cron: edit.cron ?? (edit.everyMinutes ? null : found.cron),
    timeZone: edit.timeZone ?? found.timeZone,
  }
  const faults = faultsIn(when)
  if (faults.length) throw new UserFault(faults)
  const saved = await schedulesOf(session.core).findOneAndUpdate(
    { _id: found._id, version: edit.version },
    {
      $set: {
        ...when,
        paused: edit.paused ?? found.paused,
        nextAt: nextTime(when, found.lastAt ?? session.now, session.now),
        failures: 0,
        missed: 0,
        updatedAt: session.now,
      },
      $inc: { version: 1 },
    },
    { returnDocument: 'after' },
  )
  if (!saved) throw new Conflict([edit.id], [])
  return hydrateSchedule(saved)
}

/** A schedule is as visible as its connection. */
async function connectionFor(session: Session, { connection }: Schedule, id: string): Promise<Connection> {
  try {
    return await getConnection(session, encodeId('Connection', connection))
  } catch (error) {
    if (error instanceof NotFound) throw new NotFound('schedule', id)
    throw error
  }
}
