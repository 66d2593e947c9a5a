import { describe, expect, it } from 'vitest'
import { afterwards } from './afterwards.ts'

type Part = Parameters<typeof afterwards>[1]

const part = (
  id: string,
  declared: Record<string, unknown>,
  observed?: Record<string, unknown>,
  at = '2026-01-01',
) =>
  ({
    id,
    ...observed,
    ...declared,
    provenance: Object.keys(declared).map((field) => ({ field, origin: 'DECLARED' })),
    drift: Object.keys(declared)
      .filter((field) => observed && field in observed)
      .map((field) => ({ field, observed: observed![field] })),
    observations: observed ? [{ state: 'PRESENT', changedAt: at, values: observed }] : [],
  }) as unknown as Part

describe('what stands after a merge', () => {
  it('is what people set on the record that stays', () => {
    expect(afterwards('role', part('a', { role: 'web' }), [part('b', {}, { role: 'db' })])).toBe('web')
  })
  it('is what the newest source says where nobody has', () => {
    const old = part('a', {}, { role: 'web' }, '2026-01-01')
    const young = part('b', { role: 'by hand' }, { role: 'db' }, '2026-02-01')
    expect(afterwards('role', old, [young])).toBe('db')
  })
  it('is what people set on the others where no source knows', () => {
    const bare = { ...part('a', {}), role: null }
    expect(afterwards('role', bare, [part('b', { role: 'web' }), part('c', { role: 'db' })])).toBe('web')
  })
})
