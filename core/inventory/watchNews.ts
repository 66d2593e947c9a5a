import { setTimeout as delay } from 'node:timers/promises'
import { changeSetChannel } from '../history/commit.ts'
import { changeSetsOf } from '../history/records.ts'
import type { Core } from '../platform/core.ts'
import { BadInput } from '../platform/errors.ts'
import type { Session } from '../platform/session.ts'
import { type News, readNews } from './news.ts'
import { type NewsFilter, readScope } from './newsScope.ts'

/** A message that was lost is made up for after this time. */
const pollMs = 15_000
/** Who has been told to read again is left alone for this long, so that a burst is told a few times and not a thousand. */
const restMs = 1_000
/** Change sets that are replayed to somebody who comes back. */
const maxMissed = 10_000

export const writePlace = (place: number) => Buffer.from(`news:${place}`).toString('base64url')

/**
 * What happens to assets, from now on or from a cursor: first where one stands, then news as change sets are committed
 * in whatever process. Messages only say that there is something to read, so that nothing is lost with them. What is
 * told is what the session may see at that moment.
 *
 * @throws BadInput when the cursor is older than what can be replayed, or the filter is one that no list takes
 */
export async function watchNews(
  session: Session,
  filter: NewsFilter,
  after: string | null | undefined,
): Promise<AsyncIterableIterator<News>> {
  const scope = await readScope(session, filter)
  const messages = await session.core.live.watch<unknown>(changeSetChannel, 1)
  const stop = new AbortController()
  let place: number
  try {
    place = await (after ? replayFrom(session.core, after) : newestPlace(session.core))
  } catch (error) {
    await messages.return?.()
    throw error
  }

  let begun = false
  let waking: Promise<unknown> | undefined
  const somethingHappens = async () => {
    waking ??= messages.next().then(() => (waking = undefined))
    const giveUp = new AbortController()
    const signal = AbortSignal.any([stop.signal, giveUp.signal])
    await Promise.race([waking, delay(pollMs, undefined, { signal }).catch(() => undefined)])
    giveUp.abort()
  }
  const end = { value: undefined, done: true } as const
  const events: AsyncIterableIterator<News> = {
    async next() {
      if (!begun) {
        begun = true
        return { value: { place, many: false, items: [] }, done: false }
      }
      while (!stop.signal.aborted) {
        const news = await readNews(session, scope, place)
        if (!news) {
          await somethingHappens()
          continue
        }
        place = news.place
        if (news.many || news.items.length) {
          if (news.many) await delay(restMs, undefined, { signal: stop.signal }).catch(() => undefined)
          return stop.signal.aborted ? end : { value: news, done: false }
        }
      }
      return end
    },
    async return() {
      stop.abort()
      await messages.return?.()
      return end
    },
    [Symbol.asyncIterator]: () => events,
  }
  return events
}

async function newestPlace(core: Core): Promise<number> {
  const last = await changeSetsOf(core).findOne(
    { place: { $gt: 0 } },
    { sort: { place: -1 }, projection: { place: 1 } },
  )
  return last?.place ?? 0
}

async function replayFrom(core: Core, cursor: string): Promise<number> {
  const [, digits] = /^news:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (!digits) throw new BadInput('This is not a cursor of this subscription. Leave it out to begin now.')
  const place = Number(digits)
  const newest = await newestPlace(core)
  // Beyond the newest, it is of another database; and what was compacted since cannot be told any more.
  const known =
    place === 0 || (await changeSetsOf(core).countDocuments({ place, compacted: { $exists: false } })) === 1
  if (place > newest || newest - place > maxMissed || !known)
    throw new BadInput(
      'This cursor is too old: what has happened since can no longer be told one by one. Read the lists again, and begin without it.',
    )
  return place
}
