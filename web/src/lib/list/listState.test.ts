import { describe, expect, it } from 'vitest'
import { readCondition, toFilter, writeCondition, type Condition } from './conditions.ts'
import { change, nextSort, readList, writeList, type ListState } from './listState.ts'

const fields = [
  { name: 'name', type: 'TEXT' },
  { name: 'status', type: 'ENUM' },
  { name: 'environment', type: 'TEXT' },
  { name: 'cpu', type: 'NUMBER' },
  { name: 'ipv4Private', type: 'ADDRESS' },
] as const

const state: ListState = {
  view: 'drifted',
  conditions: [
    { field: 'environment', operator: 'is', values: ['production', 'a,b:c', 'عربي'] },
    { field: 'role', operator: 'unset', values: [] },
  ],
  sort: { field: 'MEMORY_GIB', descending: true },
  columns: ['name', 'cpu'],
  after: 'cursor==',
  before: null,
}

describe('list state', () => {
  it('survives the way through the URL and back', () => {
    const url = new URL(`http://x/servers?${writeList(state, '')}`)
    expect(readList(url.searchParams)).toEqual(state)
  })
  it('leaves an open panel in the URL', () => {
    expect(writeList(state, '?edit=7&f=old:is:1').get('edit')).toBe('7')
  })
  it('ignores what somebody mistyped in the address bar', () => {
    expect(readList(new URLSearchParams('f=x&f=name:like:1&f=name:is:%25E0%25&view=odd&f=name:is:'))).toEqual(
      {
        view: 'all',
        conditions: [],
        sort: null,
        columns: null,
        after: null,
        before: null,
      },
    )
  })
  it('goes back to the first page when the question changes, but not when a column is hidden', () => {
    expect(change(state, { conditions: [] }).after).toBeNull()
    expect(change(state, { columns: ['name'] }).after).toBe('cursor==')
  })
  it('sorts up, then down, then not at all', () => {
    const up = nextSort(null, 'NAME')
    const down = nextSort(up, 'NAME')
    expect([up, down, nextSort(down, 'NAME')]).toEqual([
      { field: 'NAME', descending: false },
      { field: 'NAME', descending: true },
      null,
    ])
  })
})

describe('filter chips', () => {
  const filter = (...conditions: Condition[]) => toFilter(conditions, [...fields])

  it('become one filter in which all must hold', () => {
    expect(
      filter(
        { field: 'environment', operator: 'is', values: ['production', 'staging'] },
        { field: 'cpu', operator: 'gte', values: ['8'] },
        { field: 'status', operator: 'not', values: ['STOPPED'] },
      ),
    ).toEqual({
      and: [
        { environment: { in: ['production', 'staging'] } },
        { cpu: { gte: 8 } },
        { status: { ne: 'STOPPED' } },
      ],
    })
  })
  it('look through the addresses that the kind has', () => {
    expect(filter({ field: 'anywhere', operator: 'contains', values: ['10.0'] })).toEqual({
      and: [{ or: [{ name: { contains: '10.0' } }, { ipv4Private: { startsWith: '10.0' } }] }],
    })
  })
  it('read a tag with or without its value', () => {
    expect(filter({ field: 'tag', operator: 'is', values: ['Owner=a=b'] })).toEqual({
      and: [{ tag: { key: 'Owner', value: { eq: 'a=b' } } }],
    })
    expect(filter({ field: 'tag', operator: 'is', values: ['Owner'] })).toEqual({
      and: [{ tag: { key: 'Owner' } }],
    })
  })
  it('leave out fields that the kind does not have', () => {
    expect(filter({ field: 'colour', operator: 'is', values: ['red'] })).toBeNull()
  })
  it('keep commas and colons of a value', () => {
    const condition: Condition = { field: 'name', operator: 'is', values: ['a,b', 'c:d'] }
    expect(readCondition(writeCondition(condition))).toEqual(condition)
  })
})
