import type { ErrorCode } from './errors.ts'

/** MongoDB's code for a command that ran longer than its `maxTimeMS`. */
const tookTooLong = 50

/** Errors of the driver, the ORM around it or Redis that mean "not now" rather than "wrong". */
export function outage(error: unknown): { code: ErrorCode; message: string } | undefined {
  for (const cause of causes(error)) {
    if ((cause as { code?: unknown }).code === tookTooLong)
      return {
        code: 'TIMEOUT',
        message: 'The database took too long for this. Ask for less at once, for example a narrower filter.',
      }
    if (
      /^Mongo(ServerSelection|Network|NetworkTimeout|NotConnected|TopologyClosed|PoolCleared)/.test(
        cause.name,
      )
    )
      return { code: 'UNAVAILABLE', message: 'The database does not answer. Please try again shortly.' }
    if (
      cause.name === 'MaxRetriesPerRequestError' ||
      /^(Connection is closed\.|Stream isn't writeable)/.test(cause.message)
    )
      return { code: 'UNAVAILABLE', message: 'Redis does not answer. Please try again shortly.' }
  }
  return undefined
}

function* causes(error: unknown): Iterable<Error> {
  for (let depth = 0; error instanceof Error && depth < 5; depth++) {
    yield error
    error = error.cause ?? (error as { previous?: unknown }).previous
  }
}
