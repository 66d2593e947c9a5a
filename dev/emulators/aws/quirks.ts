import { randomFrom } from './random.ts'

export type Quirk =
  | 'withoutName'
  | 'withoutPrivateIp'
  | 'terminated'
  | 'shuttingDown'
  | 'samePrivateIp'
  | 'longTags'
  | 'unusualNames'
  | 'withoutInstanceId'
  | 'malformedLaunchTime'

/** How many instances of a region are odd in which way; `repeated` is the number of pages that repeat an instance. */
export type Quirks = Partial<Record<Quirk | 'repeated', number>>

const usualShares: [Quirk, number][] = [
  ['withoutName', 0.03],
  ['withoutPrivateIp', 0.003],
  ['terminated', 0.015],
  ['shuttingDown', 0.004],
  ['samePrivateIp', 0.004],
  ['longTags', 0.005],
  ['unusualNames', 0.01],
]

/** What a well-used region looks like; small regions have none, so that little tests stay plain. */
export function usualQuirks(size: number): Quirks {
  if (size < 50) return {}
  const quirks: Quirks = { repeated: 1 }
  for (const [quirk, share] of usualShares) quirks[quirk] = Math.max(1, Math.round(size * share))
  return quirks
}

/** Spread over the whole region, at most one quirk to an instance. */
export function assignQuirks(seed: string, size: number, quirks: Quirks): Map<number, Quirk> {
  const assigned = new Map<number, Quirk>()
  for (const [quirk, count] of Object.entries(quirks) as [Quirk | 'repeated', number][]) {
    if (quirk === 'repeated') continue
    const random = randomFrom(seed, quirk)
    const wanted = Math.min(count, size - assigned.size)
    for (let i = 0; i < wanted; i++) {
      let ordinal = Math.floor(((i + random()) * size) / wanted) % size
      while (assigned.has(ordinal)) ordinal = (ordinal + 1) % size
      assigned.set(ordinal, quirk)
    }
  }
  return assigned
}
