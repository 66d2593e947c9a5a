import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { type Collection, ObjectId } from 'mongodb'
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { AccessEntry } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { Node } from '../platform/node.ts'
import type { Actor } from '../platform/session.ts'

export enum RunState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  SUCCEEDED = 'SUCCEEDED',
  PARTIAL = 'PARTIAL',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(RunState, {
  name: 'RunState',
  description: 'Where a run is in its life.',
  valuesConfig: {
    QUEUED: { description: 'Waits for a worker.' },
    RUNNING: { description: 'A worker is at it.' },
    SUCCEEDED: { description: 'Everything was done.' },
    PARTIAL: { description: 'Some scopes were done, others failed.' },
    FAILED: { description: 'It could not be done; the problem says why.' },
    CANCELLED: { description: 'A person stopped it; what was done until then stays.' },
  },
})

export enum ScopeState {
  WAITING = 'WAITING',
  LISTING = 'LISTING',
  SWEEPING = 'SWEEPING',
  COMPLETE = 'COMPLETE',
  INCOMPLETE = 'INCOMPLETE',
  CANCELLED = 'CANCELLED',
}
registerEnumType(ScopeState, {
  name: 'ScopeState',
  description: 'How far a run is with one scope.',
  valuesConfig: {
    WAITING: { description: 'Not begun.' },
    LISTING: { description: 'Its pages are being read and saved.' },
    SWEEPING: { description: 'All was read; what was not seen is being marked.' },
    COMPLETE: { description: 'Read to the last page; what is missing is known.' },
    INCOMPLETE: { description: 'Not read to the end, so nothing was marked missing.' },
    CANCELLED: { description: 'Stopped by a person before its end.' },
  },
})

export enum LogLevel {
  INFO = 'INFO',
  WARNING = 'WARNING',
  ERROR = 'ERROR',
}
registerEnumType(LogLevel, {
  name: 'LogLevel',
  description: 'How much a line of a log matters.',
  valuesConfig: {
    INFO: { description: 'Good to know.' },
    WARNING: { description: 'Worth a look.' },
    ERROR: { description: 'Something was not done.' },
  },
})

@ObjectType({ description: 'Why something failed and what a person can do about it.' })
export class RunProblem {
  @Field(() => String, { description: 'Stable name of the situation, such as CREDENTIALS_REFUSED.' })
  code!: string

  @Field(() => String, { description: 'What happened, and what was not harmed.' })
  message!: string

  @Field(() => String, { nullable: true, description: 'What to do about it.' })
  remedy!: string | null
}

@ObjectType({ description: 'What a run found and did, counted in things.' })
export class RunCounts {
  @Field(() => Int, { description: 'Reported by the source.' })
  found!: number

  @Field(() => Int, { description: 'New in the inventory.' })
  created!: number

  @Field(() => Int, { description: 'Known, with other values than before.' })
  changed!: number

  @Field(() => Int, { description: 'Known, exactly as before.' })
  unchanged!: number

  @Field(() => Int, { description: 'Retired by an earlier crawl, and back again.' })
  restored!: number

  @Field(() => Int, { description: 'Not in a complete listing for the first time.' })
  missing!: number

  @Field(() => Int, { description: 'Ended, or not in two complete listings.' })
  gone!: number

  @Field(() => Int, { description: 'Could not be read; set aside with the reason.' })
  quarantined!: number
}

export const noCounts = (): RunCounts => ({
  found: 0,
  created: 0,
  changed: 0,
  unchanged: 0,
  restored: 0,
  missing: 0,
  gone: 0,
  quarantined: 0,
})

@ObjectType({ description: 'What a run does in one scope: a resource of one region.' })
export class RunScope {
  @Field(() => String, { nullable: true, description: 'Region; null where the source has none.' })
  region!: string | null

  @Field(() => String, { description: 'What is listed, such as instances.' })
  resource!: string

  @Field(() => ScopeState, { description: 'How far it is.' })
  state!: ScopeState

  @Field(() => RunCounts, { description: 'What was found and done so far.' })
  counts!: RunCounts

  @Field(() => Int, { description: 'Calls made to the source, retries included.' })
  calls!: number

  @Field(() => Int, { description: 'Calls that the source asked to slow down.' })
  throttles!: number

  @Field(() => Date, { nullable: true, description: 'When it began.' })
  startedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it ended.' })
  finishedAt!: Date | null

  @Field(() => RunProblem, { nullable: true, description: 'Why it is incomplete.' })
  problem!: RunProblem | null
}

export const newScope = (region: string | null, resource: string): RunScope => ({
  region,
  resource,
  state: ScopeState.WAITING,
  counts: noCounts(),
  calls: 0,
  throttles: 0,
  startedAt: null,
  finishedAt: null,
  problem: null,
})

@ObjectType({ description: 'One line of the log of a run.' })
export class RunLogLine {
  @Field(() => Date, { description: 'When it was written.' })
  at!: Date

  @Field(() => LogLevel, { description: 'How much it matters.' })
  level!: LogLevel

  @Field(() => String, { description: 'A sentence.' })
  text!: string
}

/** What a run is about; the field of its lock and of its lists. */
export interface RunSubject {
  type: 'Connection' | 'User' | 'Team' | 'Import' | 'ChangeSet' | 'BulkEdit'
  id: ObjectId
}

@ObjectType({
  implements: Node,
  description: 'One piece of work in the background, from the request to its outcome.',
})
@Entity({ collection: 'runs' })
@Unique({ properties: ['lock'], options: { partialFilterExpression: { lock: { $exists: true } } } })
@Index({ properties: ['subject.id', '_id'] as never })
@Index({ properties: ['state', '_id'] })
@Index({ properties: ['access.principal', '_id'] as never })
export class Run extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  @Property({ type: 'string' })
  workspace!: string

  @Field(() => String, { description: 'What kind of work, such as crawl.' })
  @Property({ type: 'string' })
  kind!: string

  @Field(() => String, { description: 'What it does, for people.' })
  @Property({ type: 'string' })
  title!: string

  @Field(() => RunState, { description: 'Where it is in its life.' })
  @Property({ type: 'string' })
  state!: RunState

  @Property({ type: 'json' })
  subject!: RunSubject

  /** What else the work needs to know. */
  @Property({ type: 'json', nullable: true })
  input!: Record<string, unknown> | null

  @Property({ type: 'json' })
  actor!: Actor

  @Property({ type: 'json' })
  access!: AccessEntry[]

  /** Held while the run is alive; a second run of the same work cannot be made. */
  @Property({ type: 'string', nullable: true })
  lock?: string

  @Field(() => Date, { description: 'When it was asked for.' })
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When a worker first took it.' })
  @Property({ type: 'datetime', nullable: true })
  startedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it ended.' })
  @Property({ type: 'datetime', nullable: true })
  finishedAt!: Date | null

  /** Last sign of life of the worker that has it. */
  @Property({ type: 'datetime', nullable: true })
  heartbeatAt!: Date | null

  @Field(() => Int, { description: 'How often a worker has begun it; more than one when a worker was lost.' })
  @Property({ type: 'integer' })
  attempt!: number

  @Field(() => Boolean, { description: 'A person has asked it to stop.' })
  @Property({ type: 'boolean' })
  cancelRequested!: boolean

  @Field(() => [RunScope], { description: 'What is done per region and resource.' })
  @Property({ type: 'json' })
  scopes!: RunScope[]

  @Field(() => [RunLogLine], { description: 'What happened, oldest first; at most the last 200 lines.' })
  @Property({ type: 'json' })
  log!: RunLogLine[]

  @Field(() => RunProblem, { nullable: true, description: 'Why it failed, or did not do everything.' })
  @Property({ type: 'json', nullable: true })
  problem!: RunProblem | null

  override globalId(): string {
    return encodeId('Run', this._id)
  }

  @Field(() => String, { description: 'Who asked for it.', name: 'requestedBy' })
  requestedBy(): string {
    return this.actor.name
  }

  @Field(() => RunCounts, { description: 'The counts of all scopes together.', name: 'totals' })
  totals(): RunCounts {
    const totals = noCounts()
    for (const { counts } of this.scopes)
      for (const name of Object.keys(totals) as (keyof RunCounts)[]) totals[name] += counts[name]
    return totals
  }
}

export const runsOf = (core: Core): Collection<Run> => core.db.collection('runs')

export const endStates = [RunState.SUCCEEDED, RunState.PARTIAL, RunState.FAILED, RunState.CANCELLED]
export const hasEnded = (run: Pick<Run, 'state'>) => endStates.includes(run.state)

/** A stored run as an instance of its class. */
export const hydrateRun = (record: object): Run =>
  Object.assign(Object.create(Run.prototype as object) as Run, record)
