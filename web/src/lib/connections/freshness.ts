/** The oldest of the newest complete readings: everything of the connection is at least this fresh. Null when some scope was never read. */
export function freshSince(scopes: { lastCompleteAt: string | null }[]): string | null {
  if (!scopes.length || scopes.some((scope) => !scope.lastCompleteAt)) return null
  return scopes.map((scope) => scope.lastCompleteAt!).sort()[0]!
}

export const UNITS = {
  MINUTES: { label: 'minutes', one: 'minute', minutes: 1 },
  HOURS: { label: 'hours', one: 'hour', minutes: 60 },
  DAYS: { label: 'days', one: 'day', minutes: 24 * 60 },
} as const
export type Unit = keyof typeof UNITS

/** In the largest unit in which it is a whole number. */
export function splitMinutes(minutes: number): { amount: number; unit: Unit } {
  const unit = (['DAYS', 'HOURS'] as const).find((name) => minutes % UNITS[name].minutes === 0) ?? 'MINUTES'
  return { amount: minutes / UNITS[unit].minutes, unit }
}

/** When something is read, in a few words. */
export function periodText({
  everyMinutes,
  cron,
}: {
  everyMinutes: number | null
  cron: string | null
}): string {
  if (cron) return cron
  const { amount, unit } = splitMinutes(everyMinutes ?? 0)
  return amount === 1 ? `every ${UNITS[unit].one}` : `every ${amount} ${UNITS[unit].label}`
}
