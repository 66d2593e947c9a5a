import { describe, expect, it } from 'vitest'
import { faultsIn, nextTime, nextTimes, timesMissed, type When } from './when.ts'

const at = (text: string) => new Date(`2026-03-${text}Z`)
const every = (everyMinutes: number): When => ({ everyMinutes, cron: null, timeZone: 'UTC' })
const cron = (text: string, timeZone = 'UTC'): When => ({ everyMinutes: null, cron: text, timeZone })

describe('when something is due', () => {
  it.each([
    ['in time', '01T10:00:00', '01T10:05:00'],
    ['a moment late', '01T10:00:03', '01T10:05:00'],
    ['exactly at the next beat', '01T10:05:00', '01T10:10:00'],
    ['after a night without anybody', '02T07:31:00', '02T07:35:00'],
  ])('keeps its beat %s', (_, now, next) => {
    expect(nextTime(every(5), at('01T10:00:00'), at(now))).toEqual(at(next))
  })

  it('counts what was missed meanwhile', () => {
    expect(timesMissed(every(5), at('01T10:00:00'), at('01T10:00:04'))).toBe(0)
    expect(timesMissed(every(5), at('01T10:00:00'), at('01T11:00:00'))).toBe(12)
    expect(timesMissed(cron('0 6 * * *'), at('01T06:00:00'), at('04T07:00:00'))).toBe(3)
  })

  it('follows the clocks of a time zone through the change to summer time', () => {
    const berlin = cron('30 6 * * *', 'Europe/Berlin')
    expect(nextTimes(berlin, at('27T12:00:00'), 3)).toEqual([
      at('28T05:30:00'),
      at('29T04:30:00'),
      at('30T04:30:00'),
    ])
    // Half past two does not exist on that night.
    const [first] = nextTimes(cron('30 2 29 3 *', 'Europe/Berlin'), at('28T12:00:00'), 1)
    expect(+first!).toBeGreaterThan(+at('29T00:59:59'))
    expect(+first!).toBeLessThan(+at('29T02:31:00'))
  })

  it.each([
    [every(0), 'everyMinutes', 'whole minutes'],
    [every(1.5), 'everyMinutes', 'whole minutes'],
    [every(10_000_000), 'everyMinutes', 'whole minutes'],
    [{ ...every(5), cron: '0 6 * * *' }, 'everyMinutes', 'either'],
    [{ everyMinutes: null, cron: null, timeZone: 'UTC' }, 'everyMinutes', 'either'],
    [cron('six in the morning'), 'cron', 'not a cron expression'],
    [cron('0 6 31 2 *'), 'cron', ''],
    [cron('*/10 * * * * *'), 'cron', 'more often than once a minute'],
    [cron('0 6 * * *', 'Mars/Olympus'), 'timeZone', 'not a time zone'],
  ])('is refused when it is %j', (when, field, message) => {
    expect(faultsIn(when)).toEqual([
      { code: 'INVALID', field: [field], message: expect.stringContaining(message) as string },
    ])
  })

  it.each([
    every(1),
    every(20_160),
    cron('0 6 * * 1-5'),
    cron('@daily', 'Asia/Kolkata'),
    cron('0 0 6 * * *'),
  ])('is taken when it is %j', (when) => {
    expect(faultsIn(when)).toEqual([])
  })
})
