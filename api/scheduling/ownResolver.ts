import type { ObjectId } from 'mongodb'
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { CallerSession } from '../../core/accounts/caller.ts'
import type { Session } from '../../core/platform/session.ts'
import { Run } from '../../core/runs/run.ts'
import { Chain } from '../../core/scheduling/chain.ts'
import { createChain, deleteChain, findChainsOf } from '../../core/scheduling/chains.ts'
import { findDeliveriesById } from '../../core/scheduling/deliveries.ts'
import { Delivery } from '../../core/scheduling/delivery.ts'
import { Occurrence } from '../../core/scheduling/occurrence.ts'
import { ActionType, OwnSchedule } from '../../core/scheduling/ownSchedule.ts'
import {
  createOwnSchedule,
  deleteOwnSchedule,
  findOccurrencesOf,
  findOwnSchedules,
  findOwnSchedulesById,
  getOwnSchedule,
  runOwnSchedule,
  updateOwnSchedule,
} from '../../core/scheduling/ownSchedules.ts'
import { Schedule } from '../../core/scheduling/schedule.ts'
import { inWords } from '../../core/scheduling/words.ts'
import { accessGrants } from '../accounts/accessGrants.ts'
import { AccessGrant } from '../accounts/accessTypes.ts'
import { byId, connectionsById, runsById } from '../byId.ts'
import { ForwardArgs } from '../connection.ts'
import { loader } from '../loaders.ts'
import { registerNodes } from '../node.ts'
import { pageOf } from '../pagesBy.ts'
import { payload } from '../userErrors.ts'
import { viewerCan, ViewerPermissions } from '../viewerCan.ts'
import {
  ChainCreateInput,
  ChainDeleteInput,
  ChainPayload,
  OccurrenceConnection,
  OwnScheduleConnection,
  OwnScheduleCreateInput,
  OwnScheduleDeleteInput,
  OwnSchedulePayload,
  OwnScheduleRunInput,
  OwnScheduleUpdateInput,
  ScheduleAction,
  ScheduleDeletePayload,
} from './ownTypes.ts'
import { webhooksById } from './webhookResolver.ts'

registerNodes(['OwnSchedule'], findOwnSchedulesById)

const ownSchedulesById = byId('own schedules by id', findOwnSchedulesById)
const deliveriesById = byId('deliveries by id', findDeliveriesById)

const chainsOf = (session: Session, from: ObjectId) =>
  loader<ObjectId, Chain[]>(
    session,
    'Schedule.followedBy',
    async (ids) => {
      const chains = await findChainsOf(session, ids)
      return ids.map((id) => chains.filter((chain) => chain.from.equals(id)))
    },
    (id) => id.toHexString(),
  ).load(from)

@Resolver(() => OwnSchedule)
export class OwnSchedulesResolver {
  @Query(() => OwnScheduleConnection, {
    description: "People's own schedules, by name; those of connections are at the connections.",
  })
  async ownSchedules(@Args(() => ForwardArgs) args: ForwardArgs, @Ctx() session: Session) {
    return OwnScheduleConnection.from(await findOwnSchedules(session, args))
  }

  @Query(() => OwnSchedule, { nullable: true, description: 'One schedule that somebody has made.' })
  ownSchedule(
    @Arg('id', () => ID, { description: 'Id of the schedule.' }) id: string,
    @Ctx() session: Session,
  ) {
    return getOwnSchedule(session, id)
  }

  @Mutation(() => OwnSchedulePayload, { description: 'Adds a schedule; you need WRITE on what it is about.' })
  ownScheduleCreate(
    @Arg('input', () => OwnScheduleCreateInput, { description: 'The schedule.' })
    input: OwnScheduleCreateInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ schedule: await createOwnSchedule(session, input) }))
  }

  @Mutation(() => OwnSchedulePayload, { description: 'Changes a schedule, or pauses it.' })
  ownScheduleUpdate(
    @Arg('input', () => OwnScheduleUpdateInput, { description: 'The changes.' })
    input: OwnScheduleUpdateInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ schedule: await updateOwnSchedule(session, input, input) }))
  }

  @Mutation(() => ScheduleDeletePayload, {
    description: 'Deletes a schedule with its past and its chains; what it has started goes on.',
  })
  ownScheduleDelete(
    @Arg('input', () => OwnScheduleDeleteInput, { description: 'Which.' }) input: OwnScheduleDeleteInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ deletedId: (await deleteOwnSchedule(session, input)).globalId() }))
  }

  @Mutation(() => OwnSchedulePayload, {
    description: 'Has a schedule go off within seconds, also one that is paused.',
  })
  ownScheduleRun(
    @Arg('input', () => OwnScheduleRunInput, { description: 'Which.' }) { id }: OwnScheduleRunInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ schedule: await runOwnSchedule(session, id) }))
  }

  @Mutation(() => ChainPayload, {
    description:
      'Has one schedule started when another one has ended. What would go round in circles is refused.',
  })
  chainCreate(
    @Arg('input', () => ChainCreateInput, { description: 'Which, and when.' }) input: ChainCreateInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ chain: await createChain(session, input) }))
  }

  @Mutation(() => ScheduleDeletePayload, { description: 'Ends a chain.' })
  chainDelete(
    @Arg('input', () => ChainDeleteInput, { description: 'Which.' }) { id }: ChainDeleteInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ deletedId: await deleteChain(session, id) }))
  }

  @FieldResolver(() => ScheduleAction, { description: 'What it does.' })
  async action(
    @Root() { action: { type, target, resources } }: OwnSchedule,
    @Ctx() session: Session,
  ): Promise<ScheduleAction> {
    const things = type === ActionType.CRAWL ? connectionsById(session) : webhooksById(session)
    return { type, resources, target: await things.load(target) }
  }

  @FieldResolver(() => String, { description: 'When it goes off, for people.' })
  inWords(@Root() schedule: OwnSchedule) {
    return inWords(schedule)
  }

  @FieldResolver(() => OccurrenceConnection, { description: 'When it went off, newest first.' })
  async occurrences(
    @Root() { _id }: OwnSchedule,
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Ctx() session: Session,
  ) {
    return OccurrenceConnection.from(
      await pageOf(session, 'OwnSchedule.occurrences', _id, args, (ids, page) =>
        findOccurrencesOf(session, ids, page),
      ),
    )
  }

  @FieldResolver(() => [Chain], { description: 'What is started when it has ended.' })
  followedBy(@Root() { _id }: OwnSchedule, @Ctx() session: Session) {
    return chainsOf(session, _id)
  }

  @FieldResolver(() => [AccessGrant], { description: 'Who may see and change it.' })
  access(@Root() { access }: OwnSchedule, @Ctx() session: CallerSession) {
    return accessGrants(session, access)
  }

  @FieldResolver(() => ViewerPermissions, { description: 'What you may do with it.' })
  viewerCan(@Root() { access }: OwnSchedule, @Ctx() session: Session) {
    return viewerCan(session, access)
  }
}

@Resolver(() => Schedule)
export class FollowedScheduleResolver {
  @FieldResolver(() => [Chain], { description: 'What is started when what it has asked for has ended.' })
  followedBy(@Root() { _id }: Schedule, @Ctx() session: Session) {
    return chainsOf(session, _id)
  }
}

@Resolver(() => Chain)
export class ChainsResolver {
  @FieldResolver(() => OwnSchedule, { nullable: true, description: 'What is started.' })
  to(@Root() { to }: Chain, @Ctx() session: Session) {
    return ownSchedulesById(session).load(to)
  }
}

@Resolver(() => Occurrence)
export class OccurrencesResolver {
  @FieldResolver(() => Run, { nullable: true, description: 'The run that it asked for.' })
  run(@Root() { run }: Occurrence, @Ctx() session: Session) {
    return run && runsById(session).load(run)
  }

  @FieldResolver(() => Delivery, { nullable: true, description: 'The message that it sent.' })
  delivery(@Root() { delivery }: Occurrence, @Ctx() session: Session) {
    return delivery && deliveriesById(session).load(delivery)
  }
}
