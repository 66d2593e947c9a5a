import type { Call } from '../actions.ts'
import type { Shelf, Thing } from '../shelves.ts'

/** What the caller's region has of a type. */
export const shelfOf = ({ world, account, region }: Call, type: string): Shelf =>
  world.shelves.of(account.account, region, type)

/** A thing as an answer has it, without what other answers say of it. */
export const without = (thing: Thing, ...names: string[]): Thing =>
  Object.fromEntries(Object.entries(thing).filter(([name]) => !names.includes(name)))
