import { describe, expect, it } from 'vitest'
import { ranked } from './suggestion.ts'

const values = (...all: string[]) => all.map((value) => ({ value, label: value }))

describe('suggestions', () => {
  it('begin with what begins as it is typed', () => {
    expect(
      ranked('my', values('Amazon RDS for MySQL', 'MySQL', 'mySQL Router')).map((one) => one.value),
    ).toEqual(['MySQL', 'mySQL Router', 'Amazon RDS for MySQL'])
  })

  it('name each value once, as the estate writes it, with what the catalogue knows', () => {
    const used = { value: 'Production', label: 'Production', note: '12' }
    const known = { value: 'production', label: 'production', also: { managed: 'true' } }
    expect(ranked('', [used, known])).toEqual([{ ...used, also: { managed: 'true' } }])
  })
})
