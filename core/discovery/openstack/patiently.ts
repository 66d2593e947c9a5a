import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from '../../platform/guardedCall.ts'
import { Problem } from '../../platform/errors.ts'
import type { CrawlContext } from '../crawler.ts'
import type { ServiceName } from './services.ts'
import { isBusy, problemOf, refusalOf, type Where } from './problems.ts'

const maxBusy = 8
const maxFailures = 3
/** Who asks for more than this is not waited for. */
const longestWaitMs = 5 * 60_000
const firstPauseMs = 250

/** What may be gone the next moment. */
const passing = ['ECONNRESET', 'EPIPE', 'EAI_AGAIN']

/**
 * Sends until there is an answer that is worth reading: waits as long as the source asks for, and tries again what fails
 * in passing.
 *
 * @throws Problem
 */
export async function patiently(
  context: CrawlContext,
  where: Where,
  send: () => Promise<Answer>,
  service: ServiceName | 'identity' = 'identity',
): Promise<Answer> {
  const { signal } = context
  let busy = 0
  let failures = 0
  const pause = (ms: number) => wait(ms, undefined, { signal })
  try {
    for (;;) {
      await context.turn(service)
      try {
        const answer = await send()
        if (isBusy(answer)) {
          context.throttled(service)
          if (++busy >= maxBusy) return answer
          await pause(askedWait(answer, where) ?? firstPauseMs * 2 ** busy)
        } else if (answer.status < 500 || ++failures >= maxFailures) return answer
        else await pause(firstPauseMs * 2 ** failures)
      } catch (error) {
        const { code } = error as { code?: string }
        if (signal.aborted || !passing.includes(code ?? '') || ++failures >= maxFailures) throw error
        await pause(firstPauseMs * 2 ** failures)
      }
    }
  } catch (error) {
    throw problemOf(error, where)
  }
}

/** As seconds or as a date; undefined where it says nothing useful. */
function askedWait(answer: Answer, where: Where): number | undefined {
  const text = answer.headers['retry-after']
  if (!text) return undefined
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  if (!Number.isFinite(ms)) return undefined
  if (ms <= longestWaitMs) return Math.max(0, ms)
  const { code, message } = refusalOf(answer, where)
  throw new Problem(
    code,
    `${message} It asks to wait ${Math.ceil(ms / 60_000)} minutes.`,
    'Sync again after that time.',
  )
}
