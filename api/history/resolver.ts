import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql'
import type { ObjectId } from 'mongodb'
import {
  findBeyondReach,
  findChanges,
  findChangeSets,
  findChangeSetsById,
  findUndoings,
  getChangeSet,
} from '../../core/history/read.ts'
import { ChangeCounts, ChangeSet } from '../../core/history/records.ts'
import { countSeen, type Seen } from '../../core/history/seen.ts'
import { watchChangeSets } from '../../core/history/watch.ts'
import type { CallerSession } from '../../core/accounts/caller.ts'
import type { Fault } from '../../core/platform/errors.ts'
import type { Session } from '../../core/platform/session.ts'
import { requestRevert } from '../../core/runs/revert.ts'
import { Run } from '../../core/runs/run.ts'
import { connectionsById, runsById } from '../byId.ts'
import { connectionType, ForwardArgs } from '../connection.ts'
import { AssetKinds } from '../inventory/kinds.ts'
import { loader } from '../loaders.ts'
import { registerNodes } from '../node.ts'
import { pageOf } from '../pagesBy.ts'
import { Payload, payload } from '../userErrors.ts'
import { ChangeConnection } from './changes.ts'
import { KeptChange, keptChanges } from './kept.ts'
import { ChangeSetsArgs } from './setFilter.ts'

export const ChangeSetConnection = connectionType(ChangeSet)

registerNodes(['ChangeSet'], findChangeSetsById)

@InputType({ description: 'A change set to take back.' })
class ChangeSetRevertInput {
  @Field(() => ID, { description: 'Which change set.' })
  id!: string
}

@ObjectType({ description: 'Answer to taking back a change set.' })
class ChangeSetPayload extends Payload {
  @Field(() => ChangeSet, {
    nullable: true,
    description: 'The change set that undoes the other; null while a run is at it.',
  })
  changeSet?: ChangeSet | null

  @Field(() => Run, {
    nullable: true,
    description: 'The run that takes it back, where it is of more than 200 changes.',
  })
  run?: Run | null

  @Field(() => [KeptChange], {
    description: 'What was changed again since and stays as it is; of a run, ask its change set.',
  })
  kept!: KeptChange[]
}

const everythingKept: Fault = {
  code: 'CONFLICT',
  field: null,
  message: 'All that it did was changed again since; nothing was taken back.',
}

@Resolver()
export class HistoryResolver {
  @Query(() => ChangeSet, { nullable: true, description: 'One change set.' })
  changeSet(
    @Arg('id', () => ID, { description: 'Id of the change set.' }) id: string,
    @Ctx() session: Session,
  ) {
    return getChangeSet(session, id)
  }

  @Query(() => ChangeSetConnection, {
    description: 'What has happened, newest first: change sets that touched something you may see.',
  })
  async changeSets(@Args(() => ChangeSetsArgs) { filter, ...page }: ChangeSetsArgs, @Ctx() session: Session) {
    return ChangeSetConnection.from(await findChangeSets(session, filter ?? {}, page))
  }

  @Mutation(() => ChangeSetPayload, {
    description:
      'Takes a change set back as a whole, whatever it was: an edit, an import, a page of a crawl, or an undo. What was changed again since stays as it is and is told; what it had added is retired.',
  })
  async changeSetRevert(
    @Arg('input', () => ChangeSetRevertInput, { description: 'Which.' }) { id }: ChangeSetRevertInput,
    @Ctx() session: CallerSession,
  ) {
    const answer = await payload(() => requestRevert(session, id))
    const kept = await keptChanges(session, answer.kept ?? [])
    const nothing = kept.length && !answer.changeSet ? [everythingKept] : []
    return { ...answer, kept, userErrors: [...answer.userErrors, ...nothing] }
  }

  @Subscription(() => ChangeSet, {
    description: 'Change sets as they are committed, of those that touch something you may see.',
    subscribe: ({ args, context }) =>
      watchChangeSets(context as Session, (args as { kinds?: string[] | null }).kinds) as never,
    name: 'changeSets',
  })
  changeSetsLive(
    @Root() set: ChangeSet,
    @Arg('kinds', () => [AssetKinds], {
      nullable: true,
      description: 'Only those that touch assets of these kinds.',
    })
    _kinds: string[] | null | undefined,
  ) {
    return set
  }
}

@Resolver(() => ChangeSet)
export class ChangeSetResolver {
  @FieldResolver(() => String, {
    description:
      'What a person would say has happened; without names and numbers where you may see only a part of it.',
  })
  async title(@Root() set: ChangeSet, @Ctx() session: Session) {
    const [{ whole, counts }, about] = await Promise.all([
      seenOf(session, set),
      set.about ? connectionsById(session).load(set.about) : true,
    ])
    return about && whole ? set.title : partOf(counts)
  }

  @FieldResolver(() => ChangeCounts, {
    description: 'How many assets it touched, of those that you may see.',
  })
  async counts(@Root() set: ChangeSet, @Ctx() session: Session) {
    return (await seenOf(session, set)).counts
  }

  @FieldResolver(() => Run, { nullable: true, description: 'The run that did it; null for what people did.' })
  run(@Root() { run }: ChangeSet, @Ctx() session: Session) {
    return run && runsById(session).load(run)
  }

  @FieldResolver(() => ChangeSet, {
    nullable: true,
    description: 'The change set that took it back; null while it stands.',
  })
  undoneBy(@Root() { _id }: ChangeSet, @Ctx() session: Session) {
    return undoings(session).load(_id)
  }

  @FieldResolver(() => [KeptChange], {
    description: 'What an undo left as it was, because it had been changed again; 500 at most.',
  })
  kept(@Root() { kept }: ChangeSet, @Ctx() session: Session) {
    return keptChanges(session, kept ?? [])
  }

  @FieldResolver(() => ChangeConnection, {
    description: 'What it did, record by record; what you may see of it.',
  })
  async changes(
    @Root() { _id }: ChangeSet,
    @Args(() => ForwardArgs) args: ForwardArgs,
    @Ctx() session: Session,
  ) {
    return ChangeConnection.from(
      await pageOf(session, 'changes of sets', _id, args, (sets) => findChanges(session, 'set', sets, args)),
    )
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether it still stands and you may change all that it touched.',
  })
  async viewerCanUndo(@Root() { _id, compacted }: ChangeSet, @Ctx() session: Session) {
    if (compacted) return false
    const [undone, beyond] = await Promise.all([undoings(session).load(_id), beyondReach(session).load(_id)])
    return !undone && !beyond
  }
}

/** Part of a change that goes beyond what somebody may see. */
const partOf = (counts: ChangeCounts) => {
  const words = (['created', 'changed', 'retired', 'restored'] as const)
    .filter((name) => counts[name])
    .map((name) => `${counts[name]} ${name}`)
  return `Part of a larger change: ${words.join(', ')}`
}

/** Whoever may see a run knows its totals anyway; of anything else, the visible part is counted. */
const seenOf = async (session: Session, set: ChangeSet): Promise<Seen> =>
  set.run && (await runsById(session).load(set.run))
    ? { counts: set.counts, whole: true }
    : seen(session).load(set)

const seen = (session: Session) =>
  loader<ChangeSet, Seen>(
    session,
    'what is seen of change sets',
    async (sets) => {
      const counted = await countSeen(session, sets)
      return sets.map(({ _id }) => counted.get(hex(_id))!)
    },
    ({ _id }) => hex(_id),
  )

const hex = (id: ObjectId) => id.toHexString()

const undoings = (session: Session) =>
  loader<ObjectId, ChangeSet | null>(
    session,
    'undoings',
    async (sets) => {
      const found = await findUndoings(session, sets)
      return sets.map((set) => found.find(({ undoes }) => undoes?.equals(set)) ?? null)
    },
    hex,
  )

const beyondReach = (session: Session) =>
  loader<ObjectId, boolean>(
    session,
    'beyond reach',
    async (sets) => {
      const beyond = await findBeyondReach(session, sets)
      return sets.map((set) => beyond.has(hex(set)))
    },
    hex,
  )
