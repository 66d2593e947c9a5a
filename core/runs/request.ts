import { MongoServerError, ObjectId } from 'mongodb'
import type { AccessEntry, Principal } from '../platform/access.ts'
import { mayReach, visible } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { fault, NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import { findPage, mapPage, type Page, type PageArgs } from '../platform/page.ts'
import type { Session } from '../platform/session.ts'
import { endStates, hasEnded, hydrateRun, Run, RunState, type RunSubject, runsOf } from './run.ts'
import { announce } from './watch.ts'

export interface RunRequest {
  kind: string
  title: string
  subject: RunSubject
  access: AccessEntry[]
  input?: Record<string, unknown>
  /** Of a run that somebody else may be asking for at the same moment. */
  id?: ObjectId
}

/** Asks for a run. While one of the same kind and subject is alive, or has been with this id, that one is the answer. */
export async function requestRun(
  session: Session,
  { id = new ObjectId(), ...request }: RunRequest,
): Promise<{ run: Run; alreadyRunning: boolean }> {
  const { core } = session
  const lock = `${request.kind}:${request.subject.id.toHexString()}`
  const run = Object.assign(new Run(), {
    _id: id,
    workspace: session.workspace,
    input: null,
    ...request,
    state: RunState.QUEUED,
    actor: session.actor,
    lock,
    createdAt: new Date(),
    startedAt: null,
    finishedAt: null,
    heartbeatAt: null,
    attempt: 0,
    cancelRequested: false,
    scopes: [],
    log: [],
    problem: null,
  })
  try {
    await runsOf(core).insertOne(run)
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 11000) throw error
    const running = await runsOf(core).findOne({ $or: [{ _id: id }, { lock }] })
    // It may have ended between the two commands; then the way is free.
    return running
      ? { run: hydrateRun(running), alreadyRunning: true }
      : requestRun(session, { id, ...request })
  }
  announce(core, run)
  // A Redis that is away does not lose the run: the sweep of any worker queues it again.
  await enqueue(core, run).catch((error: Error) =>
    core.log.warn({ error: error.message }, 'The run waits for Redis'),
  )
  return { run, alreadyRunning: false }
}

/** Hands over what a person or team had, once nobody acts as them any more. */
export async function requestHandover(
  session: Session,
  gone: Principal & { name: string },
  heir: Principal,
): Promise<Run> {
  const { run } = await requestRun(session, {
    kind: 'handover',
    title: `Hand over what ${gone.name} had`,
    subject: { type: gone.type === 'TEAM' ? 'Team' : 'User', id: gone.principal },
    access: heirsAccess(session, heir),
    input: { heir },
  })
  return run
}

/** Whoever asked for it and whoever inherits may watch. */
function heirsAccess(session: Session, heir: Principal): AccessEntry[] {
  const { owner } = session.reach
  const asks = owner && !owner.principal.equals(heir.principal) ? [{ ...owner, level: 'ADMIN' as const }] : []
  return [{ ...heir, level: 'ADMIN' }, ...asks]
}

/** Puts a run into its queue; a run that is there already stays where it is. */
export const enqueue = (core: Core, run: Pick<Run, '_id' | 'kind'>) =>
  core.queue(run.kind).add(run.kind, {}, { jobId: run._id.toHexString() })

const cancelChannel = (id: ObjectId) => `cancel:${id.toHexString()}`

/** Asks a run to stop. A queued one stops at once; a running one after the page that it is at. */
export async function cancelRun(session: Session, id: string): Promise<Run> {
  const { core } = session
  const key = decodeId(id, 'Run').id
  const found = await runsOf(core).findOne({ _id: key, ...visible(session) })
  if (!found) throw new NotFound('run', id)
  if (!mayReach(session, found.access, 'WRITE'))
    throw fault('FORBIDDEN', null, 'You may watch this run, but not stop it.')
  if (hasEnded(found)) return hydrateRun(found)
  const queued = await runsOf(core).findOneAndUpdate(
    { _id: key, state: RunState.QUEUED },
    {
      $set: { state: RunState.CANCELLED, cancelRequested: true, finishedAt: new Date() },
      $unset: { lock: 1 },
    },
    { returnDocument: 'after' },
  )
  const run =
    queued ??
    (await runsOf(core).findOneAndUpdate(
      { _id: key, state: { $nin: endStates } },
      { $set: { cancelRequested: true } },
      { returnDocument: 'after' },
    )) ??
    (await runsOf(core).findOne({ _id: key }))
  if (queued)
    await core
      .queue(found.kind)
      .remove(key.toHexString())
      .catch(() => undefined)
  core.live.publish(cancelChannel(key), {})
  announce(core, hydrateRun(run!))
  return hydrateRun(run!)
}

/** Calls back at once when somebody asks the run to stop. */
export const onCancel = (core: Core, id: ObjectId, stop: () => void) =>
  core.live.listen(cancelChannel(id), stop)

export async function getRun(session: Session, id: string): Promise<Run> {
  const run = await runsOf(session.core).findOne({ _id: decodeId(id, 'Run').id, ...visible(session) })
  if (!run) throw new NotFound('run', id)
  return hydrateRun(run)
}

/** Runs, newest first. */
export async function findRuns(
  session: Session,
  args: PageArgs & { state?: RunState[] | null; subject?: ObjectId | null },
): Promise<Page<Run>> {
  const filter = {
    ...visible(session),
    ...(args.state?.length && { state: { $in: args.state } }),
    ...(args.subject && { 'subject.id': args.subject }),
  }
  const page = await findPage(runsOf(session.core), filter, [{ field: '_id', direction: -1 }], args)
  return mapPage(page, hydrateRun)
}

/** The newest run of each subject, in one command. */
export async function findLatestRuns(session: Session, subjects: ObjectId[]): Promise<Map<string, Run>> {
  const rows = await runsOf(session.core)
    .aggregate<{ _id: ObjectId; run: Run }>([
      { $match: { 'subject.id': { $in: subjects }, ...visible(session) } },
      { $sort: { _id: -1 } },
      { $group: { _id: '$subject.id', run: { $first: '$$ROOT' } } },
    ])
    .toArray()
  return new Map(rows.map((row) => [row._id.toHexString(), hydrateRun(row.run)]))
}
