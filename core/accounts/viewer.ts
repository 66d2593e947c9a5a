import type { Session } from '../platform/session.ts'
import { User } from './user.ts'

/** The person who acts; null for nobody and for Maestro itself. */
export const getViewer = async (session: Session): Promise<User | null> =>
  session.actor.type === 'USER' && session.actor.id ? session.em.findOne(User, session.actor.id) : null
