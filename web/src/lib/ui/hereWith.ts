import { page } from '$app/state'

/** A link to the present page with some parts of its query changed; null takes a part away. */
export function hereWith(changes: Record<string, string | null>): string {
  const query = new URLSearchParams(page.url.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name)
    else query.set(name, value)
  }
  return query.size ? `?${query}` : page.url.pathname
}
