import { post } from '#lib/post.ts'
import {
  InstallationDocument,
  SessionCreateDocument,
  SessionDeleteDocument,
  SessionRefreshDocument,
  UserSignUpDocument,
  type InstallationQuery,
  type MeFragment,
  type SessionCreateInput,
  type SignedFragment,
  type UserSignUpInput,
} from '#lib/gql/generated.ts'

const EARLY = 60_000

/** Who is here. The access token itself lives in memory only; the refresh token is a cookie no script can read. */
export const session: {
  state: 'STARTING' | 'SIGNED_OUT' | 'SIGNED_IN'
  user: MeFragment | null
  installation: InstallationQuery['installation'] | null
  /** What the page to sign in says when the session ends by itself. */
  ending: 'ENDED' | 'DELETED'
} = $state({ state: 'STARTING', user: null, installation: null, ending: 'ENDED' })

let token: { text: string; expires: number } | null = null
let renewal: ReturnType<typeof setTimeout> | undefined
let leaving = false
let refreshing: Promise<string | null> | null = null

function keep(signedIn: SignedFragment['signedIn']) {
  clearTimeout(renewal)
  token = signedIn ? { text: signedIn.accessToken, expires: Date.parse(signedIn.expiresAt) } : null
  session.user = signedIn?.user ?? null
  session.state = signedIn ? 'SIGNED_IN' : 'SIGNED_OUT'
  if (token)
    renewal = setTimeout(
      () => void renew().catch(() => {}),
      Math.max(token.expires - Date.now() - EARLY, 5_000),
    )
}

/** A new access token from the refresh cookie; null when the person has to sign in again. Throws Away. */
export function renew(): Promise<string | null> {
  if (leaving) return Promise.resolve(null)
  // Refresh tokens rotate: two tabs that refresh at the same moment would sign each other out.
  refreshing ??= navigator.locks
    .request('maestro.session', async () => {
      const { sessionRefresh } = await post(SessionRefreshDocument, {})
      keep(sessionRefresh.signedIn ?? null)
      return token?.text ?? null
    })
    .finally(() => (refreshing = null))
  return refreshing
}

/** The token to send now, renewed if it is about to end. */
export async function accessToken(): Promise<string | null> {
  if (session.state === 'SIGNED_OUT') return null
  if (token && token.expires - Date.now() > 5_000) return token.text
  return renew()
}

export async function start() {
  const { installation } = await post(InstallationDocument, {})
  session.installation = installation
  if (installation.needsFirstAccount) keep(null)
  else await renew()
}

/** Nobody is signed in yet where a second factor is needed: send the same again with a code. */
export async function signIn(input: SessionCreateInput) {
  const { sessionCreate } = await post(SessionCreateDocument, { input })
  if (sessionCreate.signedIn) keep(sessionCreate.signedIn)
  return sessionCreate
}

export async function signUp(input: UserSignUpInput) {
  const { userSignUp } = await post(UserSignUpDocument, { input })
  if (userSignUp.signedIn) {
    keep(userSignUp.signedIn)
    if (session.installation) session.installation = { ...session.installation, needsFirstAccount: false }
  }
  return userSignUp
}

/** Ends the session on the server too, so that the refresh cookie is worth nothing afterwards. The caller leaves the page. */
export async function signOut() {
  // The socket may say that the session has ended before the answer is here.
  leaving = true
  await post(SessionDeleteDocument, {}).catch((error: unknown) => {
    leaving = false
    throw error
  })
  clearTimeout(renewal)
  session.state = 'STARTING'
}

/** Called when the server no longer accepts the session. */
export function lost() {
  if (!leaving) keep(null)
}
