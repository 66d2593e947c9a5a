import { readFileSync } from 'node:fs'
import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { bare, compareContracts, marked, releasedFile } from './breaks.ts'
import { buildApiSchema } from './schema.ts'

const released = readFileSync(releasedFile, 'utf8')

describe('the contract', () => {
  it('breaks nothing of the last release but what is marked in breaks.ts, with the reason', () => {
    expect(compareContracts(buildSchema(released), buildApiSchema(), marked)).toEqual({
      unmarked: [],
      needless: [],
    })
  })

  it('was released as a whole', () => {
    expect(Object.keys(buildSchema(released).getQueryType()!.getFields()).length).toBeGreaterThan(40)
    expect(bare(buildSchema(released))).toBe(released)
  })
})

describe('a comparison of contracts', () => {
  const before = buildSchema('type Query { name: String! age(years: Int): Int } enum E { A B }')
  const after = buildSchema('type Query { name: String age(years: Int!, exact: Boolean): Int } enum E { A }')
  const breaks = [
    'B was removed from enum type E.',
    'Query.age arg years has changed type from Int to Int!.',
    'Query.name changed type from String! to String.',
  ]

  it('finds what was removed or narrowed, and lets additions pass', () => {
    const { unmarked } = compareContracts(before, after, {})
    expect(unmarked.sort()).toEqual(breaks)
    expect(compareContracts(before, before, {})).toEqual({ unmarked: [], needless: [] })
  })

  it('asks for a reason with each mark, and tells marks that nothing needs', () => {
    const marks = {
      [breaks[0]!]: 'Nobody ever had it.',
      [breaks[1]!]: ' ',
      'Query.gone was removed.': 'It is back.',
    }
    const { unmarked, needless } = compareContracts(before, after, marks)
    expect(unmarked.sort()).toEqual(breaks.slice(1))
    expect(needless).toEqual(['Query.gone was removed.'])
  })
})
