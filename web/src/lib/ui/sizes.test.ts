import { expect, it } from 'vitest'
import { size } from './sizes.ts'

it('writes sizes in the unit in which they are easy to read', () => {
  expect([0, 512, 1536, 10 * 1024 ** 2, 1.42 * 1024 ** 3].map(size)).toEqual([
    '0\u202fB',
    '512\u202fB',
    '1.5\u202fKiB',
    '10\u202fMiB',
    '1.4\u202fGiB',
  ])
})
