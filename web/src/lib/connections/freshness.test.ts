import { describe, expect, it } from 'vitest'
import { freshSince, periodText } from './freshness.ts'

describe('how fresh a connection is', () => {
  it('is as old as its oldest part, and unknown while a part was never read', () => {
    const at = (day: number) => ({ lastCompleteAt: `2026-03-0${day}T00:00:00.000Z` })
    expect(freshSince([at(3), at(1), at(2)])).toBe(at(1).lastCompleteAt)
    expect(freshSince([at(1), { lastCompleteAt: null }])).toBeNull()
    expect(freshSince([])).toBeNull()
  })
})

describe('when something is read', () => {
  it.each([
    [5, 'every 5 minutes'],
    [1, 'every minute'],
    [60, 'every hour'],
    [360, 'every 6 hours'],
    [90, 'every 90 minutes'],
    [1440, 'every day'],
    [20_160, 'every 14 days'],
  ])('is said in the largest unit that fits: %i', (everyMinutes, text) => {
    expect(periodText({ everyMinutes, cron: null })).toBe(text)
  })

  it('is the cron expression where there is one', () => {
    expect(periodText({ everyMinutes: null, cron: '0 6 * * 1-5' })).toBe('0 6 * * 1-5')
  })
})
