import type { EntityManager, ObjectId } from '@mikro-orm/mongodb'
import { nothing, type Reach } from './access.ts'
import type { Core } from './core.ts'

/** Who acts: a person, a script with a token, or Maestro itself on behalf of a run. */
export interface Actor {
  type: 'USER' | 'TOKEN' | 'SYSTEM'
  id: ObjectId | null
  name: string
}

/** One request, socket event or run: first argument of every core function. */
export interface Session {
  core: Core
  em: EntityManager
  actor: Actor
  reach: Reach
  /** Inventory that is read and written; part of every discovered identity. */
  workspace: string
  now: Date
  /** The moment at which the inventory is looked at; absent for the present. Never of a session that writes. */
  asOf?: Date
}

export const defaultWorkspace = 'main'

export const openSession = (core: Core, actor: Actor, reach: Reach): Session => ({
  core,
  em: core.orm.em.fork(),
  actor,
  reach,
  workspace: defaultWorkspace,
  now: new Date(),
})

/** Maestro's own session, for workers: reaches everything. */
export const systemSession = (core: Core, name: string) =>
  openSession(core, { type: 'SYSTEM', id: null, name }, { ...nothing, everything: 'ADMIN' })
