import type { AccessLevel, AccessUpdateInput, GrantFragment } from '#lib/gql/generated.ts'

/** One person or team on the lists of one or many things. */
export type Entry = Omit<GrantFragment, 'level'> & {
  /** Null when it differs from thing to thing. */
  level: AccessLevel | null
  /** On how many of the lists. */
  on: number
}

/** What is to become of entries, by the id of the person or team. */
export type Edits = Record<string, AccessLevel | 'REMOVE'>

/** The lists of many things as one, in the order in which the entries first appear. */
export function together(lists: GrantFragment[][]): Entry[] {
  const entries = new Map<string, Entry>()
  for (const { level, ...grant } of lists.flat()) {
    const before = entries.get(grant.id)
    entries.set(grant.id, {
      ...grant,
      level: before && before.level !== level ? null : level,
      on: (before?.on ?? 0) + 1,
    })
  }
  return [...entries.values()]
}

/** Only what differs from what is there; null when nothing does. */
export function toInput(ids: string[], entries: Entry[], edits: Edits): AccessUpdateInput | null {
  const there = new Map(entries.map((entry) => [entry.id, entry]))
  const set: { principal: string; level: AccessLevel }[] = []
  const remove: string[] = []
  for (const [principal, level] of Object.entries(edits)) {
    const entry = there.get(principal)
    if (level === 'REMOVE') {
      if (entry?.on) remove.push(principal)
    } else if (!entry || entry.on < ids.length || entry.level !== level) {
      set.push({ principal, level })
    }
  }
  return set.length || remove.length ? { ids, set, remove } : null
}
