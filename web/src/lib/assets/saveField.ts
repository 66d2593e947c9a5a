import { toast } from 'svelte-sonner'
import type { UserErrors } from '#lib/client.ts'
import { failure } from '#lib/failure.ts'
import { messages } from './messages.ts'
import { undoAction } from '#lib/history/undoAction.ts'

type Saved = { userErrors: UserErrors; changeSet: { id: string } | null }

/** Saves one field in place. Answers what went wrong, or null; a success can be taken back in the toast. */
export async function saveField(label: string, save: () => Promise<Saved>): Promise<string | null> {
  try {
    const { userErrors, changeSet } = await save()
    if (userErrors.length) return userErrors.map((error) => error.message).join(' ')
    toast.success(messages.saved(label), undoAction(changeSet))
    return null
  } catch (error) {
    return failure(error)
  }
}
