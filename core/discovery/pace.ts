import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Core } from '../platform/core.ts'

/** One limit of a source: what an account asks of one service in one region, by whichever worker. */
export interface Limited {
  provider: string
  account: string
  region: string | null
  service: string
}

/** Calls in a second as long as a source does not complain, and how many at once after a rest. */
const fullRate = 50
const burst = 100
/** Below this a source is asked even if it goes on complaining: the crawler's own tries have an end. */
const lowestRate = 0.5
/** Calls in a second that are added in each second without complaints. */
const recovery = 1
/** Calls that were under way at the same time are one complaint. */
const sameComplaintMs = 1_000
/** A limit that nobody has met for this long is forgotten. */
const forgottenMs = 15 * 60_000

const bucket = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'rate', 'slowed')
local passed = math.max(0, now - (tonumber(kept[2]) or now)) / 1000
local rate = math.min(${fullRate}, (tonumber(kept[3]) or ${fullRate}) + passed * ${recovery})
local tokens = math.min(${burst}, (tonumber(kept[1]) or ${burst}) + passed * rate)
local slowed = tonumber(kept[4]) or 0
`
const keep = `
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now, 'rate', rate, 'slowed', slowed)
redis.call('PEXPIRE', KEYS[1], ${forgottenMs})
`
/** Takes a token that may not be there yet; answers how long until it is. */
const take = `${bucket}
tokens = tokens - 1
${keep}
return tokens >= 0 and 0 or math.ceil(-tokens / rate * 1000)`
/** Nothing is left to take, and half as much comes after. */
const slow = `${bucket}
if now - slowed >= ${sameComplaintMs} then
  rate = math.max(${lowestRate}, rate / 2)
  slowed = now
end
tokens = math.min(tokens, 0)
${keep}
return tostring(rate)`

/**
 * Waits until the service may be asked once more. All workers take from one bucket of tokens, in the order in which they
 * ask. Without Redis nobody is held up.
 *
 * @throws AbortError when `signal` ends the wait
 */
export async function takeTurn(core: Core, limit: Limited, signal: AbortSignal): Promise<void> {
  const ms = Number(await run(core.redis, take, keyOf(core, limit)))
  if (ms > 0) await wait(ms, undefined, { signal })
}

/** The source asked to slow down, so everybody does. */
export const slowDown = async (core: Core, limit: Limited): Promise<void> =>
  void (await run(core.redis, slow, keyOf(core, limit)))

const keyOf = ({ config }: Core, { provider, account, region, service }: Limited) =>
  [`maestro-${config.MONGODB_DATABASE}`, 'pace', provider, account, region ?? '', service].join(':')

const run = (redis: Redis, script: string, key: string): Promise<unknown> =>
  redis.eval(script, 1, key).catch(() => 0)
