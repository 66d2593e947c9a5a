import type { GraphQLFormattedError } from 'graphql'
import { GraphQLError } from 'graphql'
import type { Log } from '../core/platform/log.ts'
import { CoreError, Problem, TooManyAttempts, Unavailable, UserFault } from '../core/platform/errors.ts'
import { outage } from './outage.ts'
import { requestId } from './requestId.ts'

/** Every `extensions.code` that an answer can carry. */
export const errorCodes = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'PERSISTED_QUERY_NOT_FOUND',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'COST_EXCEEDED',
  'DEPTH_EXCEEDED',
  'RATE_LIMITED',
  'TIMEOUT',
  'UNAVAILABLE',
  'INTERNAL',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** An error of the door itself, before any of core is asked. */
export const refusal = (code: ErrorCode, message: string, more: Record<string, unknown> = {}) =>
  new GraphQLError(message, { extensions: { code, http: { status: 400 }, ...more } })

const isClosed = (code: unknown): code is ErrorCode => errorCodes.includes(code as ErrorCode)

/** A fault of an input that is met outside of a mutation: what may not be done is told like anywhere else. */
const codeOf = ({ faults: [first] }: UserFault): ErrorCode =>
  first?.code === 'FORBIDDEN' || first?.code === 'NOT_FOUND' ? first.code : 'BAD_USER_INPUT'

/** Names under which Apollo reports what a caller has done wrong. */
const apolloNames = ['BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE', 'PERSISTED_QUERY_NOT_SUPPORTED']

/** What a caller sees of an error. What nobody foresaw is logged under the request's id and not told. */
export function formatError(
  log: Log,
  formatted: GraphQLFormattedError,
  thrown: unknown,
): GraphQLFormattedError {
  const cause = (thrown instanceof GraphQLError && thrown.originalError) || thrown
  const place = {
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
  }
  const answer = (code: ErrorCode, message: string, more: Record<string, unknown> = {}) => ({
    message,
    ...place,
    extensions: { code, requestId: requestId(), ...more },
  })

  if (cause instanceof Problem)
    return answer('UNAVAILABLE', cause.message, { problem: cause.code, remedy: cause.remedy })
  if (cause instanceof TooManyAttempts)
    return answer('RATE_LIMITED', cause.message, { retryAfterMs: cause.retryAfterMs })
  if (cause instanceof Unavailable) log.warn({ requestId: requestId(), error: cause.cause }, cause.message)
  if (cause instanceof UserFault) return answer(codeOf(cause), cause.message)
  if (cause instanceof CoreError)
    return answer(isClosed(cause.code) ? cause.code : 'BAD_USER_INPUT', cause.message)

  const away = outage(cause)
  if (away) {
    log.warn({ requestId: requestId(), error: (cause as Error).message }, away.message)
    return answer(away.code, away.message)
  }

  const { code, ...more } = formatted.extensions ?? {}
  delete more.stacktrace
  if (code !== 'INTERNAL' && isClosed(code)) return answer(code, formatted.message, more)
  if (apolloNames.includes(String(code))) return answer('BAD_USER_INPUT', formatted.message)
  log.error({ requestId: requestId(), path: formatted.path, error: cause }, 'A request failed unexpectedly')
  return answer(
    'INTERNAL',
    'Something went wrong in Maestro itself. The log of the server tells more under this request id.',
  )
}
