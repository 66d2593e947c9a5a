import { Arg, type ClassType, Ctx, Mutation, Resolver } from 'type-graphql'
import {
  createEntry,
  deleteEntry,
  findEntriesById,
  restoreEntry,
  updateEntry,
} from '../../core/inventory/catalogue/editEntry.ts'
import type { CatalogueEntry, Shelf } from '../../core/inventory/catalogue/entry.ts'
import type { Session } from '../../core/platform/session.ts'
import { Door } from '../doors.ts'
import { registerNodes } from '../node.ts'
import { payload } from '../userErrors.ts'
import { CatalogueEntryRefInput } from './types.ts'

interface Types<Input> {
  /** With what the fields begin, such as option. */
  prefix: string
  CreateInput: ClassType<Input & object>
  UpdateInput: ClassType<Input & { id: string; version: number }>
  Payload: ClassType<object>
}

/** Adds, changes, takes out and restores the entries of one type: `optionCreate`, `optionUpdate`, `optionDelete`, `optionRestore`. */
export function shelfResolver<T extends CatalogueEntry, Input>(
  shelf: Shelf<T, Input>,
  { prefix, CreateInput, UpdateInput, Payload }: Types<Input>,
): ClassType<object> {
  registerNodes([shelf.entryClass.name], (session, ids) => findEntriesById(session, shelf, ids))
  const { noun } = shelf

  @Resolver()
  class ShelfResolver {
    @Door('ADMINISTRATOR')
    @Mutation(() => Payload, {
      name: `${prefix}Create`,
      description: `Adds a ${noun} that forms suggest. For administrators.`,
    })
    create(
      @Arg('input', () => CreateInput, { description: `The ${noun}.` }) input: Input,
      @Ctx() session: Session,
    ) {
      return payload(async () => ({ entry: await createEntry(session, shelf, input) }))
    }

    @Door('ADMINISTRATOR')
    @Mutation(() => Payload, {
      name: `${prefix}Update`,
      description: `Changes a ${noun}; later versions of Maestro leave it as it is then. For administrators.`,
    })
    update(
      @Arg('input', () => UpdateInput, { description: 'The changes.' })
      input: Input & { id: string; version: number },
      @Ctx() session: Session,
    ) {
      return payload(async () => ({ entry: await updateEntry(session, shelf, input) }))
    }

    @Door('ADMINISTRATOR')
    @Mutation(() => Payload, {
      name: `${prefix}Delete`,
      description: `Takes a ${noun} out: a shipped one is hidden, and no later version of Maestro brings it back; another is deleted. For administrators.`,
    })
    delete(
      @Arg('input', () => CatalogueEntryRefInput, { description: 'Which.' }) { id }: CatalogueEntryRefInput,
      @Ctx() session: Session,
    ) {
      return payload(async () => ({ entry: await deleteEntry(session, shelf, id) }))
    }

    @Door('ADMINISTRATOR')
    @Mutation(() => Payload, {
      name: `${prefix}Restore`,
      description: `Makes a shipped ${noun} what it is as shipped, and shows it; what was added to it stays. For administrators.`,
    })
    restore(
      @Arg('input', () => CatalogueEntryRefInput, { description: 'Which.' }) { id }: CatalogueEntryRefInput,
      @Ctx() session: Session,
    ) {
      return payload(async () => ({ entry: await restoreEntry(session, shelf, id) }))
    }
  }
  return ShelfResolver
}
