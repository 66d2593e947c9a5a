import { tick } from 'svelte'
import type { UserErrors } from '#lib/client.ts'
import { failure } from '#lib/failure.ts'

/** What goes wrong with one form: at the fields that are named here, or with the whole of it. */
export function sending(...fields: string[]) {
  let errors = $state<Record<string, string>>({})
  let problem = $state('')
  let busy = $state(false)

  return {
    get errors() {
      return errors
    },
    get problem() {
      return problem
    },
    get busy() {
      return busy
    },
    clear() {
      errors = {}
      problem = ''
    },
    /** Sends nothing while something is in `wrong`. The answer is null when it was not accepted. */
    async send<Answer extends { userErrors: UserErrors }>(
      form: Element | null,
      work: () => Promise<Answer>,
      wrong: Record<string, string | false> = {},
    ): Promise<Answer | null> {
      errors = Object.fromEntries(Object.entries(wrong).filter(([, sentence]) => sentence)) as typeof errors
      problem = ''
      let accepted: Answer | null = null
      if (!Object.keys(errors).length) {
        busy = true
        try {
          const answer = await work()
          for (const { field, message } of answer.userErrors) {
            const name = field?.find((part) => fields.includes(part))
            if (name) errors[name] = message
            else problem = message
          }
          if (!answer.userErrors.length) accepted = answer
        } catch (error) {
          problem = failure(error)
        } finally {
          busy = false
        }
      }
      await tick()
      if (!accepted) form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
      return accepted
    },
  }
}
