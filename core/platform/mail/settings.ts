import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface MailServer {
  host: string
  port: number
  /** TLS from the first byte on. */
  secure: boolean
  auth: { user: string; pass: string } | undefined
}

const example = 'smtp://user:password@mail.example.org:587'

/** @throws Error whose message goes on from the name of the setting, and never repeats the password */
export function readSmtpUrl(text: string): MailServer {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^smtps?:$/.test(url.protocol) || !url.hostname)
    throw new Error(`is no address of a mail server; write it like ${example}`)
  if (url.search || url.hash || !['', '/'].includes(url.pathname))
    throw new Error(
      'must end after the port; SMTP_TLS, SMTP_CA and SMTP_ALLOW_BAD_CERTIFICATE say how to connect',
    )
  const secure = url.protocol === 'smtps:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : secure ? 465 : 587,
    secure,
    auth: authOf(url),
  }
}

function authOf({ username, password }: URL): MailServer['auth'] {
  if (!username && !password) return undefined
  if (!username || !password) throw new Error('names a user without a password, or the other way round')
  try {
    return { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
  } catch {
    throw new Error('has a "%" in user or password that encodes nothing; write %25 for the sign itself')
  }
}

/** Name and address of `MAIL_FROM`. @throws Error whose message goes on from the name of the setting */
export function readSender(text: string): { name: string; address: string } {
  const match = /^(?:([^<>\p{Cc}]*?)\s*<([^<>]+)>|([^<>]+))$/u.exec(text.trim())
  const address = match?.[2] ?? match?.[3] ?? ''
  if (!/^[^\s@\p{Cc},;"]+@[^\s@\p{Cc},;"]+$/u.test(address))
    throw new Error('is not one mail address; write it like Maestro <maestro@example.org>')
  return { name: (match?.[1] ?? '').replace(/^"(.*)"$/, '$1'), address }
}

/** The certificates in a file. @throws Error whose message goes on from the name of the setting */
export function readCertificates(path: string): string {
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`names a file that cannot be read (${code})`, { cause: error })
  }
  try {
    new X509Certificate(pem)
  } catch (error) {
    throw new Error('names a file that does not begin with a certificate in PEM form', { cause: error })
  }
  return pem
}
