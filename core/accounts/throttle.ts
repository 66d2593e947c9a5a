import { createHash } from 'node:crypto'
import type { Core } from '../platform/core.ts'
import { queuePrefix } from '../platform/core.ts'
import { TooManyAttempts, Unavailable } from '../platform/errors.ts'

const windowSeconds = 15 * 60

export interface Attempts {
  what: string
  /** Who is counted, for example an address. */
  by: string
  max: number
}

/**
 * Counts an attempt before it is made, so that many at once do not slip through; `undo` takes back those that
 * succeeded.
 *
 * @throws TooManyAttempts when any of the counts is used up within 15 minutes
 */
export async function countAttempt(core: Core, ...counted: Attempts[]): Promise<{ undo(): Promise<void> }> {
  const keys = counted.map(({ what, by }) => keyOf(core, what, by))
  const answers = await ask(core, (redis) => {
    for (const key of keys) redis.incr(key).expire(key, windowSeconds, 'NX').ttl(key)
    return redis
  })
  counted.forEach(({ max }, index) => {
    const [attempts, , seconds] = answers.slice(index * 3, index * 3 + 3) as [number, number, number]
    if (attempts > max)
      throw new TooManyAttempts(
        `That was tried too often. Please wait ${Math.max(1, Math.ceil(seconds / 60))} minutes and try again.`,
        seconds * 1000,
      )
  })
  return {
    async undo() {
      await ask(core, (redis) => {
        for (const key of keys) redis.decr(key).expire(key, windowSeconds, 'NX')
        return redis
      })
    },
  }
}

/** Forgets what was counted, for example when the right person has signed in. */
export async function forgetAttempts(core: Core, { what, by }: Omit<Attempts, 'max'>) {
  await ask(core, (redis) => redis.del(keyOf(core, what, by)))
}

type Pipeline = ReturnType<Core['redis']['multi']>

async function ask(core: Core, fill: (pipeline: Pipeline) => Pipeline): Promise<unknown[]> {
  const answers = await fill(core.redis.multi())
    .exec()
    .catch((error: unknown) => {
      throw new Unavailable('Signing in is not possible for the moment. Please try again shortly.', {
        cause: error,
      })
    })
  return (answers ?? []).map(([, answer]) => answer)
}

const keyOf = (core: Core, what: string, by: string) =>
  `${queuePrefix(core.config)}:attempts:${what}:${createHash('sha256').update(by).digest('base64url')}`
