import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** A value encrypted at rest: AES-256-GCM as `nonce.tag.ciphertext`, each in base64url. */
export type Sealed = string

export function seal(key: string, value: string): Sealed {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'base64'), nonce)
  const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
  return [nonce, cipher.getAuthTag(), text].map((part) => part.toString('base64url')).join('.')
}

/** @throws Error when the key is another one than the value was sealed with, or the value was tampered with */
export function unseal(key: string, sealed: Sealed): string {
  const [nonce, tag, text] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'))
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64'), nonce!)
  decipher.setAuthTag(tag!)
  return Buffer.concat([decipher.update(text!), decipher.final()]).toString('utf8')
}
