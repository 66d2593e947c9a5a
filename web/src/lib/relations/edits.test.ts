import { describe, expect, it } from 'vitest'
import type { RelatedAssetFragment } from '#lib/gql/generated.ts'
import { adding, changing, faultsIn, placed, rebased, toInput } from './edits.ts'
import type { PropertyInfo, Road } from './roads.ts'

const property = (name: string, type: PropertyInfo['type']): PropertyInfo => ({
  name,
  type,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  description: '',
  unit: null,
  options: null,
  suggest: null,
  required: false,
})
const road = (field: string, direction: Road['direction'], properties: PropertyInfo[]): Road => ({
  field,
  direction,
  properties,
  kind: field === 'systems' ? 'PART_OF' : 'DEPENDS_ON',
  label: field,
  description: '',
  targets: ['APP'],
  only: null,
  reference: null,
})
const needs = road('dependencies', 'FORWARD', [property('protocol', 'TEXT'), property('port', 'NUMBER')])
const needed = road('dependents', 'BACKWARD', needs.properties)
const parts = road('systems', 'FORWARD', [property('entry', 'BOOLEAN')])
const roads = [needs, needed, parts]
const end = (id: string) => ({ id, name: id, kind: 'APP' }) as RelatedAssetFragment
const relation = {
  id: 'r1',
  version: 3,
  validFrom: '2026-01-01T00:00:00Z',
  properties: { protocol: 'tcp', port: 5432 },
}

describe('edits of relations', () => {
  it('start at the end that the direction says, and send typed values', () => {
    const there = { ...adding(needs, end('b')), values: { port: ' 443 ', protocol: '' } }
    const back = adding(needed, end('c'))
    const entry = { ...adding(parts, end('s')), values: { entry: 'true' } }
    expect(toInput('a', [there, back, entry], roads)).toEqual({
      add: [
        { kind: 'DEPENDS_ON', from: 'a', to: 'b', properties: { port: 443 } },
        { kind: 'DEPENDS_ON', from: 'c', to: 'a', properties: {} },
        { kind: 'PART_OF', from: 'a', to: 's', properties: { entry: true } },
      ],
      change: [],
      remove: [],
    })
  })
  it('send only what was changed, and clear what was emptied', () => {
    const edit = changing(needs, end('b'), relation)
    const { change } = toInput('a', [{ ...edit, values: { ...edit.values, protocol: '' } }], roads)
    expect(change).toEqual([{ id: 'r1', version: 3, properties: { protocol: null } }])
  })
  it('say which property of which edit is wrong', () => {
    const edit = { ...adding(needs, end('b')), values: { port: 'many' } }
    expect(faultsIn([edit], roads)).toEqual({ 'dependencies b': { port: 'Port must be a number.' } })
    const change = changing(needs, end('c'), relation)
    expect(
      placed(
        [
          { code: 'INVALID', field: ['change', '0', 'properties', 'port'], message: 'No port.' },
          { code: 'NOT_FOUND', field: ['add', '0', 'to'], message: 'Not there.' },
          { code: 'CONFLICT', field: null, message: 'Changed.' },
        ],
        [edit, change],
        roads,
      ),
    ).toEqual({
      faults: { 'dependencies c': { port: 'No port.' }, 'dependencies b': { '': 'Not there.' } },
      problem: 'Changed.',
    })
  })
  it('keep what was typed over what others saved, and tell both', () => {
    const mine = changing(needs, end('b'), relation)
    const typed = { ...mine, values: { ...mine.values, port: '5433' } }
    const now = { id: 'r1', version: 4, validTo: null, properties: { protocol: 'tls', port: 6000 } }
    expect(rebased(typed, now, needs)).toMatchObject({
      values: { protocol: 'tls', port: '5433' },
      theirs: { port: 6000 },
      relation: { version: 4 },
    })
    expect(toInput('a', [rebased(typed, now, needs)], roads).change[0]).toEqual({
      id: 'r1',
      version: 4,
      properties: { port: 5433 },
    })
  })
  it('leave out what others have ended', () => {
    const gone = rebased(changing(needs, end('b'), relation), null, needs)
    expect(gone.ended).toBe(true)
    expect(toInput('a', [gone], roads).change).toEqual([])
  })
})
