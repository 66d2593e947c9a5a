import { toast } from 'svelte-sonner'
import { attempt } from '#lib/attempt.ts'
import { mutate } from '#lib/client.ts'
import { RelationsUpdateDocument } from '#lib/gql/generated.ts'
import { undoAction } from '#lib/history/undoAction.ts'
import { messages } from './messages.ts'

type Ref = { id: string; version: number }

/** Ends relations at once, in one change set, and offers to take it back. True when it is done. */
export async function remove(relations: Ref[]): Promise<boolean> {
  const answer = await attempt(async () => {
    const refs = relations.map(({ id, version }) => ({ id, version }))
    const { relationsUpdate } = await mutate(RelationsUpdateDocument, { input: { remove: refs } }, [
      'Relation',
    ])
    return relationsUpdate
  })
  if (answer) toast.success(messages.removed(relations.length), undoAction(answer.changeSet))
  return !!answer
}
