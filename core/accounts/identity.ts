import type { IDToken, UserInfoResponse } from 'openid-client'
import type { Config } from '../platform/config.ts'

type Claims = Record<string, unknown>

/** Who somebody is, as the single sign-on says. */
export interface Identity {
  issuer: string
  /** Issuer and the name that it gives to one person for ever. */
  subject: string
  email: string | null
  /** Whether the provider has seen that the person gets the mail of that address. */
  emailVerified: boolean
  /** What to call the person, best first. */
  names: string[]
  /** Null when the provider leaves them out here; then nothing is to follow from them. */
  groups: string[] | null
}

/** Of what the token says and what the provider answers besides, the token comes first. */
export function readIdentity(config: Config, token: IDToken, info: Partial<UserInfoResponse>): Identity {
  const said: Claims[] = [token, info]
  const texts = (claim: string) => said.map((claims) => claims[claim]).filter(isText)
  // An address and whether it was verified have to be said together.
  const addresses = said.filter(({ email }) => isText(email))
  const verified = addresses.find(({ email_verified }) => email_verified === true)
  const email = ((verified ?? addresses[0])?.email as string | undefined) ?? null
  return {
    issuer: token.iss,
    subject: `${token.iss}|${token.sub}`,
    email,
    emailVerified: Boolean(verified),
    names: [...texts('name'), ...texts('preferred_username'), ...texts('nickname')],
    groups: groupsOf(config.OIDC_GROUPS_CLAIM, said),
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/** Nobody's groups are the same as none: many providers leave an empty claim away. */
function groupsOf(claim: string, said: Claims[]): string[] | null {
  const given = said.map((claims) => claims[claim]).find((value) => value !== undefined && value !== null)
  if (given !== undefined) return [given].flat().filter(isText)
  // Some providers name a place to ask instead of very many groups.
  const elsewhere = said.some(({ _claim_names }) => claim in Object(_claim_names))
  return elsewhere ? null : []
}
