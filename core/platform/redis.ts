import { Redis, type RedisOptions } from 'ioredis'

/** `unix:///path` and plain paths name a socket; anything else is a URL. */
const target = (url: string) => (url.startsWith('unix://') ? url.slice('unix://'.length) : url)

/** For workers and subscribers: waits for a Redis that is away and goes on when it is back. */
export const openPatientRedis = (url: string, options: RedisOptions = {}) =>
  new Redis(target(url), { maxRetriesPerRequest: null, ...options })

/** For requests: a Redis that is away is an error at once, not a page that hangs. */
export const openPromptRedis = (url: string, options: RedisOptions = {}) =>
  new Redis(target(url), { maxRetriesPerRequest: 1, enableOfflineQueue: false, ...options })

/** @throws Error with Redis' own reason when it is not there within five seconds */
export async function untilReady(connection: Redis): Promise<void> {
  let reason = 'no answer within five seconds'
  const note = (error: Error) => (reason = error.message || reason)
  connection.on('error', note)
  try {
    const deadline = Date.now() + 5_000
    while (connection.status !== 'ready') {
      if (Date.now() > deadline || connection.status === 'end')
        throw new Error(`Redis cannot be reached: ${reason}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  } finally {
    connection.off('error', note)
  }
}
