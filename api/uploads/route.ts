import { type ErrorRequestHandler, Router } from 'express'
import { receiveUpload } from '../../core/accounts/uploads.ts'
import type { Core } from '../../core/platform/core.ts'
import { CoreError } from '../../core/platform/errors.ts'
import { outage } from '../outage.ts'
import { requestId } from '../requestId.ts'

/** Takes the bytes of a file whose URL `uploadCreate` has made. */
export function uploadRoute(core: Core): Router {
  const router = Router()
  router.put('/files/uploads/:id', async (request, response) => {
    const part = (name: string) => String(request.query[name] ?? '')
    const signed = {
      id: request.params.id,
      signIn: part('signIn'),
      expires: part('expires'),
      signature: part('signature'),
    }
    const announced = Number(request.headers['content-length'] ?? 0)
    const upload = await receiveUpload(core, signed, request, announced)
    response.json({ id: upload.globalId(), name: upload.name, sizeBytes: upload.sizeBytes })
  })
  const refuse: ErrorRequestHandler = (error, request, response, next) => {
    if (response.headersSent || request.destroyed) return next(error)
    const known = error instanceof CoreError ? { code: error.code, message: error.message } : outage(error)
    if (!known) core.log.error({ requestId: requestId(), error }, 'An upload failed unexpectedly')
    const answer = known ?? { code: 'INTERNAL', message: 'The file could not be stored. Nothing was kept.' }
    // The sender reads our answer only after it has sent everything.
    request.resume()
    response.status(statuses[answer.code] ?? 500).json({ error: { ...answer, requestId: requestId() } })
  }
  return router.use('/files', refuse)
}

const statuses: Record<string, number> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  TIMEOUT: 503,
  UNAVAILABLE: 503,
}
