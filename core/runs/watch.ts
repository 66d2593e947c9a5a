import { BSON } from 'mongodb'
import { mayReach, visible } from '../platform/access.ts'
import type { Core } from '../platform/core.ts'
import { NotFound } from '../platform/errors.ts'
import { decodeId } from '../platform/ids.ts'
import type { Session } from '../platform/session.ts'
import { hasEnded, hydrateRun, type Run, runsOf } from './run.ts'

/** Channel of one run, and of all of them. The whole run travels, so that no watcher has to read it again. */
const channelOf = (id: string) => `run:${id}`
const allRuns = 'runs'

/** Tells everybody who watches it how a run stands. */
export function announce(core: Core, run: Run) {
  const message = BSON.EJSON.stringify(run, { relaxed: false })
  core.live.publish(channelOf(run._id.toHexString()), message)
  core.live.publish(allRuns, message)
}

const received = (message: string) => hydrateRun(BSON.EJSON.parse(message, { relaxed: false }) as object)

/** The run as it stands now, then each change of it, until it has ended. */
export async function* watchRun(session: Session, id: string): AsyncGenerator<Run> {
  const key = decodeId(id, 'Run').id
  // Listening begins before the first read, so that nothing falls between the two.
  const messages = await session.core.live.watch<string>(channelOf(key.toHexString()))
  try {
    const record = await runsOf(session.core).findOne({ _id: key, ...visible(session) })
    if (!record) throw new NotFound('run', id)
    let run = hydrateRun(record)
    yield run
    while (!hasEnded(run)) {
      const { value, done } = await messages.next()
      if (done) return
      run = received(value)
      if (!mayReach(session, run.access)) return
      yield run
    }
  } finally {
    await messages.return?.()
  }
}

/** Every visible run, whenever one moves. */
export async function watchRuns(session: Session): Promise<AsyncIterableIterator<Run>> {
  const messages = await session.core.live.watch<string>(allRuns)
  const runs: AsyncIterableIterator<Run> = {
    async next() {
      for (;;) {
        const { value, done } = await messages.next()
        if (done) return { value: undefined, done: true }
        const run = received(value)
        if (mayReach(session, run.access)) return { value: run, done: false }
      }
    },
    async return() {
      await messages.return?.()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]: () => runs,
  }
  return runs
}
