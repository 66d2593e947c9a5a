import { describe, expect, it } from 'vitest'
import { toggleValue } from './facets.svelte.ts'
import { selecting } from './selection.svelte.ts'

const page = (...ids: string[]) => ids.map((id) => ({ id, version: 1 }))
const ids = ({ rows }: { rows: { id: string }[] }) => rows.map(({ id }) => id)

describe('selected rows', () => {
  it('are chosen one by one and in ranges', () => {
    const rows = page('a', 'b', 'c', 'd')
    const selection = selecting(() => rows)
    selection.toggle(rows[1]!)
    selection.reach(rows[3]!)
    expect(ids(selection)).toEqual(['b', 'c', 'd'])
    selection.toggle(rows[2]!)
    selection.reach(rows[0]!)
    expect(ids(selection).sort()).toEqual(['a', 'b', 'c', 'd'])
  })
  it('stay selected on the next page, and are those of the newest reading', () => {
    let rows = page('a', 'b')
    const selection = selecting(() => rows)
    selection.page(true)
    rows = page('c')
    selection.page(true)
    expect(ids(selection)).toEqual(['a', 'b', 'c'])
    rows = [{ id: 'a', version: 2 }]
    expect(selection.rows[0]).toEqual({ id: 'a', version: 2 })
    selection.page(false)
    expect(ids(selection)).toEqual(['b', 'c'])
  })
  it('can be everything, until one is taken out', () => {
    const rows = page('a', 'b', 'c')
    const selection = selecting(() => rows)
    selection.all()
    expect([selection.everything, selection.has('z')]).toEqual([true, true])
    selection.toggle(rows[0]!)
    expect([selection.everything, ids(selection)]).toEqual([false, ['b', 'c']])
  })
})

describe('a value of a facet', () => {
  const is = (...values: string[]) => ({ field: 'role', operator: 'is' as const, values })
  const other = { field: 'environment', operator: 'is' as const, values: ['production'] }
  it('joins the others of its field, and leaves', () => {
    expect(toggleValue([other], 'role', 'web')).toEqual([other, is('web')])
    expect(toggleValue([is('web'), other], 'role', 'db')).toEqual([is('web', 'db'), other])
    expect(toggleValue([is('web', 'db'), other], 'role', 'web')).toEqual([is('db'), other])
    expect(toggleValue([is('web'), other], 'role', 'web')).toEqual([other])
  })
  it('takes the place of another condition on its field', () => {
    expect(toggleValue([{ field: 'role', operator: 'unset', values: [] }], 'role', 'web')).toEqual([
      is('web'),
    ])
  })
})
