import type { Core } from '../platform/core.ts'
import { encodeId } from '../platform/ids.ts'
import { holderOf, sessionOfHolder } from './authenticate.ts'
import type { CallerSession } from './caller.ts'

/** Who has asked for a run: it acts with the rights that they have when it begins. */
export interface Asker {
  holder: string
  workspace: string | null
}

export const askerOf = (session: CallerSession): Asker => ({
  holder: holderOf(session),
  workspace: workspaceOf(session),
})

/** @throws Unauthenticated when the sign-in has ended since, or the token was revoked */
export const sessionOfAsker = (core: Core, { holder, workspace }: Asker): Promise<CallerSession> =>
  sessionOfHolder(core, holder, workspace ?? undefined)

/** The workspace that the session has been narrowed to, in the words of the header. */
export function workspaceOf({ caller, reach }: CallerSession): string | null {
  if (caller.confinedTo || !reach.owner) return null
  if (reach.owner.type === 'TEAM') return encodeId('Team', reach.owner.principal)
  const reachesMore = caller.teams.length > 0 || caller.administrator
  return reachesMore && !reach.everything && reach.grants.length === 1 ? 'mine' : null
}
