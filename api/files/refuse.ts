import type { ErrorRequestHandler } from 'express'
import type { Core } from '../../core/platform/core.ts'
import { CoreError, Unavailable } from '../../core/platform/errors.ts'
import { outage } from '../outage.ts'
import { requestId } from '../requestId.ts'

/** Tells in JSON why a file was not taken or not given; `unforeseen` is told when it is our own mistake. */
export const refuseFile =
  (core: Core, unforeseen: string): ErrorRequestHandler =>
  (error, request, response, _next) => {
    if (response.destroyed) return
    if (error instanceof Unavailable)
      core.log.warn({ requestId: requestId(), error: error.cause }, error.message)
    // Half a file must not look like a whole one.
    if (response.headersSent) return void response.destroy()
    const known = knownFault(error)
    if (!known) core.log.error({ requestId: requestId(), error }, unforeseen)
    const answer = known ?? { code: 'INTERNAL', message: unforeseen }
    // The sender reads our answer only after it has sent everything.
    request.resume()
    response
      .status(statuses[answer.code] ?? 500)
      .set('cache-control', 'no-store')
      .json({ error: { ...answer, requestId: requestId() } })
  }

function knownFault(error: unknown): { code: string; message: string } | undefined {
  if (error instanceof CoreError) return { code: error.code, message: error.message }
  // An address with a percent sign that begins nothing.
  if (error instanceof URIError)
    return { code: 'BAD_USER_INPUT', message: 'This is not the address of a file.' }
  return outage(error)
}

const statuses: Record<string, number> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  TIMEOUT: 503,
  UNAVAILABLE: 503,
}
