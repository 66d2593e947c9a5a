import type { IncomingMessage } from 'node:http'
import type { Request, Response } from 'express'
import type { ObjectId } from 'mongodb'
import { authenticate } from '../core/accounts/authenticate.ts'
import type { Core } from '../core/platform/core.ts'
import { Unauthenticated } from '../core/platform/errors.ts'
import { openSession, type Session } from '../core/platform/session.ts'
import { checkSize } from './limits.ts'
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './accounts/refreshCookie.ts'

/**
 * Session of one request or socket operation, and the context of its resolvers. Nobody is signed in while `signIn` is
 * undefined; such a session has no principals.
 */
export interface Visit extends Session {
  signIn?: ObjectId
  /** Why the caller counts as nobody. */
  stranger?: Unauthenticated
  /** Where the caller comes from, for the throttle. */
  address: string
  refreshToken?: string
  /** Gives the browser a new refresh token, or takes it away. */
  keepRefreshToken(token: string | null): void
}

/** @throws GraphQLError before anything is read, when the document is too long */
export async function visitOf(core: Core, request: Request, response: Response): Promise<Visit> {
  checkSize((request.body as { query?: unknown } | undefined)?.query)
  return {
    ...(await recognise(core, bearerOf(request))),
    address: request.ip ?? 'unknown',
    refreshToken: readRefreshCookie(request),
    keepRefreshToken: (token) =>
      token ? setRefreshCookie(core.config, response, token) : clearRefreshCookie(core.config, response),
  }
}

/** A socket has no cookies to set. */
export async function visitOfSocket(
  core: Core,
  authorization: unknown,
  request: IncomingMessage,
): Promise<Visit> {
  return {
    ...(await recognise(core, bearer(authorization))),
    address: request.socket.remoteAddress ?? 'unknown',
    keepRefreshToken: () => undefined,
  }
}

/** The same caller, with nothing remembered of what was read before. */
export const anew = (visit: Visit): Visit => ({ ...visit, em: visit.core.orm.em.fork(), now: new Date() })

async function recognise(
  core: Core,
  token: string | undefined,
): Promise<Session & Pick<Visit, 'signIn' | 'stranger'>> {
  const nobody = (stranger: Unauthenticated) => ({
    ...openSession(core, { type: 'USER', id: null, name: 'Nobody' }, []),
    stranger,
  })
  if (!token) return nobody(new Unauthenticated())
  try {
    return await authenticate(core, token)
  } catch (error) {
    if (error instanceof Unauthenticated) return nobody(error)
    throw error
  }
}

const bearerOf = (request: Request) => bearer(request.headers.authorization)

const bearer = (header: unknown): string | undefined =>
  typeof header === 'string' ? /^Bearer (\S+)$/i.exec(header)?.[1] : undefined
