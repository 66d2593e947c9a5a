import { expect, it } from 'vitest'
import { grouped } from './suspects.ts'

const suspects = (identifier: string, ...names: string[]) =>
  ({
    identifier,
    kind: 'SERVER',
    count: names.length,
    assets: names.map((name) => ({ id: `id of ${name}`, name })),
  }) as Parameters<typeof grouped>[0][number]

it('tells once what is alike in several ways, and why', () => {
  const groups = grouped([
    suspects('10.0.0.1', 'web-1', 'WEB-1'),
    suspects('web-1', 'WEB-1', 'web-1'),
    suspects('fe80::1', 'a', 'b'),
    suspects('0a:00:00:00:00:01', 'c', 'd'),
    suspects('web.example.com', 'e', 'f'),
    suspects('i-0abc', 'g', 'h'),
  ])
  expect(groups.map(({ reasons }) => reasons)).toEqual([
    ['the same address', 'the same name'],
    ['the same address'],
    ['the same MAC address'],
    ['the same hostname'],
    ['the same hostname or id'],
  ])
})
