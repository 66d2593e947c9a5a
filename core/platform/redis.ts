import { Redis, type RedisOptions } from 'ioredis'

/** `unix:///path` and plain paths name a socket; anything else is a URL. */
const target = (url: string) => (url.startsWith('unix://') ? url.slice('unix://'.length) : url)

/** For workers and subscribers: waits for a Redis that is away and goes on when it is back. */
export const openPatientRedis = (url: string, options: RedisOptions = {}) =>
  new Redis(target(url), { maxRetriesPerRequest: null, ...options })

/** For requests: a Redis that is away is an error at once, not a page that hangs. */
export const openPromptRedis = (url: string, options: RedisOptions = {}) =>
  new Redis(target(url), { maxRetriesPerRequest: 1, enableOfflineQueue: false, ...options })
