import type { IncomingMessage } from 'node:http'
import type { Request, Response } from 'express'
import { authenticate } from '../core/accounts/authenticate.ts'
import type { Caller } from '../core/accounts/caller.ts'
import type { Visitor } from '../core/accounts/signIn.ts'
import { nothing } from '../core/platform/access.ts'
import type { Core } from '../core/platform/core.ts'
import { Unauthenticated } from '../core/platform/errors.ts'
import { openSession, type Session } from '../core/platform/session.ts'
import { checkSize } from './limits.ts'
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './accounts/refreshCookie.ts'

/**
 * Session of one request or socket operation, and the context of its resolvers. Nobody is signed in while `caller` is
 * undefined; such a session reaches nothing.
 */
export interface Visit extends Session {
  caller?: Caller
  /** Why the caller counts as nobody. */
  stranger?: Unauthenticated
  /** Where the caller comes from, for the throttle and the audit. */
  address: string
  userAgent?: string
  refreshToken?: string
  /** Gives the browser a new refresh token, or takes it away. */
  keepRefreshToken(token: string | null): void
}

/**
 * @throws GraphQLError before anything is read, when the document is too long
 * @throws NotFound when the workspace does not exist for the caller
 */
export async function visitOf(core: Core, request: Request, response: Response): Promise<Visit> {
  checkSize((request.body as { query?: unknown } | undefined)?.query)
  return {
    ...(await recognise(core, bearerOf(request), request.get('x-maestro-workspace'))),
    address: request.ip ?? 'unknown',
    userAgent: request.get('user-agent'),
    refreshToken: readRefreshCookie(request),
    keepRefreshToken: (token) =>
      token ? setRefreshCookie(core.config, response, token) : clearRefreshCookie(core.config, response),
  }
}

/** What a socket says about itself in `connection_init`. */
export interface SocketGreeting {
  authorization?: string
  workspace?: string
}

export function readGreeting(params: Record<string, unknown> | undefined): SocketGreeting {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return { authorization: text(params?.authorization), workspace: text(params?.workspace) }
}

/** A socket has no cookies to set. */
export async function visitOfSocket(
  core: Core,
  { authorization, workspace }: SocketGreeting,
  request: IncomingMessage,
): Promise<Visit> {
  return {
    ...(await recognise(core, bearer(authorization), workspace)),
    address: request.socket.remoteAddress ?? 'unknown',
    userAgent: request.headers['user-agent'],
    keepRefreshToken: () => undefined,
  }
}

/** The same caller, with nothing remembered of what was read before. */
export const anew = (visit: Visit): Visit => ({ ...visit, em: visit.core.orm.em.fork(), now: new Date() })

async function recognise(
  core: Core,
  token: string | undefined,
  workspace: string | undefined,
): Promise<Session & Pick<Visit, 'caller' | 'stranger'>> {
  const nobody = (stranger: Unauthenticated) => ({
    ...openSession(core, { type: 'USER', id: null, name: 'Nobody' }, nothing),
    stranger,
  })
  if (!token) return nobody(new Unauthenticated())
  try {
    return await authenticate(core, token, workspace)
  } catch (error) {
    if (error instanceof Unauthenticated) return nobody(error)
    throw error
  }
}

const bearerOf = (request: Request) => bearer(request.headers.authorization)

const bearer = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : /^Bearer (\S+)$/i.exec(header)?.[1]

/** What signing in remembers of where somebody comes from. */
export const visitorOf = ({ address, userAgent }: Visit): Visitor => ({ address, userAgent })
