import { toast } from 'svelte-sonner'
import { attempt } from '#lib/attempt.ts'
import type { Entry, Shelf } from './entry.ts'
import { messages } from './messages.ts'

const undo = (work: () => unknown) => ({
  action: { label: messages.undo, onClick: () => void work() },
})

/** Takes an entry out at once, and offers to bring it back as it was. */
export async function takeOut<Row extends Entry, Input>(shelf: Shelf<Row, Input>, row: Row) {
  const done = await attempt(() => shelf.delete(row.id))
  if (!done) return
  const { entry } = done
  toast.success(
    messages.takenOut(shelf.nameOf(row)),
    undo(() => (entry ? showAgain(shelf, entry) : attempt(() => shelf.create(shelf.inputOf(row))))),
  )
}

export async function showAgain<Row extends Entry, Input>(shelf: Shelf<Row, Input>, row: Row) {
  const { id, version } = row
  const input = { id, version, hidden: false } as Parameters<typeof shelf.update>[0]
  if (await attempt(() => shelf.update(input))) toast.success(messages.shownAgain(shelf.nameOf(row)))
}

/** Makes an entry what it was as shipped, and offers to bring back what was written here. */
export async function restore<Row extends Entry, Input>(shelf: Shelf<Row, Input>, row: Row) {
  const done = await attempt(() => shelf.restore(row.id))
  if (!done?.entry) return
  const { id, version } = done.entry
  toast.success(
    messages.restored(shelf.nameOf(done.entry)),
    undo(() => attempt(() => shelf.update({ ...shelf.inputOf(row), id, version, hidden: row.hidden }))),
  )
}
