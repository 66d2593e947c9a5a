import type { Observation, ObservationPage, Unreadable } from '../crawler.ts'

/** One page of records in Maestro's words; what cannot be read is set aside with the reason. */
export function translated<T>(
  records: readonly T[] | undefined,
  idOf: (record: T) => string | undefined,
  translate: (record: T) => Observation,
): ObservationPage {
  const observations: Observation[] = []
  const unreadable: Unreadable[] = []
  for (const record of records ?? []) {
    try {
      observations.push(translate(record))
    } catch (error) {
      unreadable.push({ externalId: idOf(record) ?? null, reason: (error as Error).message, raw: record })
    }
  }
  return { observations, unreadable }
}
