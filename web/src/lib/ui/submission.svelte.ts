import type { UserErrors } from '#lib/client.ts'
import { failure } from '#lib/failure.ts'
import { focusFault } from './focusFault.ts'

/** What is wrong with a form before it is sent: a sentence, or nothing, for each field. */
export type Faults = Record<string, string | false>

/** A form that is sent: whether it is on its way, and what was wrong with it, field by field and as a whole. */
export function submission(fields: string[]) {
  const errors: Record<string, string> = $state({})
  let problem = $state('')
  let busy = $state(false)

  function clear() {
    for (const name of Object.keys(errors)) delete errors[name]
    problem = ''
  }

  return {
    errors,
    get problem() {
      return problem
    },
    get busy() {
      return busy
    },
    clear,
    /** Answers what came back; null when it was not sent, refused or lost, which the form shows then. */
    async send<Answer extends { userErrors: UserErrors }>(
      work: () => Promise<Answer>,
      faults: Faults = {},
    ): Promise<Answer | null> {
      if (busy) return null
      clear()
      for (const [name, message] of Object.entries(faults)) if (message) errors[name] = message
      if (Object.keys(errors).length) {
        await focusFault()
        return null
      }
      busy = true
      try {
        const answer = await work()
        for (const { field, message } of answer.userErrors) {
          const name = field?.findLast((part) => fields.includes(part))
          if (name) errors[name] = message
          else problem = message
        }
        if (!answer.userErrors.length) return answer
      } catch (error) {
        problem = failure(error)
      } finally {
        busy = false
      }
      await focusFault()
      return null
    },
  }
}
