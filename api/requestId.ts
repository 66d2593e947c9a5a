import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'

const current = new AsyncLocalStorage<string>()

/** Names the request in its answer's header, in its errors and in the log. */
export const nameRequest: RequestHandler = (_request, response, next) => {
  const id = randomUUID()
  response.setHeader('x-request-id', id)
  current.run(id, next)
}

/** Each operation on a socket is a request of its own. */
export const nameOperation = <T>(run: () => T): T => current.run(randomUUID(), run)

export const requestId = () => current.getStore() ?? randomUUID()
