type Chosen = { id: string }

/** The rows that are selected in a list, also on pages that are not shown just now; or all that fit its filter. */
export function selecting<Row extends Chosen>(rows: () => Row[]) {
  let chosen = $state.raw<Record<string, Row>>({})
  let everything = $state(false)
  /** Where a range begins. */
  let anchor: string | null = null

  const byId = (list: Row[]) => Object.fromEntries(list.map((row) => [row.id, row]))
  const without = (gone: Row[]) => {
    const ids = gone.map(({ id }) => id)
    return Object.fromEntries(Object.entries(now()).filter(([id]) => !ids.includes(id)))
  }
  const now = () => (everything ? byId(rows()) : chosen)

  function become(next: Record<string, Row>) {
    chosen = next
    everything = false
  }

  return {
    /** As they were last read. With everything, those that are shown. */
    get rows(): Row[] {
      const shown = byId(rows())
      return everything ? rows() : Object.values(chosen).map((row) => shown[row.id] ?? row)
    },
    get everything() {
      return everything
    },
    has: (id: string) => everything || id in chosen,
    toggle(row: Row) {
      anchor = row.id
      become(row.id in now() ? without([row]) : { ...now(), [row.id]: row })
    },
    /** Selects all from where the last one was chosen to this one. */
    reach(row: Row) {
      const list = rows()
      const to = list.findIndex(({ id }) => id === row.id)
      const from = list.findIndex(({ id }) => id === anchor)
      if (from < 0) anchor = row.id
      const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)]
      become({ ...now(), ...byId(list.slice(first, last + 1)) })
    },
    page(on: boolean) {
      become(on ? { ...now(), ...byId(rows()) } : without(rows()))
    },
    all() {
      everything = true
    },
    clear() {
      become({})
      anchor = null
    },
  }
}

export type Selection<Row extends Chosen> = ReturnType<typeof selecting<Row>>
