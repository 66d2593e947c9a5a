import { CronExpressionParser } from 'cron-parser'
import type { Fault } from '../platform/errors.ts'

/** How often something happens: every so many minutes, or as a cron expression says in a time zone. */
export interface When {
  everyMinutes: number | null
  /** Five fields, or six with seconds first. */
  cron: string | null
  /** IANA name such as Europe/Berlin; for `cron`. */
  timeZone: string
}

const maxMinutes = 366 * 24 * 60
/** A cron expression may not go off more often than this. */
const minSeconds = 60

/** The first time after `now`; an interval keeps its beat, whatever was missed. Null when there is none. */
export function nextTime({ everyMinutes, cron, timeZone }: When, last: Date, now: Date): Date | null {
  if (cron) return timesOf(cron, timeZone, now, 1)[0] ?? null
  if (!everyMinutes) return null
  const period = everyMinutes * 60_000
  const steps = Math.max(1, Math.ceil((+now - +last + 1) / period))
  return new Date(+last + steps * period)
}

/** How many times it should have happened from `due` on until now; at least once. */
export function timesMissed({ everyMinutes, cron, timeZone }: When, due: Date, now: Date): number {
  if (everyMinutes) return Math.floor((+now - +due) / (everyMinutes * 60_000))
  const countable = 1000
  return cron ? timesOf(cron, timeZone, due, countable).filter((time) => time <= now).length : 0
}

/** The next times, for people to check that they mean what they have written. */
export function nextTimes(when: When, from: Date, count: number): Date[] {
  if (when.cron) return timesOf(when.cron, when.timeZone, from, count)
  const period = (when.everyMinutes ?? 0) * 60_000
  return period ? Array.from({ length: count }, (_, index) => new Date(+from + (index + 1) * period)) : []
}

function timesOf(cron: string, timeZone: string, after: Date, count: number): Date[] {
  const expression = CronExpressionParser.parse(cron, { currentDate: after, tz: timeZone })
  const times: Date[] = []
  while (times.length < count && expression.hasNext()) times.push(expression.next().toDate())
  return times
}

/** What is wrong with it, by field. */
export function faultsIn({ everyMinutes, cron, timeZone }: When): Fault[] {
  const invalid = (field: string, message: string): Fault => ({ code: 'INVALID', field: [field], message })
  if (!isTimeZone(timeZone))
    return [invalid('timeZone', `"${timeZone.slice(0, 60)}" is not a time zone such as Europe/Berlin.`)]
  if ((everyMinutes === null) === (cron === null))
    return [invalid('everyMinutes', 'Say either every how many minutes, or a cron expression.')]
  if (everyMinutes !== null)
    return Number.isInteger(everyMinutes) && everyMinutes >= 1 && everyMinutes <= maxMinutes
      ? []
      : [invalid('everyMinutes', `Choose whole minutes from 1 to ${maxMinutes}.`)]
  try {
    const [first, second] = timesOf(cron!, timeZone, new Date(), 2)
    if (!first) return [invalid('cron', 'This never happens.')]
    if (second && +second - +first < minSeconds * 1000)
      return [invalid('cron', 'This happens more often than once a minute.')]
    return []
  } catch (error) {
    return [
      invalid(
        'cron',
        `This is not a cron expression: ${(error as Error).message}. Write it like "0 6 * * 1-5", which is at six on workdays.`,
      ),
    ]
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
