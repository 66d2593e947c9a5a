import { goto } from '$app/navigation'
import { page } from '$app/state'

/** The URL without its open panel. */
export function closePanel() {
  const next = new URLSearchParams(page.url.search)
  for (const name of ['new', 'edit']) next.delete(name)
  void goto(next.size ? `?${next}` : page.url.pathname, { reset: false })
}
