import { CombinedError } from '@urql/core'
import { Away } from './post.ts'

const KNOWN: Record<string, string> = {
  FORBIDDEN: 'You may not do this. Ask an administrator for access.',
  NOT_FOUND: 'This does not exist, or you may not see it.',
  UNAUTHENTICATED: 'Your session has ended. Sign in again; what you typed is kept.',
  UNAVAILABLE:
    'Maestro cannot reach its database or queue just now. Nothing was changed; try again in a moment.',
  INTERNAL:
    'Something broke inside Maestro. Nothing was changed by this request; the log of the API has the details.',
}

/** What was asked for does not exist, or this person may not see it; nothing is wrong otherwise. */
export function isNotFound(error: unknown): boolean {
  return (
    error instanceof CombinedError &&
    error.graphQLErrors.length > 0 &&
    error.graphQLErrors.every(({ extensions }) => extensions.code === 'NOT_FOUND')
  )
}

/** What happened, in a sentence for a person. */
export function failure(error: unknown): string {
  if (error instanceof Away) return `${error.message} Nothing was changed; what you typed is kept.`
  if (error instanceof CombinedError) {
    if (error.networkError) {
      return error.networkError instanceof Away
        ? failure(error.networkError)
        : 'Maestro gave an answer that cannot be read. Nothing on this page was changed; reload it.'
    }
    const first = error.graphQLErrors[0]
    const code = String(first?.extensions.code ?? '')
    const remedy = first?.extensions.remedy
    if (typeof remedy === 'string') return `${first!.message} ${remedy}`
    return (
      (code !== 'BAD_USER_INPUT' && code !== 'COST_EXCEEDED' && KNOWN[code]) ||
      first?.message ||
      error.message
    )
  }
  return error instanceof Error ? error.message : String(error)
}
