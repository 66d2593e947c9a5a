import { describe, expect, it } from 'vitest'
import { propertyChanges, relationAct } from './relationChange.ts'

const field = (name: string, before: unknown, after: unknown) => ({ field: name, before, after })

describe('a change of a relation', () => {
  it('is told as what it means', () => {
    const now = '2026-01-01T00:00:00Z'
    expect([
      relationAct({ action: 'CREATED', fields: [field('to', null, 'web-1')] }),
      relationAct({ action: 'CHANGED', fields: [field('validTo', null, now)] }),
      relationAct({ action: 'CHANGED', fields: [field('validTo', now, null)] }),
      relationAct({ action: 'CHANGED', fields: [field('properties', {}, { port: 1 })] }),
    ]).toEqual(['added', 'ended', 'restored', 'changed'])
  })
  it('shows the properties that differ alone', () => {
    const fields = [
      field('properties', { port: 1, protocol: 'tcp' }, { port: 2, protocol: 'tcp', role: 'x' }),
    ]
    expect(propertyChanges(fields)).toEqual([field('port', 1, 2), field('role', null, 'x')])
  })
})
