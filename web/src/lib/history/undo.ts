import { toast } from 'svelte-sonner'
import { mutate } from '#lib/client.ts'
import { failure } from '#lib/failure.ts'
import { ChangeSetRevertDocument } from '#lib/gql/generated.ts'
import { messages } from './messages.ts'

/** Takes a change set back; the undo is itself a change set, whose id is answered. */
export async function undo(id: string): Promise<string | null> {
  try {
    const { changeSetRevert } = await mutate(ChangeSetRevertDocument, { input: { id } })
    const problem = changeSetRevert.userErrors[0]
    if (problem) {
      toast.error(problem.message)
      return null
    }
    if (changeSetRevert.run) toast.success(messages.doing)
    else if (changeSetRevert.kept.length) toast.warning(messages.partly(changeSetRevert.kept.length))
    else toast.success(messages.done)
    return changeSetRevert.changeSet?.id ?? null
  } catch (error) {
    toast.error(failure(error))
    return null
  }
}
