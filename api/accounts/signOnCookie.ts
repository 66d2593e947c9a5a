import type { CookieOptions, Request, Response } from 'express'
import { z } from 'zod'
import { type SignOn, signOnMinutes } from '../../core/accounts/singleSignOn.ts'
import type { Config } from '../../core/platform/config.ts'
import { seal, unseal } from '../../core/platform/secrets.ts'

const name = 'maestro-sign-on'
const timeMs = signOnMinutes * 60_000

const content = z.object({
  for: z.literal('sign-on'),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  until: z.number(),
})

/** Sent along when the provider sends the browser back, which a strict cookie would not be. */
const options = (config: Config): CookieOptions => ({
  path: '/auth/oidc',
  httpOnly: true,
  sameSite: 'lax',
  secure: config.BASE_URL?.startsWith('https:') ?? false,
})

/** Binds a sign-in to the browser that began it, for ten minutes. */
export function setSignOnCookie(
  config: Config,
  response: Response,
  { state, nonce, verifier }: SignOn,
  next: string,
) {
  const until = Date.now() + timeMs
  const text = JSON.stringify({ for: 'sign-on', state, nonce, verifier, next, until })
  response.cookie(name, seal(config.SECRETS_KEY, text), { ...options(config), maxAge: timeMs })
}

export const clearSignOnCookie = (config: Config, response: Response) =>
  response.clearCookie(name, options(config))

/** Undefined when there is none of ours, or its time has run out. */
export function readSignOnCookie(
  config: Config,
  request: Request,
): { signOn: SignOn; next: string } | undefined {
  const [, value] =
    (request.headers.cookie ?? '')
      .split(';')
      .map((part) => part.trim().split('=', 2))
      .find(([key]) => key === name) ?? []
  if (!value) return undefined
  try {
    const { next, until, state, nonce, verifier } = content.parse(
      JSON.parse(unseal(config.SECRETS_KEY, value)),
    )
    return until > Date.now() ? { signOn: { state, nonce, verifier }, next } : undefined
  } catch {
    return undefined
  }
}
