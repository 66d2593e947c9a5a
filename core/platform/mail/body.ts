import type { Config } from '../config.ts'
import { type Sealed, seal, unseal } from '../secrets.ts'

export interface Body {
  text: string
  html: string
}

/** Sealed, since whoever reads the database must not get the links that open accounts. */
export const sealBody = (config: Config, body: Body): Sealed => seal(config.SECRETS_KEY, JSON.stringify(body))

/** Null when it was sealed with another key. */
export function openBody(config: Config, body: Sealed): Body | null {
  try {
    return JSON.parse(unseal(config.SECRETS_KEY, body)) as Body
  } catch {
    return null
  }
}
