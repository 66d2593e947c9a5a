/** The oldest of the newest complete readings: everything of the connection is at least this fresh. Null when some scope was never read. */
export function freshSince(scopes: { lastCompleteAt: string | null }[]): string | null {
  if (!scopes.length || scopes.some((scope) => !scope.lastCompleteAt)) return null
  return scopes.map((scope) => scope.lastCompleteAt!).sort()[0]!
}
