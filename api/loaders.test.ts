import { expect, it } from 'vitest'
import type { Session } from '../core/platform/session.ts'
import { loader } from './loaders.ts'

it('asks once for all keys of one name, and never across requests', async () => {
  const asked: string[][] = []
  const load = (session: Session, name: string, key: string) =>
    loader<string, string>(session, name, async (keys) => {
      asked.push([name, ...keys])
      return keys.map((key) => key.toUpperCase())
    }).load(key)
  const [one, two] = [{}, {}] as [Session, Session]

  const values = await Promise.all([
    load(one, 'names', 'a'),
    load(one, 'names', 'b'),
    load(one, 'names', 'a'),
    load(one, 'sizes', 'a'),
    load(two, 'names', 'a'),
  ])

  expect(values).toEqual(['A', 'B', 'A', 'A', 'A'])
  expect(asked).toEqual([
    ['names', 'a', 'b'],
    ['sizes', 'a'],
    ['names', 'a'],
  ])
})
