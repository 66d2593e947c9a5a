import { ObjectId } from 'mongodb'
import type { Session } from '../platform/session.ts'
import { changeSetChannel } from './commit.ts'
import { findChangeSetsById } from './read.ts'
import type { ChangeSet } from './records.ts'

/** Change sets from now on, as they are committed: those that touched one of the kinds and something visible. */
export async function watchChangeSets(
  session: Session,
  kinds: string[] | null | undefined,
): Promise<AsyncIterableIterator<ChangeSet>> {
  const messages = await session.core.live.watch<{ id: string; kinds: string[] }>(changeSetChannel)
  const sets: AsyncIterableIterator<ChangeSet> = {
    async next() {
      for (;;) {
        const { value, done } = await messages.next()
        if (done) return { value: undefined, done: true }
        if (kinds?.length && !value.kinds.some((kind) => kinds.includes(kind))) continue
        const [set] = await findChangeSetsById(session, [new ObjectId(value.id)])
        if (set) return { value: set, done: false }
      }
    },
    async return() {
      await messages.return?.()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]: () => sets,
  }
  return sets
}
