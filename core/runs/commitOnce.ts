import { commitInBatches, type Intention, recover, type Step } from '../history/commit.ts'
import { type ChangeSet, changeSetsOf } from '../history/records.ts'
import type { Session } from '../platform/session.ts'
import type { Run } from './run.ts'

/** What a run changes as one change set, once: a worker that takes over after the commit finds it done. */
export async function commitOnce(
  session: Session,
  run: Pick<Run, '_id'>,
  intention: Intention,
  batches: () => AsyncIterable<Step[]>,
): Promise<ChangeSet | null> {
  await recover(session.core)
  const done = await changeSetsOf(session.core).findOne({ run: run._id, state: 'COMMITTED' })
  return done ?? commitInBatches(session, { ...intention, run: run._id }, batches)
}
