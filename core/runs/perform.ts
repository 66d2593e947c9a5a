import type { Job } from 'bullmq'
import { ObjectId } from 'mongodb'
import type { Core } from '../platform/core.ts'
import { Problem } from '../platform/errors.ts'
import { onAccessChange } from './access.ts'
import { onCancel } from './request.ts'
import {
  hydrateRun,
  LogLevel,
  Run,
  type RunProblem,
  type RunScope,
  RunState,
  runsOf,
  ScopeState,
} from './run.ts'
import { announce } from './watch.ts'

/** A run in the hands of a worker. */
export interface Running {
  run: Run
  /** Aborted when a person asks the run to stop, or the worker shuts down. */
  signal: AbortSignal
  /** Adds a sentence to the run's log. */
  log(level: LogLevel, text: string): void
  /** Tells the watchers, at most every {@link progressMs}; the record follows every {@link heartbeatMs}. */
  progress(): void
}

export type Work = (core: Core, running: Running) => Promise<void>

const progressMs = 100
const heartbeatMs = 2_000
const logLines = 200
const maxAttempts = 5

/**
 * Does a run's work and keeps its record true: who has it, how far it is, how it ended. The work may be done twice (a
 * worker that was lost is followed by another), so it has to be idempotent.
 */
export async function perform(core: Core, job: Job, work: Work): Promise<void> {
  const run = await claim(core, new ObjectId(job.id))
  if (!run) return
  const stop = new AbortController()
  const running = report(core, run, stop)
  const ignoreCancel = await onCancel(core, run._id, () => {
    run.cancelRequested = true
    stop.abort()
  })
  const ignoreAccess = await onAccessChange(core, run._id, (access) => {
    run.access = access
    announce(core, run)
  })
  if (run.cancelRequested) stop.abort()
  try {
    if (run.attempt > maxAttempts)
      throw new Problem(
        'WORKER_LOST',
        `The workers that had this run were lost ${maxAttempts} times. What had been saved stays.`,
        'Look into the log of the workers for the cause, then start it again.',
      )
    if (run.attempt > 1) running.log(LogLevel.WARNING, 'The worker was lost; another one begins again.')
    await work(core, running)
    finish(run, null)
  } catch (error) {
    if (!(error instanceof Problem) && !stop.signal.aborted)
      core.log.error({ err: error, run: run._id }, 'A run failed')
    finish(run, problemOf(error))
  } finally {
    running.end()
    ignoreCancel()
    ignoreAccess()
    await save(core, run, true)
    announce(core, run)
  }
}

async function claim(core: Core, id: ObjectId): Promise<Run | null> {
  const now = new Date()
  const record = await runsOf(core).findOneAndUpdate(
    { _id: id, state: { $in: [RunState.QUEUED, RunState.RUNNING] } },
    [
      {
        $set: {
          state: RunState.RUNNING,
          startedAt: { $ifNull: ['$startedAt', now] },
          heartbeatAt: now,
          attempt: { $add: ['$attempt', 1] },
        },
      },
    ],
    { returnDocument: 'after' },
  )
  if (!record) return null
  const run = hydrateRun(record)
  announce(core, run)
  return run
}

function report(core: Core, run: Run, stop: AbortController) {
  let due: NodeJS.Timeout | undefined
  let announcedAt = 0
  const tell = () => {
    due = undefined
    announcedAt = Date.now()
    announce(core, run)
  }
  const heartbeat = setInterval(() => {
    void save(core, run, false).then(
      (alive) => alive || stop.abort(),
      () => undefined,
    )
  }, heartbeatMs)
  return {
    run,
    signal: stop.signal,
    log(level: LogLevel, text: string) {
      run.log = [...run.log, { at: new Date(), level, text }].slice(-logLines)
      this.progress()
    },
    progress() {
      const wait = announcedAt + progressMs - Date.now()
      if (wait <= 0 && !due) tell()
      else due ??= setTimeout(tell, wait)
    },
    end() {
      clearTimeout(due)
      clearInterval(heartbeat)
    },
  }
}

/** @returns false when the run was taken from this worker or has been asked to stop */
async function save(core: Core, run: Run, ended: boolean): Promise<boolean> {
  run.heartbeatAt = new Date()
  const { state, finishedAt, heartbeatAt, scopes, log, problem } = run
  const saved = await runsOf(core).findOneAndUpdate(
    { _id: run._id, attempt: run.attempt, state: RunState.RUNNING },
    { $set: { state, finishedAt, heartbeatAt, scopes, log, problem }, ...(ended && { $unset: { lock: 1 } }) },
    { returnDocument: 'after', projection: { cancelRequested: 1, access: 1 } },
  )
  if (saved) run.access = saved.access
  if (saved?.cancelRequested) run.cancelRequested = true
  return saved !== null && !saved.cancelRequested
}

function finish(run: Run, problem: RunProblem | null) {
  run.finishedAt = new Date()
  for (const scope of run.scopes) closeScope(scope, run.cancelRequested)
  const failed = run.scopes.filter((scope) => scope.state !== ScopeState.COMPLETE)
  // Who asks to stop what is done already comes too late.
  if (run.cancelRequested && (problem || failed.length)) {
    run.state = RunState.CANCELLED
  } else if (problem || (failed.length && failed.length === run.scopes.length)) {
    run.state = RunState.FAILED
    run.problem = problem ?? failed[0]!.problem
  } else if (failed.length) {
    run.state = RunState.PARTIAL
    run.problem = failed[0]!.problem
  } else {
    run.state = RunState.SUCCEEDED
  }
}

function closeScope(scope: RunScope, cancelled: boolean) {
  if (scope.finishedAt) return
  scope.finishedAt = new Date()
  scope.state = cancelled ? ScopeState.CANCELLED : ScopeState.INCOMPLETE
}

export const problemOf = (error: unknown): RunProblem =>
  error instanceof Problem
    ? { code: error.code, message: error.message, remedy: error.remedy }
    : {
        code: 'INTERNAL',
        message: 'Maestro met a fault of its own. What had been saved stays; nothing was marked missing.',
        remedy: 'Start it again. If it happens again, the log of the workers has the details.',
      }
