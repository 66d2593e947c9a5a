import { type Request, type Response, Router } from 'express'
import { beginSession } from '../../core/accounts/signIn.ts'
import { beginSignOn, callbackPath, finishSignOn, signOnExpired } from '../../core/accounts/singleSignOn.ts'
import { findPersonBySignOn } from '../../core/accounts/singleSignOnUser.ts'
import { type Attempts, countAttempt, forgetAttempts } from '../../core/accounts/throttle.ts'
import type { Core } from '../../core/platform/core.ts'
import { CoreError } from '../../core/platform/errors.ts'
import { outage } from '../outage.ts'
import { requestId } from '../requestId.ts'
import { setRefreshCookie } from './refreshCookie.ts'
import { clearSignOnCookie, readSignOnCookie, setSignOnCookie } from './signOnCookie.ts'

/** To the provider of the single sign-on and back; what goes wrong ends at the page to sign in, named by its code. */
export function singleSignOnRoute(core: Core): Router {
  const { config } = core
  const router = Router()
  if (!config.OIDC_ISSUER) return router

  const visit = (path: string, go: (request: Request, response: Response) => Promise<string>) =>
    router.get(path, async (request, response) => {
      response.set({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
      const to = await go(request, response).catch(
        (error: unknown) => `/sign-in?problem=${named(core, error)}`,
      )
      response.redirect(303, to)
    })

  visit('/auth/oidc/start', async (request, response) => {
    await countAttempt(core, begun(request))
    const { url, signOn } = await beginSignOn(core)
    setSignOnCookie(config, response, signOn, ownPath(request.query.next))
    return url
  })

  visit(callbackPath, async (request, response) => {
    const attempt = await countAttempt(core, finished(request))
    const kept = readSignOnCookie(config, request)
    if (!kept) throw signOnExpired()
    const visitor = { address: addressOf(request), userAgent: request.get('user-agent') }
    const identity = await finishSignOn(core, kept.signOn, searchOf(request))
    clearSignOnCookie(config, response)
    const user = await findPersonBySignOn(core, identity, visitor)
    const { refreshToken } = await beginSession(core, user, visitor)
    setRefreshCookie(config, response, refreshToken)
    await attempt.undo()
    await forgetAttempts(core, begun(request))
    return kept.next
  })
  return router
}

const addressOf = ({ ip }: Request) => ip ?? 'unknown'

/** Many people may share an address, and whoever gets in is no longer counted. */
const begun = (request: Request): Attempts => ({
  what: 'sign-on-begun',
  by: addressOf(request),
  max: 300,
})
const finished = (request: Request): Attempts => ({
  what: 'sign-on-finished',
  by: addressOf(request),
  max: 60,
})

const searchOf = ({ originalUrl }: Request) => /\?[^#]*/.exec(originalUrl)?.[0] ?? ''

/**
 * Where to go afterwards: a page of our own, as browsers read it, or the first one.
 *
 * Browsers take a backslash for a slash and leave line breaks and tabs out, so that either may hide another host.
 */
export function ownPath(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/') || /[\\\p{Cc}]/u.test(next)) return '/'
  const here = 'http://here.invalid'
  if (!URL.canParse(next, here)) return '/'
  const { origin, pathname, search, hash } = new URL(next, here)
  const path = `${pathname}${search}${hash}`
  const ours = origin === here && !path.startsWith('//') && !/^\/(auth|graphql)(\/|$)/.test(pathname)
  return ours && path.length <= 2000 ? path : '/'
}

/** The log has the details; the address bar has a word that tells nothing about the account or the provider. */
function named(core: Core, error: unknown): string {
  const code = error instanceof CoreError ? error.code : (outage(error)?.code ?? 'INTERNAL')
  const level = code === 'INTERNAL' ? 'error' : 'warn'
  core.log[level]({ requestId: requestId(), ...told(error) }, 'Somebody could not sign in by single sign-on')
  return code
}

/** What providers answer may hold tokens, so that only its words are kept. */
function told(error: unknown) {
  const { name, message, cause } = error as Error
  const reason = cause instanceof Error ? { name: cause.name, message: cause.message } : undefined
  return { problem: { name, message, reason } }
}
