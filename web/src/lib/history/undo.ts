import { toast } from 'svelte-sonner'
import { mutate } from '#lib/client.ts'
import { failure } from '#lib/failure.ts'
import { ChangeSetUndoDocument } from '#lib/gql/generated.ts'
import { messages } from './messages.ts'

/** Takes a change set back; the undo is itself a change set, whose id is answered. */
export async function undo(id: string): Promise<string | null> {
  try {
    const { changeSetUndo } = await mutate(ChangeSetUndoDocument, { input: { id } })
    const problem = changeSetUndo.userErrors[0]
    if (problem) {
      toast.error(problem.message)
      return null
    }
    toast.success(messages.done)
    return changeSetUndo.changeSet?.id ?? null
  } catch (error) {
    toast.error(failure(error))
    return null
  }
}
