import { Events, OAuth2Server } from 'oauth2-mock-server'

type Claims = Record<string, unknown>

/** An OpenID Connect provider on loopback, at which everybody is signed in already. */
export interface Provider {
  issuer: string
  /** What it says about whoever comes, in the token. */
  claims: Claims
  /** What it says besides, where it is asked for more. */
  info: Claims
  /** Answered in the place of the token that it has signed. */
  forged: string | null
  /** Refuses whoever comes with this error. */
  refusal: string | null
  /** How often it was asked what it is. */
  discoveries: number
  /** Name of the key that it signs with. */
  keyName: string
  stop(): Promise<void>
  start(): Promise<void>
}

export async function startProvider(): Promise<Provider> {
  const server = new OAuth2Server()
  const key = await server.issuer.keys.generate('RS256')
  await server.start(0, '127.0.0.1')
  const { port } = server.address()
  const provider: Provider = {
    issuer: server.issuer.url!,
    claims: {},
    info: {},
    forged: null,
    refusal: null,
    discoveries: 0,
    keyName: key.kid,
    stop: () => server.stop(),
    start: () => server.start(port, '127.0.0.1'),
  }
  server.service.on(Events.BeforeWellKnownOpenIdConfiguration, () => provider.discoveries++)
  server.service.on(Events.BeforeTokenSigning, ({ payload }) => {
    // The token for its other services tells nothing about the person.
    Object.assign(payload, 'aud' in payload ? provider.claims : { sub: provider.claims.sub })
  })
  server.service.on(Events.BeforeResponse, ({ body }) => {
    if (provider.forged && body) body.id_token = provider.forged
  })
  server.service.on(Events.BeforeUserinfo, ({ body }) =>
    Object.assign(body, { sub: provider.claims.sub }, provider.info),
  )
  server.service.on(Events.BeforeAuthorizeRedirect, ({ url }) => {
    if (!provider.refusal) return
    url.searchParams.delete('code')
    url.searchParams.set('error', provider.refusal)
  })
  return provider
}
