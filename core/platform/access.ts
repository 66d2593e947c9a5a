import type { ObjectId } from 'mongodb'
import { Forbidden } from './errors.ts'
import type { Session } from './session.ts'

export type AccessLevel = 'READ' | 'WRITE' | 'ADMIN'
export const accessLevels: readonly AccessLevel[] = ['READ', 'WRITE', 'ADMIN']

/** Whom an access list may name. Ids, not names: lists compare text without case and with numbers in order. */
export interface Principal {
  type: 'USER' | 'TEAM'
  principal: ObjectId
}

/** One entry of an access list: a principal and what it may do. */
export interface AccessEntry extends Principal {
  level: AccessLevel
}

/** A principal that a session may use, and the highest level that it passes on: readers of a team only read. */
export interface Grant {
  principal: ObjectId
  level: AccessLevel
}

/** What a session may reach. One object per request or socket, so that a change of teams is felt by what is open. */
export interface Reach {
  /** Level at which everything is reached, whatever its list says; null for nearly everybody. */
  everything: AccessLevel | null
  grants: Grant[]
  /** Owns what the session creates; null for Maestro itself and for strangers. */
  owner: Principal | null
}

export const nothing: Reach = { everything: null, grants: [], owner: null }

/** Whether a level includes another. */
export const covers = (level: AccessLevel, wanted: AccessLevel) =>
  accessLevels.indexOf(level) >= accessLevels.indexOf(wanted)

export const lower = (a: AccessLevel, b: AccessLevel): AccessLevel => (covers(a, b) ? b : a)
export const higher = (a: AccessLevel, b: AccessLevel): AccessLevel => (covers(a, b) ? a : b)

const levelsFrom = (level: AccessLevel) => accessLevels.filter((one) => covers(one, level))

/** Whether lists do not matter to the session. */
export const reachesAll = ({ reach }: Session, level: AccessLevel = 'READ') =>
  reach.everything !== null && covers(reach.everything, level)

const principalsAt = ({ reach }: Session, level: AccessLevel) =>
  reach.grants.filter((grant) => covers(grant.level, level)).map((grant) => grant.principal)

/** MongoDB condition that holds for what the session may reach at this level. Every read goes through it. */
export function visible(session: Session, level: AccessLevel = 'READ'): Record<string, unknown> {
  if (reachesAll(session, level)) return {}
  const principal = { $in: principalsAt(session, level) }
  if (level === 'READ') return { 'access.principal': principal }
  return { access: { $elemMatch: { principal, level: { $in: levelsFrom(level) } } } }
}

/** The same rule for a record that is already at hand. */
export function mayReach(session: Session, access: AccessEntry[], level: AccessLevel = 'READ'): boolean {
  if (reachesAll(session, level)) return true
  const principals = principalsAt(session, level)
  return access.some(
    (entry) => covers(entry.level, level) && principals.some((one) => one.equals(entry.principal)),
  )
}

/**
 * Access list of something that the session creates.
 *
 * @throws Forbidden when the session may only read
 */
export function accessOfNew(session: Session): AccessEntry[] {
  const { owner, grants } = session.reach
  if (!owner) return []
  const grant = grants.find(({ principal }) => principal.equals(owner.principal))
  if (!grant || !covers(grant.level, 'WRITE'))
    throw new Forbidden('You may only read here. Choose another workspace to add something.')
  return [{ ...owner, level: 'ADMIN' }]
}
