import { describe, expect, it } from 'vitest'
import type { AccessLevel, GrantFragment } from '#lib/gql/generated.ts'
import { together, toInput } from './lists.ts'

const grant = (id: string, level: AccessLevel): GrantFragment => ({
  id,
  type: 'USER',
  name: id,
  detail: null,
  avatarUrl: null,
  level,
  self: false,
})

describe('the access lists of many things', () => {
  const entries = together([
    [grant('ann', 'ADMIN'), grant('ben', 'READ')],
    [grant('ann', 'ADMIN'), grant('ben', 'WRITE')],
    [grant('cleo', 'READ'), grant('ann', 'ADMIN')],
  ])

  it('become one, which says where they differ', () => {
    expect(entries.map(({ id, level, on }) => [id, level, on])).toEqual([
      ['ann', 'ADMIN', 3],
      ['ben', null, 2],
      ['cleo', 'READ', 1],
    ])
  })

  it('are not touched by a choice of what holds already', () => {
    expect(toInput(['1', '2', '3'], entries, { ann: 'ADMIN' })).toBeNull()
    expect(toInput(['1', '2', '3'], entries, { nobody: 'REMOVE' })).toBeNull()
  })

  it('are made alike by a level that holds for some of them only', () => {
    expect(toInput(['1', '2', '3'], entries, { cleo: 'READ', ben: 'WRITE' })?.set).toEqual([
      { principal: 'cleo', level: 'READ' },
      { principal: 'ben', level: 'WRITE' },
    ])
  })

  it('lose and gain entries at once', () => {
    expect(toInput(['1', '2', '3'], entries, { ann: 'REMOVE', dan: 'ADMIN' })).toEqual({
      ids: ['1', '2', '3'],
      set: [{ principal: 'dan', level: 'ADMIN' }],
      remove: ['ann'],
    })
  })
})
