import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import ipaddr from 'ipaddr.js'
import * as oidc from 'openid-client'
import type { Config } from '../platform/config.ts'
import { type Core, queuePrefix } from '../platform/core.ts'
import { Problem } from '../platform/errors.ts'
import { type Identity, readIdentity } from './identity.ts'

/** What has to be kept between sending somebody to the provider and their coming back, by their own browser. */
export interface SignOn {
  state: string
  nonce: string
  verifier: string
}

export const callbackPath = '/auth/oidc/callback'

/** How long a sign-in at the provider may take. */
export const signOnMinutes = 10

/** Where to send somebody who wants to sign in. @throws Problem when the provider is away */
export async function beginSignOn(core: Core): Promise<{ url: string; signOn: SignOn }> {
  const provider = await providerOf(core)
  const signOn = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
  }
  const url = oidc.buildAuthorizationUrl(provider, {
    redirect_uri: callbackOf(core).href,
    scope: scopesOf(core.config),
    state: signOn.state,
    nonce: signOn.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(signOn.verifier),
    code_challenge_method: 'S256',
  })
  return { url: url.href, signOn }
}

/**
 * Who came back, by what the provider has signed for us and for this sign-in. Each sign-in is finished once.
 *
 * @param search query of the address that they came back to
 * @throws Problem when the provider refused, is away, or somebody else has written what it is to have said
 */
export async function finishSignOn(core: Core, signOn: SignOn, search: string): Promise<Identity> {
  if (new URLSearchParams(search).get('state') !== signOn.state || !(await useUp(core, signOn)))
    throw signOnExpired()
  const provider = await providerOf(core)
  const url = callbackOf(core)
  url.search = search
  try {
    const tokens = await oidc.authorizationCodeGrant(provider, url, {
      expectedState: signOn.state,
      expectedNonce: signOn.nonce,
      pkceCodeVerifier: signOn.verifier,
    })
    const token = tokens.claims()!
    const asks = provider.serverMetadata().userinfo_endpoint && !tellsAll(core.config, token)
    const info = asks ? await oidc.fetchUserInfo(provider, tokens.access_token, token.sub) : {}
    return readIdentity(core.config, token, info)
  } catch (error) {
    throw isAway(error) ? away(error) : refused(error)
  }
}

/** Also where the same browser, or another one with a copy of its cookie, comes a second time. */
export const signOnExpired = () =>
  new Problem('SINGLE_SIGN_ON_EXPIRED', 'This sign-in took too long, or was finished already.')

/** False when it was used before. */
async function useUp(core: Core, { state }: SignOn): Promise<boolean> {
  const key = `${queuePrefix(core.config)}:sign-on:${createHash('sha256').update(state).digest('base64url')}`
  return (await core.redis.set(key, '1', 'EX', signOnMinutes * 60, 'NX')) === 'OK'
}

const callbackOf = (core: Core) => new URL(`${core.baseUrl}${callbackPath}`)

const scopesOf = ({ OIDC_SCOPES }: Config) =>
  [...new Set(['openid', ...OIDC_SCOPES.split(/[\s,]+/)])].filter(Boolean).join(' ')

/** Whether there is nothing left to ask the provider for. */
const tellsAll = ({ OIDC_GROUPS_CLAIM }: Config, token: oidc.IDToken) =>
  ['name', 'email', 'email_verified', OIDC_GROUPS_CLAIM].every((claim) => token[claim] !== undefined)

const keptMs = 3600 * 1000
const providers = new WeakMap<Core, { provider: Promise<oidc.Configuration>; until: number }>()

/** What the provider says about itself, for an hour; after a failure the next one asks again. */
function providerOf(core: Core): Promise<oidc.Configuration> {
  const known = providers.get(core)
  if (known && known.until > Date.now()) return known.provider
  const entry = { provider: discover(core.config), until: Date.now() + keptMs }
  providers.set(core, entry)
  entry.provider.catch(() => {
    if (providers.get(core) === entry) providers.delete(core)
  })
  return entry.provider
}

async function discover(config: Config): Promise<oidc.Configuration> {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = config
  const issuer = new URL(OIDC_ISSUER!)
  const ask = () =>
    oidc.discovery(
      issuer,
      OIDC_CLIENT_ID!,
      // Clocks of two machines differ.
      { client_secret: OIDC_CLIENT_SECRET, [oidc.clockTolerance]: 30 },
      authentication(OIDC_CLIENT_SECRET),
      {
        timeout: 5,
        execute: [
          // The signature counts, not only that the token came over TLS.
          oidc.enableNonRepudiationChecks,
          ...(isForTrials(config, issuer) ? [oidc.allowInsecureRequests] : []),
        ],
      },
    )
  try {
    return await ask().catch(() => delay(300).then(ask))
  } catch (error) {
    throw away(error)
  }
}

/** As the provider wants it, which is known only once it was asked. */
const authentication =
  (secret: string | undefined): oidc.ClientAuth =>
  (server, ...rest) => {
    const post = server.token_endpoint_auth_methods_supported?.includes('client_secret_post')
    const method = !secret
      ? oidc.None()
      : post
        ? oidc.ClientSecretPost(secret)
        : oidc.ClientSecretBasic(secret)
    return method(server, ...rest)
  }

/** A provider without TLS may be on this machine alone. */
function isForTrials({ ALLOW_LOOPBACK_ENDPOINTS }: Config, { protocol, hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  const here = host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback')
  return ALLOW_LOOPBACK_ENDPOINTS && protocol === 'http:' && here
}

/** No answer, or one that is no answer; a request that the provider will not have is neither. */
function isAway(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  if (cause instanceof Response) return cause.status < 400 || cause.status >= 500
  return code === 'OAUTH_TIMEOUT' || (error instanceof TypeError && error.message === 'fetch failed')
}

const away = (cause: unknown) =>
  new Problem(
    'SINGLE_SIGN_ON_AWAY',
    'The single sign-on cannot be reached at the moment.',
    'Check OIDC_ISSUER, and whether the API can reach it.',
    { cause },
  )

const refused = (cause: unknown) =>
  new Problem(
    'SINGLE_SIGN_ON_REFUSED',
    'The single sign-on did not confirm who you are.',
    'Check OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and what the provider has registered for them.',
    { cause },
  )
