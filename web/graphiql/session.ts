const REFRESH = 'mutation SessionRefresh { sessionRefresh { signedIn { accessToken expiresAt } } }'

let token: string | null = null
let expires = 0

/** The access token of the person who is signed in to Maestro in this browser; null when nobody is. */
export async function accessToken(): Promise<string | null> {
  if (token && expires - Date.now() > 60_000) return token
  // Refresh tokens rotate, so tabs take turns.
  return navigator.locks.request('maestro.session', async () => {
    const response = await fetch('/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', 'apollo-require-preflight': 'true' },
      body: JSON.stringify({ query: REFRESH }),
    })
    const answer = (await response.json()) as {
      data?: { sessionRefresh?: { signedIn?: { accessToken: string; expiresAt: string } | null } }
    }
    const signedIn = answer.data?.sessionRefresh?.signedIn
    token = signedIn?.accessToken ?? null
    expires = signedIn ? Date.parse(signedIn.expiresAt) : 0
    return token
  })
}
