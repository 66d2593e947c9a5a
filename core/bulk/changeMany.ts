import { ObjectId } from 'mongodb'
import { askerOf } from '../accounts/asker.ts'
import type { CallerSession } from '../accounts/caller.ts'
import { commitInBatches, type Step } from '../history/commit.ts'
import { ChangeOrigin, type ChangeSet } from '../history/records.ts'
import type { Part } from '../inventory/part.ts'
import { accessOfNew } from '../platform/access.ts'
import { type Fault, UserFault } from '../platform/errors.ts'
import { requestRun } from '../runs/request.ts'
import type { Run } from '../runs/run.ts'
import { bulkEditsOf } from './bulkEdit.ts'
import { type Work, type WorkInputs, type WorkName, works } from './works.ts'

/** More than this is done by a run. */
export const maxInline = 200
/** Faults that are told; who has more of them sees a pattern. */
const maxFaults = 200

export interface Changed {
  /** Null when nothing differed, or a run will do it. */
  changeSet: ChangeSet | null
  /** The run that does it, when there is too much to do for one request. */
  run: Run | null
}

/**
 * Does the same with many things as one change set, all of them or none: at once when they are few, else by a run.
 *
 * @throws UserFault with what is wrong with single ones; a run tells that in its log
 */
export async function changeMany<Name extends WorkName>(
  session: CallerSession,
  name: Name,
  input: WorkInputs[Name],
): Promise<Changed> {
  const work = works[name] as Work<WorkInputs[Name]>
  const count = await work.count(session, input)
  const title = await work.title(session, input, count)
  if (count > maxInline) return { changeSet: null, run: await askForRun(session, name, input, title) }
  const changeSet = await commitInBatches(session, { title, origin: ChangeOrigin.MANUAL }, () =>
    stepsOf(work.parts(session, input), () => undefined),
  )
  return { changeSet, run: null }
}

async function askForRun(session: CallerSession, work: WorkName, input: object, title: string): Promise<Run> {
  const access = accessOfNew(session)
  const _id = new ObjectId()
  await bulkEditsOf(session.core).insertOne({ _id, work, input, createdAt: session.now })
  const { run } = await requestRun(session, {
    kind: 'bulk',
    title,
    subject: { type: 'BulkEdit', id: _id },
    access,
    input: { ...askerOf(session) },
  })
  return run
}

/** Steps of the parts. Once something is wrong nothing more is written, but the rest is still looked through. */
export async function* stepsOf(
  parts: AsyncIterable<Part>,
  note: (part: Part) => void,
): AsyncGenerator<Step[]> {
  const faults: Fault[] = []
  for await (const part of parts) {
    note(part)
    if (faults.length < maxFaults) faults.push(...part.faults.slice(0, maxFaults - faults.length))
    if (!faults.length) yield part.steps
  }
  if (faults.length) throw new UserFault(faults)
}
