import { everything, type Session } from './session.ts'

export type AccessLevel = 'READ' | 'WRITE' | 'ADMIN'

/** One entry of an access list: a principal such as `user:…` and what it may do. */
export interface AccessEntry {
  principal: string
  level: AccessLevel
}

const levelsFrom: Record<AccessLevel, AccessLevel[]> = {
  READ: ['READ', 'WRITE', 'ADMIN'],
  WRITE: ['WRITE', 'ADMIN'],
  ADMIN: ['ADMIN'],
}

/** MongoDB condition that holds for what the session's actor may reach at this level. Every read goes through it. */
export function visible(session: Session, level: AccessLevel = 'READ'): Record<string, unknown> {
  if (session.principals.includes(everything)) return {}
  const principal = { $in: session.principals }
  if (level === 'READ') return { 'access.principal': principal }
  return { access: { $elemMatch: { principal, level: { $in: levelsFrom[level] } } } }
}

/** The same rule for a record that is already at hand. */
export const mayReach = (session: Session, access: AccessEntry[], level: AccessLevel = 'READ') =>
  session.principals.includes(everything) ||
  access.some(
    (entry) => session.principals.includes(entry.principal) && levelsFrom[level].includes(entry.level),
  )

/** Access list of something that the session's actor creates. */
export const ownAccess = (session: Session): AccessEntry[] =>
  session.principals
    .filter((principal) => principal !== everything)
    .map((principal) => ({ principal, level: 'ADMIN' }))
