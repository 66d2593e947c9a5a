import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import type { Collection, ObjectId } from 'mongodb'
import { Field, Int, InterfaceType } from 'type-graphql'
import type { Faults } from '../../accounts/fields.ts'
import type { Core } from '../../platform/core.ts'
import { decodeId, encodeId } from '../../platform/ids.ts'
import { Node } from '../../platform/node.ts'

/** What forms suggest: shipped with Maestro, or added by an administrator. */
@InterfaceType({
  description: 'What forms suggest: shipped with Maestro, or added by an administrator.',
  implements: Node,
  resolveType: (entry: CatalogueEntry) => decodeId(entry.globalId()).type,
})
@Entity({ abstract: true })
export abstract class CatalogueEntry extends Node {
  @PrimaryKey({ type: 'ObjectId' })
  _id!: ObjectId

  /** What a shipped entry is found by in every version of Maestro; null where an administrator has added it. */
  @Property({ type: 'string', nullable: true })
  key!: string | null

  @Field(() => Boolean, {
    description: 'An administrator has changed or added it, so later versions of Maestro leave it as it is.',
  })
  @Property({ type: 'boolean' })
  edited!: boolean

  @Field(() => Boolean, { description: 'An administrator has taken it out, so it is not suggested.' })
  @Property({ type: 'boolean' })
  hidden!: boolean

  @Field(() => Int, { description: 'Grows with every change; send it back when you update.' })
  @Property({ type: 'integer' })
  version!: number

  @Field(() => Date, { description: 'When it was last changed.' })
  @Property({ type: 'datetime' })
  updatedAt!: Date

  @Field(() => Boolean, {
    name: 'shipped',
    description: 'Whether it came with Maestro; such a one is hidden rather than deleted.',
  })
  isShipped(): boolean {
    return this.key !== null
  }

  override globalId(): string {
    return encodeId(this.constructor.name, this._id)
  }
}

/** What an entry says, without what is kept about it. */
export type Saying<T extends CatalogueEntry> = Partial<Omit<T, keyof CatalogueEntry>>

/** One type of entry: where it is stored, what of it is shipped, and how it is checked. */
export interface Shelf<T extends CatalogueEntry, Input = never> {
  entryClass: new () => T
  /** Name of one in a sentence, such as service. */
  noun: string
  collection: string
  /** How many there may be. */
  most: number
  shipped: Map<string, Saying<T>>
  nameOf(entry: Saying<T>): string
  /** Field that no two entries may share, as an input names it. */
  unique: string
  /** What an input says, checked: what it leaves out is left out. `before` is null for a new one. */
  read(faults: Faults, input: Input, before: T | null): Saying<T>
  /** What a stored entry says once it follows what is shipped now, where nobody has changed that. */
  follow(stored: T, shipped: Saying<T>): Saying<T>
  /** What a stored entry says once it is as shipped again. */
  reset(stored: T, shipped: Saying<T>): Saying<T>
}

export const entriesOf = (core: Core, { collection }: { collection: string }): Collection<CatalogueEntry> =>
  core.db.collection<CatalogueEntry>(collection)

/** A stored entry as an instance of its class. */
export const hydrateEntry = <T extends CatalogueEntry>(
  { entryClass }: { entryClass: new () => T },
  record: object,
): T => Object.assign(new entryClass(), record)
