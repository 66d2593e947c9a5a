import { describe, expect, it } from 'vitest'
import { isFiltered, momentOf, readFilter, toApi } from './setFilter.ts'

const now = Date.parse('2026-03-10T12:00:00Z')

describe('the filter of the history', () => {
  it('is read from the address, and what nobody could mean is left out', () => {
    const filter = readFilter(
      new URLSearchParams('text=ada&origin=CRAWL&of=SERVER&field=cpu&since=24h&until=never'),
    )
    expect(filter).toEqual({
      text: 'ada',
      origin: 'CRAWL',
      of: 'SERVER',
      field: 'cpu',
      since: '24h',
      until: '',
    })
    expect(toApi(filter, now)).toEqual({
      actor: 'ada',
      origins: ['CRAWL'],
      kinds: ['SERVER'],
      fields: ['cpu'],
      since: '2026-03-09T12:00:00.000Z',
      until: null,
    })
    expect(readFilter(new URLSearchParams('origin=NOBODY&of=toString'))).toMatchObject({ origin: '', of: '' })
  })
  it('asks for everything while nothing is chosen', () => {
    const filter = readFilter(new URLSearchParams('after=x'))
    expect([isFiltered(filter), toApi(filter, now)]).toEqual([false, null])
  })
  it('knows spans and moments', () => {
    expect(momentOf('7d', now)).toBe('2026-03-03T12:00:00.000Z')
    expect(momentOf('2026-01-01T00:00:00.000Z', now)).toBe('2026-01-01T00:00:00.000Z')
    expect([momentOf('7 weeks', now), momentOf('', now)]).toEqual([null, null])
  })
})
