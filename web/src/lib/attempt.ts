import { toast } from 'svelte-sonner'
import { failure } from './failure.ts'

/** Does what a button says; when it is refused or fails, a toast says why and the answer is null. */
export async function attempt<Answer extends { userErrors: { message: string }[] }>(
  work: () => Promise<Answer>,
): Promise<Answer | null> {
  try {
    const answer = await work()
    const problem = answer.userErrors[0]
    if (!problem) return answer
    toast.error(problem.message)
  } catch (error) {
    toast.error(failure(error))
  }
  return null
}
