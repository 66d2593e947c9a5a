import { expect, it } from 'vitest'
import { inWords, timeInWords } from './words.ts'

it.each([
  [5, 'Every 5 minutes'],
  [60, 'Every hour'],
  [2880, 'Every 2 days'],
  ['0 6 * * *', 'Every day at 06:00 in Europe/Berlin'],
  ['30 6 * * 1-5', 'From Monday to Friday at 06:30 in Europe/Berlin'],
  ['0 6 * * 1,0', 'Every Monday and Sunday at 06:00 in Europe/Berlin'],
  ['0 6 1 * *', 'On day 1 of each month at 06:00 in Europe/Berlin'],
  ['15 * * * *', 'Every hour at minute 15'],
  ['*/7 3-5 * 2 *', 'As "*/7 3-5 * 2 *" says, in Europe/Berlin'],
  [null, 'Only by hand, or after others'],
])('tells %j as %s', (when, words) => {
  const everyMinutes = typeof when === 'number' ? when : null
  const cron = typeof when === 'string' ? when : null
  expect(inWords({ everyMinutes, cron, timeZone: 'Europe/Berlin' })).toBe(words)
})

it('tells a time as its time zone has it', () => {
  expect(timeInWords(new Date('2026-11-26T21:00:00Z'), 'Asia/Tokyo')).toBe(
    'Friday, 27 November 2026 at 06:00',
  )
})
