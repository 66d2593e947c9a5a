import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Config } from './config.ts'

/** What is signed for one purpose is never accepted for another. */
export type Purpose = 'access-token' | 'refresh-token' | 'upload-url' | 'file-url' | 'export-url'

export const signingKey = (config: Config, purpose: Purpose): Buffer =>
  createHmac('sha256', config.SESSION_SECRET).update(purpose).digest()

export const sign = (config: Config, purpose: Purpose, text: string): string =>
  createHmac('sha256', signingKey(config, purpose)).update(text).digest('base64url')

/** Takes the same time for every wrong signature. */
export function isSigned(config: Config, purpose: Purpose, text: string, signature: string): boolean {
  const expected = Buffer.from(sign(config, purpose, text))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
