// Pages and panels of one workspace lead nowhere in another.
const PLACES = ['after', 'before', 'new', 'edit']

/** The address of the present page as it is to be opened in another workspace. */
export function samePage({ pathname, search }: { pathname: string; search: string }): string {
  const query = new URLSearchParams(search)
  for (const part of PLACES) query.delete(part)
  return pathname + (query.size ? `?${query}` : '')
}
