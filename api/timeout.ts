import type { RequestHandler } from 'express'
import { requestId } from './requestId.ts'

/** Answers for a request that takes too long; what it does in the database is ended there by its own limit. */
export const limitTime =
  (milliseconds: number): RequestHandler =>
  (_request, response, next) => {
    const timer = setTimeout(() => {
      if (response.headersSent) return
      const message = `This took longer than ${milliseconds / 1000} seconds and was given up. A change may still come through; look before you repeat it.`
      response.json({ errors: [{ message, extensions: { code: 'TIMEOUT', requestId: requestId() } }] })
    }, milliseconds)
    response.once('close', () => clearTimeout(timer))
    next()
  }
