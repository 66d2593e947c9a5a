import type { When } from './when.ts'

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** When it happens, for people; an expression that is not a usual one is told by its times alone. */
export function inWords({ everyMinutes, cron, timeZone }: When): string {
  if (everyMinutes !== null) return every(everyMinutes)
  if (cron === null) return 'Only by hand, or after others'
  const fields = cron.trim().split(/\s+/)
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields.length === 6 ? fields.slice(1) : fields
  const usual =
    month === '*' &&
    /^\d+$/.test(minute ?? '') &&
    /^(\d+|\*)$/.test(hour ?? '') &&
    (dayOfMonth === '*' || dayOfWeek === '*')
  if (!usual) return `As "${cron}" says, in ${timeZone}`
  if (hour === '*')
    return dayOfMonth === '*' && dayOfWeek === '*'
      ? `Every hour at minute ${minute}`
      : `As "${cron}" says, in ${timeZone}`
  const time = `at ${hour!.padStart(2, '0')}:${minute!.padStart(2, '0')} in ${timeZone}`
  if (dayOfMonth !== '*')
    return /^\d+$/.test(dayOfMonth!)
      ? `On day ${dayOfMonth} of each month ${time}`
      : `As "${cron}" says, in ${timeZone}`
  if (dayOfWeek === '*') return `Every day ${time}`
  if (dayOfWeek === '1-5') return `From Monday to Friday ${time}`
  const named = dayOfWeek!.split(',').map((day) => days[Number(day) % 7])
  return named.every(Boolean)
    ? `Every ${listed(named as string[])} ${time}`
    : `As "${cron}" says, in ${timeZone}`
}

/** One of its times as its time zone has it, such as Friday, 27 November 2026 at 06:00. */
export const timeInWords = (time: Date, timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone }).format(time)

function every(minutes: number): string {
  const [count, unit] =
    minutes % 1440 === 0
      ? [minutes / 1440, 'day']
      : minutes % 60 === 0
        ? [minutes / 60, 'hour']
        : [minutes, 'minute']
  return count === 1 ? `Every ${unit}` : `Every ${count} ${unit}s`
}

const listed = (names: string[]) => names.join(', ').replace(/, ([^,]*)$/, ' and $1')
