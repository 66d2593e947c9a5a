import { toast } from 'svelte-sonner'
import { session } from '#lib/session/session.svelte.ts'
import { messages } from './messages.ts'
import { samePage } from './samePage.ts'

/** `everything`, `mine`, or the id of a team with its name. */
export type Workspace = { id: string; name: string | null }

const EVERYTHING: Workspace = { id: 'everything', name: null }

const placeOf = (user: string) => `maestro.workspace.${user}`

// Read once per visit: another tab that chooses another workspace changes nothing in this one.
let chosen = $state.raw<(Workspace & { user: string }) | null>(null)

function current(): Workspace {
  const user = session.user?.id
  if (!user) return EVERYTHING
  if (chosen?.user === user) return chosen
  return stored(user)
}

function stored(user: string): Workspace {
  try {
    const kept = JSON.parse(localStorage.getItem(placeOf(user)) ?? 'null') as Workspace | null
    return typeof kept?.id === 'string' ? kept : EVERYTHING
  } catch {
    return EVERYTHING
  }
}

function keep(next: Workspace) {
  const user = session.user?.id
  if (!user) return
  chosen = { ...next, user }
  if (next.id === EVERYTHING.id) localStorage.removeItem(placeOf(user))
  else localStorage.setItem(placeOf(user), JSON.stringify(next))
}

/** What this person looks at just now: a narrower one shows less, and owns what is created meanwhile. */
export const workspace = {
  get id() {
    return current().id
  },
  get name() {
    return current().name
  },
  get isTeam() {
    return !['everything', 'mine'].includes(current().id)
  },
  get isNarrow() {
    return current().id !== EVERYTHING.id
  },
}

/** To be sent with every request but those of the session itself. */
export function workspaceHeader(): string {
  return current().id
}

/** Opens the same page anew in another workspace, so that nothing of the former one is left on it. */
export function choose(id: string, name: string | null = null) {
  if (id === current().id) return
  keep({ id, name })
  location.assign(samePage(location))
}

/** A team may be called otherwise since it was chosen. */
export function rename(name: string) {
  if (workspace.isTeam && name !== workspace.name) keep({ id: workspace.id, name })
}

/** The chosen workspace is gone or closed to this person: back to everything, and say so. */
export function reset() {
  if (!workspace.isNarrow) return
  const { name } = workspace
  keep(EVERYTHING)
  toast.warning(messages.gone(name))
}
