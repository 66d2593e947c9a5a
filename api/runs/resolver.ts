import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql'
import { Connection } from '../../core/discovery/connection.ts'
import { findPlanned } from '../../core/discovery/plan.ts'
import { findQuarantine } from '../../core/discovery/quarantine.ts'
import { decodeId } from '../../core/platform/ids.ts'
import { findChangeSetsOfRuns } from '../../core/history/read.ts'
import type { Session } from '../../core/platform/session.ts'
import { findRunsById } from '../../core/runs/findById.ts'
import { cancelRun, findRuns, getRun } from '../../core/runs/request.ts'
import { Run } from '../../core/runs/run.ts'
import { watchRun, watchRuns } from '../../core/runs/watch.ts'
import { connectionsById } from '../byId.ts'
import { ForwardArgs } from '../connection.ts'
import { PlannedChangeConnection } from '../discovery/plan.ts'
import { QuarantinedRecordConnection } from '../discovery/types.ts'
import { ChangeSetConnection } from '../history/resolver.ts'
import { registerNodes } from '../node.ts'
import { pageOf } from '../pagesBy.ts'
import { payload } from '../userErrors.ts'
import { viewerCan, ViewerPermissions } from '../viewerCan.ts'
import { RunCancelInput, RunConnection, RunFilter, RunPayload } from './types.ts'

registerNodes(['Run'], findRunsById)

@Resolver(() => Run)
export class RunsResolver {
  @Query(() => Run, { nullable: true, description: 'One run.' })
  run(@Arg('id', () => ID, { description: 'Id of the run.' }) id: string, @Ctx() session: Session) {
    return getRun(session, id)
  }

  @Query(() => RunConnection, { description: 'Runs, newest first.' })
  async runs(
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Arg('filter', () => RunFilter, { nullable: true, description: 'Which ones; all unless given.' })
    filter: RunFilter | null,
    @Ctx() session: Session,
  ) {
    const subject = filter?.connection ? decodeId(filter.connection, 'Connection').id : null
    return RunConnection.from(await findRuns(session, { ...args, state: filter?.state, subject }))
  }

  @Mutation(() => RunPayload, { description: 'Asks a run to stop. What it has done until then stays.' })
  runCancel(
    @Arg('input', () => RunCancelInput, { description: 'Which run.' }) input: RunCancelInput,
    @Ctx() session: Session,
  ) {
    return payload(async () => ({ run: await cancelRun(session, input.id) }))
  }

  @Subscription(() => Run, {
    name: 'run',
    description: 'The run as it stands now, then every change of it until it ends.',
    subscribe: ({ args, context }) => watchRun(context as Session, (args as { id: string }).id),
  })
  watchOne(@Arg('id', () => ID, { description: 'Id of the run.' }) _id: string, @Root() run: Run) {
    return run
  }

  @Subscription(() => Run, {
    name: 'runs',
    description: 'Every run that you may see, whenever one moves.',
    subscribe: ({ context }) => watchRuns(context as Session) as never,
  })
  watchAll(@Root() run: Run) {
    return run
  }

  @FieldResolver(() => Connection, { nullable: true, description: 'The connection that it reads, if any.' })
  connection(@Root() run: Run, @Ctx() session: Session) {
    return run.subject.type === 'Connection' ? connectionsById(session).load(run.subject.id) : null
  }

  @FieldResolver(() => ChangeSetConnection, { description: 'What it changed, newest first.' })
  async changeSets(@Root() run: Run, @Args(() => ForwardArgs) args: ForwardArgs, @Ctx() session: Session) {
    const page = await pageOf(session, 'Run.changeSets', run._id, args, (runs, page) =>
      findChangeSetsOfRuns(session, runs, page),
    )
    return ChangeSetConnection.from(page)
  }

  @FieldResolver(() => QuarantinedRecordConnection, {
    description: 'Records that it could not read, newest first.',
  })
  async quarantine(@Root() run: Run, @Args(() => ForwardArgs) args: ForwardArgs, @Ctx() session: Session) {
    return QuarantinedRecordConnection.from(await findQuarantine(session.core, { run: run._id }, args))
  }

  @FieldResolver(() => Boolean, { description: 'Whether it only tells what would be changed.' })
  dryRun(@Root() { input }: Run) {
    return Boolean(input?.dryRun)
  }

  @FieldResolver(() => PlannedChangeConnection, {
    description: 'What a dry run would have changed, the first 5,000 of it; kept for a week.',
  })
  async plannedChanges(
    @Root() run: Run,
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Ctx() session: Session,
  ) {
    return PlannedChangeConnection.from(await findPlanned(session.core, run._id, args))
  }

  @FieldResolver(() => ViewerPermissions, { description: 'What you may do with it.' })
  viewerCan(@Root() run: Run, @Ctx() session: Session) {
    return viewerCan(session, run.access)
  }
}
