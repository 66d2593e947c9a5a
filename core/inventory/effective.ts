import { isDeepStrictEqual } from 'node:util'
import type { Fields } from '../history/records.ts'
import type { Declaration } from './asset.ts'
import type { Fact } from './facts.ts'
import type { Kind } from './kinds.ts'
import { type Observed, ObservationState } from './observation.ts'

/** What people and sources say of one asset. */
export interface Claims {
  declared: Record<string, Declaration>
  observations: Observed[]
}

/**
 * The fields that follow from the claims: each fact's effective value, what the asset can be found by, where declared
 * and observed disagree, and which scopes count it among theirs. Kept on the record, so that reads stay simple.
 */
export function effective(kind: Kind, claims: Claims): Fields {
  const ranked = claims.observations.length > 1 ? claims.observations.toSorted(byTrust) : claims.observations
  const fields: Fields = {}
  const drift: string[] = []
  for (const fact of kind.facts) {
    const declaration = claims.declared[fact.name]
    const observed = observedValue(ranked, fact.name)
    fields[fact.name] = (declaration ? declaration.value : observed) ?? emptyValue(fact)
    if (
      declaration &&
      observed !== undefined &&
      !isDeepStrictEqual(declaration.value ?? null, observed ?? null)
    )
      drift.push(fact.name)
  }
  fields.drift = drift
  fields.identifiers = identifiersOf(kind, fields, ranked)
  fields.seenIn = ranked.filter((one) => one.state !== ObservationState.GONE).map((one) => one.scope)
  return fields
}

/** The observation that a fact's observed value comes from: present before missing before gone, then the newest. */
export const observationFor = (observations: Observed[], fact: string): Observed | undefined =>
  (observations.length > 1 ? observations.toSorted(byTrust) : observations).find(
    (one) => one.values[fact] !== undefined,
  )

const observedValue = (ranked: Observed[], fact: string): unknown => {
  for (const one of ranked) if (one.values[fact] !== undefined) return one.values[fact]
  return undefined
}

const trust = { [ObservationState.PRESENT]: 0, [ObservationState.MISSING]: 1, [ObservationState.GONE]: 2 }
const byTrust = (a: Observed, b: Observed) => trust[a.state] - trust[b.state] || +b.changedAt - +a.changedAt

const emptyValue = (fact: Fact): unknown => {
  if (fact.type === 'LIST' || fact.type === 'OBJECTS') return []
  return fact.fallback ?? null
}

/** Lower-case, so that whatever a person pastes finds it. */
export const normalizeIdentifier = (text: string) => text.trim().toLowerCase().slice(0, 1000)

function identifiersOf(kind: Kind, fields: Fields, observations: Observed[]): string[] {
  const found = new Set<string>()
  for (const fact of kind.facts) {
    if (!fact.identifying) continue
    for (const value of [fields[fact.name]].flat())
      if (typeof value === 'string' && value) found.add(normalizeIdentifier(value))
  }
  for (const one of observations) found.add(normalizeIdentifier(one.externalId))
  return [...found]
}
