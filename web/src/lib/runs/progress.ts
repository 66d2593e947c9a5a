import type { CountsFragment, RunState, ScopeState } from '#lib/gql/generated.ts'
import { count, counted } from '#lib/ui/numbers.ts'

export function isActive(state: RunState): boolean {
  return state === 'QUEUED' || state === 'RUNNING'
}

/** Share of the scopes that are done: how much a listing will yield is not known before its last page. */
export function share(scopes: { state: ScopeState }[]): number {
  if (!scopes.length) return 0
  const worth: Record<ScopeState, number> = {
    WAITING: 0,
    LISTING: 0.3,
    SWEEPING: 0.8,
    COMPLETE: 1,
    INCOMPLETE: 1,
    CANCELLED: 1,
  }
  return scopes.reduce((sum, scope) => sum + worth[scope.state], 0) / scopes.length
}

/** "2 of 3 regions read, 1 240 found". */
export function progressText(run: {
  kind?: string
  scopes: { state: ScopeState; region: string | null }[]
  totals: CountsFragment
  state: RunState
}): string {
  if (run.state === 'QUEUED') return 'Waiting for a worker'
  if (run.kind === HANDOVER) return handedOverText(run.totals)
  const done = run.scopes.filter((scope) => scope.state === 'COMPLETE').length
  const regions = run.scopes.length > 1 ? `${done} of ${counted(run.scopes.length, 'region')} read, ` : ''
  return `${regions}${count(run.totals.found)} found`
}

export const HANDOVER = 'handover'

/** "12 things handed over". */
export function handedOverText(totals: { changed: number }): string {
  return totals.changed ? `${counted(totals.changed, 'thing')} handed over` : 'Nothing handed over'
}

const PARTS = ['created', 'changed', 'restored', 'missing', 'gone', 'quarantined'] as const
const WORDS: Record<(typeof PARTS)[number], string> = {
  created: 'new',
  changed: 'changed',
  restored: 'back again',
  missing: 'missing',
  gone: 'gone',
  quarantined: 'set aside',
}

/** "200 found: 140 new, 2 set aside". */
export function totalsText(totals: CountsFragment): string {
  const parts = PARTS.filter((part) => totals[part]).map((part) => `${count(totals[part])} ${WORDS[part]}`)
  return `${count(totals.found)} found${parts.length ? `: ${parts.join(', ')}` : totals.found ? ', nothing new' : ''}`
}
