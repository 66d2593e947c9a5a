import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { certificate } from '../../../dev/testing/certificate.ts'
import { parseConfig } from '../config.ts'
import { readSender, readSmtpUrl } from './settings.ts'

const configWith = (settings: Record<string, string>) =>
  parseConfig({
    MONGODB_URI: 'mongodb://localhost',
    REDIS_URL: 'redis://localhost',
    SESSION_SECRET: 'x'.repeat(32),
    SECRETS_KEY: Buffer.alloc(32).toString('base64'),
    ...settings,
  })

describe('SMTP_URL', () => {
  it.each([
    ['smtp://mail.example.org', { host: 'mail.example.org', port: 587, secure: false, auth: undefined }],
    ['smtps://mail.example.org/', { host: 'mail.example.org', port: 465, secure: true }],
    ['smtp://[::1]:2525', { host: '::1', port: 2525 }],
    ['smtp://me%40here:p%3Aw%2F%25@mail:25', { port: 25, auth: { user: 'me@here', pass: 'p:w/%' } }],
  ])('%s is a server', (text, server) => {
    expect(readSmtpUrl(text)).toMatchObject(server)
    expect(configWith({ SMTP_URL: text })).toMatchObject({ SMTP_URL: text })
  })

  it.each([
    ['mail.example.org:587', 'write it like smtp://'],
    ['https://mail.example.org', 'write it like smtp://'],
    ['smtp://', 'write it like smtp://'],
    ['smtp://hunter2@mail', 'without a password'],
    ['smtp://me:hunter2%@mail', '%25'],
    ['smtp://me:hunter2@mail?tls.rejectUnauthorized=false', 'SMTP_ALLOW_BAD_CERTIFICATE'],
  ])('%s is refused with the remedy, and what may be a secret is not repeated', (text, remedy) => {
    expect(() => configWith({ SMTP_URL: text })).toThrow(/^The configuration cannot be used:\n- SMTP_URL /)
    expect(() => configWith({ SMTP_URL: text })).toThrow(remedy)
    expect(() => configWith({ SMTP_URL: text })).not.toThrow('hunter2')
  })

  it('does not go with TLS that is off', () => {
    expect(() => configWith({ SMTP_URL: 'smtps://mail', SMTP_TLS: 'off' })).toThrow('SMTP_TLS is off')
    expect(configWith({ SMTP_URL: 'smtp://mail', SMTP_TLS: 'off' })).toMatchObject({ SMTP_TLS: 'off' })
  })
})

describe('MAIL_FROM', () => {
  it.each([
    ['Maestro <maestro@localhost>', 'Maestro', 'maestro@localhost'],
    ['"Maestro, here" <maestro@example.org>', 'Maestro, here', 'maestro@example.org'],
    ['maestro@example.org', '', 'maestro@example.org'],
  ])('%s is a sender', (text, name, address) => {
    expect(readSender(text)).toEqual({ name, address })
  })

  it.each(['Maestro', 'a@x.org, b@x.org', 'A <a@x.org> B <b@x.org>', 'A <a@x.org>\r\nBcc: b@x.org'])(
    '%j is none',
    (text) => {
      expect(() => configWith({ MAIL_FROM: text })).toThrow('- MAIL_FROM is not one mail address')
    },
  )
})

describe('SMTP_CA', () => {
  it('names a file with certificates', () => {
    const folder = mkdtempSync(join(tmpdir(), 'maestro-ca-'))
    try {
      const path = join(folder, 'ca.pem')
      expect(() => configWith({ SMTP_CA: path })).toThrow(
        '- SMTP_CA names a file that cannot be read (ENOENT)',
      )
      writeFileSync(path, 'no certificate')
      expect(() => configWith({ SMTP_CA: path })).toThrow('- SMTP_CA names a file that does not begin with')
      writeFileSync(path, certificate)
      expect(configWith({ SMTP_CA: path })).toMatchObject({ SMTP_CA: path })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
