import type { CookieOptions, Request, Response } from 'express'
import { sessionDays } from '../../core/accounts/signIn.ts'
import type { Config } from '../../core/platform/config.ts'

const name = 'maestro-refresh'

/** Scripts cannot read it, and no other site can make a browser send it. */
const options = (config: Config): CookieOptions => ({
  path: '/graphql',
  httpOnly: true,
  sameSite: 'strict',
  secure: config.BASE_URL?.startsWith('https:') ?? false,
})

export const setRefreshCookie = (config: Config, response: Response, token: string) =>
  response.cookie(name, token, { ...options(config), maxAge: sessionDays * 24 * 3600 * 1000 })

export const clearRefreshCookie = (config: Config, response: Response) =>
  response.clearCookie(name, options(config))

export function readRefreshCookie(request: Request): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name && value) return value
  }
  return undefined
}
