import { toast } from 'svelte-sonner'
import { goto } from '$app/navigation'
import { mutate } from '#lib/client.ts'
import { failure } from '#lib/failure.ts'
import { ConnectionSyncDocument } from '#lib/gql/generated.ts'
import { messages } from '#lib/runs/messages.ts'

/** Starts a run and goes to it; where one is running already, goes to that one and says so. */
export async function sync(id: string, options: { resources?: string[]; dryRun?: boolean } = {}) {
  try {
    const { connectionSync } = await mutate(ConnectionSyncDocument, { input: { id, ...options } })
    const problem = connectionSync.userErrors[0]
    if (problem) toast.error(problem.message)
    if (connectionSync.alreadyRunning) toast.info(messages.alreadyRunning)
    if (connectionSync.run) await goto(`/runs/${connectionSync.run.id}`)
  } catch (error) {
    toast.error(failure(error))
  }
}
