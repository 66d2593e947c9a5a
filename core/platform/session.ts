import type { EntityManager, ObjectId } from '@mikro-orm/mongodb'
import type { Core } from './core.ts'

/** Who acts: a person, or Maestro itself on behalf of a run. */
export interface Actor {
  type: 'USER' | 'SYSTEM'
  id: ObjectId | null
  name: string
}

/** One request, socket event or run: first argument of every core function. */
export interface Session {
  core: Core
  em: EntityManager
  actor: Actor
  /** Principals that access lists may name for this actor, such as `user:…`. */
  principals: string[]
  /** Inventory that is read and written; part of every discovered identity. */
  workspace: string
  now: Date
}

export const defaultWorkspace = 'main'

export const openSession = (core: Core, actor: Actor, principals: string[]): Session => ({
  core,
  em: core.orm.em.fork(),
  actor,
  principals,
  workspace: defaultWorkspace,
  now: new Date(),
})

/** Maestro's own session, for workers: sees everything. */
export const everything = '*'
export const systemSession = (core: Core, name: string) =>
  openSession(core, { type: 'SYSTEM', id: null, name }, [everything])
