import { createHash, randomBytes } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { ObjectId } from 'mongodb'
import type { Config } from '../platform/config.ts'
import { isSigned, sign, signingKey } from '../platform/signing.ts'

export const accessTokenSeconds = 15 * 60

/** Who a token was made for, and in which sign-in. */
export interface Claims {
  user: ObjectId
  session: ObjectId
}

export async function makeAccessToken(config: Config, claims: Claims, now: Date) {
  const expiresAt = new Date((Math.floor(now.getTime() / 1000) + accessTokenSeconds) * 1000)
  const accessToken = await new SignJWT({ sid: claims.session.toHexString() })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(claims.user.toHexString())
    .setIssuedAt(now)
    .setExpirationTime(expiresAt)
    .sign(signingKey(config, 'access-token'))
  return { accessToken, expiresAt }
}

/** Undefined when the token is not ours or has run out. */
export async function readAccessToken(config: Config, token: string): Promise<Claims | undefined> {
  try {
    const { payload } = await jwtVerify(token, signingKey(config, 'access-token'), { algorithms: ['HS256'] })
    return { user: new ObjectId(payload.sub), session: new ObjectId(String(payload.sid)) }
  } catch {
    return undefined
  }
}

/**
 * Refresh tokens of one sign-in share a random secret, the family, which is stored as a hash. A token is the family,
 * the token's number and our signature; so the same number gives the same token, and any old one is recognised.
 */
export const newFamily = () => randomBytes(32).toString('base64url')

export const hashFamily = (family: string) => createHash('sha256').update(family).digest('base64url')

export function makeRefreshToken(config: Config, family: string, generation: number): string {
  const text = `${family}.${generation}`
  return `${text}.${sign(config, 'refresh-token', text)}`
}

export function readRefreshToken(config: Config, token: string) {
  const match = /^([\w-]{43})\.(\d{1,9})\.([\w-]{43})$/.exec(token)
  if (!match || !isSigned(config, 'refresh-token', `${match[1]}.${match[2]}`, match[3]!)) return undefined
  return { family: match[1]!, generation: Number(match[2]) }
}

const apiTokenPrefix = 'maestro_'

export const isApiToken = (token: string) => token.startsWith(apiTokenPrefix)

/** Random enough that a fast hash protects it; the prefix lets scanners of leaked secrets know it. */
export const newApiToken = () => `${apiTokenPrefix}${newFamily()}`

export const hashApiToken = (token: string) => createHash('sha256').update(token).digest('base64url')
