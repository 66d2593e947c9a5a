/** A value that a form offers. */
export type Suggestion = {
  value: string
  label: string
  note?: string
  /** What follows for fields that are still empty. */
  also?: Record<string, string>
}

/** Whether what is typed occurs in a suggestion. */
export const fits =
  (text: string) =>
  ({ value, note }: Suggestion) =>
    `${value} ${note ?? ''}`.toLowerCase().includes(text.trim().toLowerCase())

/** Those that begin with what is typed first, each value once, whatever its case. */
export function ranked(text: string, suggestions: Suggestion[]): Suggestion[] {
  const typed = text.trim().toLowerCase()
  const first = suggestions.filter(({ value }) => value.toLowerCase().startsWith(typed))
  const once = new Map<string, Suggestion>()
  for (const one of [...first, ...suggestions]) {
    const known = once.get(one.value.toLowerCase())
    once.set(one.value.toLowerCase(), known ? { ...one, ...known } : one)
  }
  return [...once.values()]
}
