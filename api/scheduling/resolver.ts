import type { ObjectId } from 'mongodb'
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Connection } from '../../core/discovery/connection.ts'
import type { Session } from '../../core/platform/session.ts'
import { Run } from '../../core/runs/run.ts'
import { UserFault } from '../../core/platform/errors.ts'
import { Schedule } from '../../core/scheduling/schedule.ts'
import { findSchedulesOf, updateSchedule } from '../../core/scheduling/schedules.ts'
import { faultsIn, nextTimes } from '../../core/scheduling/when.ts'
import { inWords, timeInWords } from '../../core/scheduling/words.ts'
import { connectionsById, runsById } from '../byId.ts'
import { loader } from '../loaders.ts'
import { payload } from '../userErrors.ts'
import { SchedulePayload, SchedulePreview, ScheduleUpdateInput, WhenInput } from './types.ts'

@Resolver(() => Connection)
export class ConnectionSchedulesResolver {
  @FieldResolver(() => [Schedule], { description: 'When each of its resources is read by itself.' })
  schedules(@Root() { _id }: Connection, @Ctx() session: Session) {
    return loader<ObjectId, Schedule[]>(
      session,
      'Connection.schedules',
      async (ids) => {
        const found = await findSchedulesOf(session.core, ids)
        return ids.map((id) => found.filter(({ connection }) => connection.equals(id)))
      },
      (id) => id.toHexString(),
    ).load(_id)
  }
}

@Resolver(() => Schedule)
export class SchedulesResolver {
  @Query(() => SchedulePreview, { description: 'The next times of a schedule that you are about to save.' })
  schedulePreview(@Arg('when', () => WhenInput, { description: 'When.' }) input: WhenInput) {
    const { everyMinutes = null, cron = null, timeZone } = input
    const when = { everyMinutes, cron, timeZone }
    return payload(() => {
      const faults = faultsIn(when)
      if (faults.length) throw new UserFault(faults)
      const times = nextTimes(when, new Date(), 5)
      return Promise.resolve({
        times,
        inWords: inWords(when),
        timesInWords: times.map((time) => timeInWords(time, timeZone)),
      })
    }).then((answer) => ({ times: [], timesInWords: [], ...answer }))
  }

  @Mutation(() => SchedulePayload, {
    description: 'Changes when something is read by itself, or pauses it. Earlier failures are forgotten.',
  })
  scheduleUpdate(
    @Arg('input', () => ScheduleUpdateInput, { description: 'The changes.' }) input: ScheduleUpdateInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ schedule: await updateSchedule(session, input) }))
  }

  @FieldResolver(() => Connection, { nullable: true, description: 'What it reads.' })
  connection(@Root() { connection }: Schedule, @Ctx() session: Session) {
    return connectionsById(session).load(connection)
  }

  @FieldResolver(() => Run, { nullable: true, description: 'The run that it last asked for.' })
  lastRun(@Root() { lastRun }: Schedule, @Ctx() session: Session) {
    return lastRun && runsById(session).load(lastRun)
  }
}
