import { isDeepStrictEqual } from 'node:util'
import type { Document } from 'mongodb'
import type { Change, Fields } from '../history/records.ts'
import type { Declaration } from './asset.ts'
import { effective } from './effective.ts'
import { kindOf } from './kinds.ts'
import type { Observed } from './observation.ts'

/** What taking a change back makes of its record, and what it leaves alone. */
export interface Reverted {
  /** Fields to lay over the record; none when nothing is left to take back. */
  fields: Fields
  /** Fields that were changed again since and stay as they are now. */
  kept: string[]
}

/** Fields that follow from what is declared and observed; they are computed again rather than put back. */
const derived = ['drift', 'identifiers', 'seenIn']
/** Whether an asset is retired is one thing, told by several fields. */
const retirement = ['retiredAt', 'retiredBy', 'mergedInto']

/** An asset without what a change did to it: who declared what, what sources report, who may see it, whether it is retired. */
export function revertAsset(current: Document, change: Change, now: Date): Reverted {
  if (!change.before) return withoutCreation(current, change, now)
  const { before, after } = change
  // What it was, and what sources say of it, lives on in the asset that it was merged into.
  if (current.mergedInto && !after.mergedInto)
    return { fields: {}, kept: Object.keys({ ...before, ...after }).filter(isPlain) }
  const declared = { ...claimsOf(current).declared }
  const kept = new Set(putBack(declared, claimsIn(before), claimsIn(after)))
  const observations =
    'observations' in before || 'observations' in after
      ? revertObservations(current, sourcesIn(before), sourcesIn(after), kept)
      : claimsOf(current).observations
  const fields: Fields = {}
  const kind = kindOf(current.kind as string)
  const touched = Object.keys({ ...before, ...after })
  const plain = touched.filter(
    (field) =>
      isPlain(field) && !retirement.includes(field) && !kind.facts.some((fact) => fact.name === field),
  )
  for (const field of plain) revertUnit([field])
  const ending = retirement.filter((field) => touched.includes(field))
  if (ending.length) revertUnit(ending)
  // Of what nobody says anything any more, what was last known stays.
  const speechless = !observations.length && !Object.keys(declared).length
  const facts = speechless ? { drift: [], seenIn: [] } : effective(kind, { declared, observations })
  return { fields: { ...fields, declared, observations, ...facts }, kept: [...kept] }

  function revertUnit(names: string[]) {
    if (names.every((name) => same(current[name], after[name])))
      for (const name of names) fields[name] = before![name] ?? null
    else if (!names.every((name) => same(current[name], before![name]))) kept.add(names[0]!)
  }
}

const isPlain = (field: string) => !['declared', 'observations', ...derived].includes(field)

/** What was added is retired, unless people have said something of it since. Sources alone do not keep it. */
function withoutCreation(current: Document, { after }: Change, now: Date): Reverted {
  if (current.retiredAt) return { fields: {}, kept: [] }
  const said = claimsIn(after)
  const kept = Object.keys({ ...said, ...claimsOf(current).declared }).filter(
    (name) => !same(said[name], claimsOf(current).declared[name]),
  )
  if (!same(current.access, after.access)) kept.push('access')
  return kept.length ? { fields: {}, kept } : { fields: { retiredAt: now, retiredBy: 'PERSON' }, kept }
}

/** Entries that a change made are as they were before it, but for those that were changed since, which are answered. */
export function putBack(now: Fields, was: Fields, became: Fields): string[] {
  const kept: string[] = []
  for (const name of Object.keys({ ...was, ...became })) {
    if (same(was[name], became[name]) || same(now[name], was[name])) continue
    if (!same(now[name], became[name])) kept.push(name)
    else if (was[name] === undefined) delete now[name]
    else now[name] = was[name]
  }
  return kept
}

/** A source that a change brought goes, and one that it took comes back; what else it reported is taken back by field. */
function revertObservations(
  current: Document,
  was: Observed[],
  became: Observed[],
  kept: Set<string>,
): Observed[] {
  const of = (all: Observed[], scope: string) => all.find((one) => one.scope === scope)
  const touched = new Set([...was, ...became].map(({ scope }) => scope))
  const present = claimsOf(current).observations
  const result: Observed[] = []
  for (const now of present) {
    const [old, own] = [of(was, now.scope), of(became, now.scope)]
    if (!touched.has(now.scope) || !own || same(old, own)) result.push(now)
    else if (old) result.push(same(now, own) ? old : revertObservation(now, old, own, kept))
  }
  for (const old of was) if (!of(became, old.scope) && !of(present, old.scope)) result.push(old)
  return result
}

/** Without a checksum, the next listing looks again at what the source really says. */
function revertObservation(now: Observed, was: Observed, became: Observed, kept: Set<string>): Observed {
  if (same(now, was)) return now
  const values = { ...now.values }
  for (const name of putBack(values, was.values, became.values)) kept.add(name)
  const state = now.state === became.state ? was.state : now.state
  return { ...now, state, values, checksum: '' }
}

interface Said {
  declared: Record<string, Declaration>
  observations: Observed[]
}
const claimsOf = (record: Document) => ({
  declared: (record.declared ?? {}) as Said['declared'],
  observations: (record.observations ?? []) as Said['observations'],
})
const claimsIn = (fields: Fields): Fields => (fields.declared ?? {}) as Fields
const sourcesIn = (fields: Fields) => (fields.observations ?? []) as Observed[]

const same = (a: unknown, b: unknown) => isDeepStrictEqual(a ?? null, b ?? null)
