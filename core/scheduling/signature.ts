import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'

/** A key as Standard Webhooks writes it. */
export const newSecret = () => prefix + randomBytes(32).toString('base64')

/** Bytes that a person's secret stands for: base64 after whsec_, else the text itself. */
const keyOf = (secret: string) =>
  secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret)

/** From 24 to 64 bytes, as the standard asks. */
export function isStrong(secret: string): boolean {
  const { length } = keyOf(secret)
  return length >= 24 && length <= 64
}

/** The three headers of Standard Webhooks; the time keeps a call that was overheard from being sent again later. */
export function signedHeaders(secret: string, id: string, body: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
}
