import { describe, expect, it } from 'vitest'
import { isActive, progressText, share, totalsText } from './progress.ts'

const zero = {
  found: 0,
  created: 0,
  changed: 0,
  unchanged: 0,
  restored: 0,
  missing: 0,
  gone: 0,
  quarantined: 0,
}

describe('run progress', () => {
  it('never moves backwards while a scope goes through its states', () => {
    const states = ['WAITING', 'LISTING', 'SWEEPING', 'COMPLETE'] as const
    const shares = states.map((state) => share([{ state }, { state: 'LISTING' }]))
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(share([{ state: 'COMPLETE' }, { state: 'INCOMPLETE' }])).toBe(1)
    expect(share([])).toBe(0)
  })
  it('says how far it is in regions and counts', () => {
    const scopes = [
      { state: 'COMPLETE' as const, region: 'eu-west-1' },
      { state: 'LISTING' as const, region: 'eu-central-1' },
    ]
    const run = { scopes, totals: { ...zero, found: 1240 }, state: 'RUNNING' as const }
    expect(progressText(run)).toBe('1 of 2 regions read, 1\u202f240 found')
    expect(progressText({ ...run, state: 'QUEUED' })).toBe('Waiting for a worker')
  })
  it('names only what happened', () => {
    expect(totalsText({ ...zero, found: 3, created: 2, gone: 1 })).toBe('3 found: 2 new, 1 gone')
    expect(totalsText({ ...zero, found: 3, unchanged: 3 })).toBe('3 found, nothing new')
    expect(totalsText(zero)).toBe('0 found')
  })
  it('counts only waiting and running as active', () => {
    expect((['QUEUED', 'RUNNING', 'PARTIAL', 'CANCELLED'] as const).filter(isActive)).toEqual([
      'QUEUED',
      'RUNNING',
    ])
  })
})

describe('a handover', () => {
  it('counts things, not regions', () => {
    const run = { kind: 'handover', state: 'RUNNING' as const, scopes: [], totals: { changed: 12 } as never }
    expect(progressText(run)).toBe('12 things handed over')
  })
})
