/** Form input that survives a reload: kept in this tab until it is saved or given up. */
export function draft<Values extends Record<string, unknown>>(
  key: string,
  initial: () => Values,
  secret: (keyof Values)[] = [],
) {
  const place = `maestro.draft.${key}`
  const values = $state({ ...initial(), ...stored(place) }) as Values
  let changed = $state(stored(place) !== null)

  $effect(() => {
    const now = $state.snapshot(values) as Values
    if (JSON.stringify(now) === JSON.stringify(initial())) {
      sessionStorage.removeItem(place)
      changed = false
      return
    }
    changed = true
    // Secrets are typed again rather than written to any storage.
    const safe = Object.fromEntries(Object.entries(now).filter(([name]) => !secret.includes(name)))
    sessionStorage.setItem(place, JSON.stringify(safe))
  })

  // It outlives a reload, but not the tab.
  $effect(() => {
    if (!changed) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  })

  return {
    values,
    get changed() {
      return changed
    },
    forget() {
      sessionStorage.removeItem(place)
      Object.assign(values, initial())
    },
  }
}

function stored(place: string): Record<string, unknown> | null {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? 'null') as Record<string, unknown> | null
  } catch {
    return null
  }
}
