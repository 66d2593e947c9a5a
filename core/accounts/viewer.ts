import type { Session } from '../platform/session.ts'
import type { CallerSession } from './caller.ts'
import type { User } from './user.ts'

/** The person who acts, also by a token of theirs; null for nobody, for a team's token and for Maestro itself. */
export const getViewer = (session: Session): User | null =>
  (session as Partial<CallerSession>).caller?.user ?? null
