import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { certificate, certificateKey } from './certificate.ts'

export interface Received {
  /** As the server was told, whatever the headers say. */
  from: string
  to: string[]
  /** Whether it came over TLS. */
  secure: boolean
  user: string | undefined
  raw: string
  mail: ParsedMail
}

export interface Smtp {
  /** For `SMTP_URL`. */
  url: string
  received: Received[]
  /** Codes with which the next recipients are answered; after them, all are taken. */
  answers: number[]
  /** How long each mail is looked at before it is taken. */
  slowMs: number
  /** Is away: cuts every connection and accepts no further one. */
  stop(): Promise<void>
  /** Is there again, under the same address. */
  start(): Promise<void>
}

export interface SmtpOptions {
  /** STARTTLS unless said otherwise. */
  tls?: 'STARTTLS' | 'FROM_THE_START' | 'NONE'
  /** The one account that may send; nobody signs in without. */
  account?: { user: string; password: string }
}

/** A mail server on loopback that keeps what it gets. */
export async function startSmtp({ tls = 'STARTTLS', account }: SmtpOptions = {}): Promise<Smtp> {
  let port = 0
  let server: SMTPServer
  const open = () =>
    new SMTPServer({
      secure: tls === 'FROM_THE_START',
      key: certificateKey,
      cert: certificate,
      disabledCommands: [...(tls === 'NONE' ? ['STARTTLS'] : []), ...(account ? [] : ['AUTH'])],
      allowInsecureAuth: tls === 'NONE',
      disableReverseLookup: true,
      closeTimeout: 1,
      onAuth({ username, password }, _session, done) {
        if (username === account?.user && password === account?.password) done(null, { user: username })
        else done(answered(535, 'Wrong user or password'))
      },
      onRcptTo(_address, _session, done) {
        const code = smtp.answers.shift()
        done(code && code >= 400 ? answered(code, 'Not now, or not ever') : null)
      },
      onData(stream, session, done) {
        const take = async () => {
          const raw = await text(stream)
          await pause(smtp.slowMs)
          const { mailFrom, rcptTo } = session.envelope
          smtp.received.push({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            secure: session.secure,
            user: session.user,
            raw,
            mail: await simpleParser(raw),
          })
        }
        take().then(() => done(), done)
      },
    })
  const smtp: Smtp = {
    url: '',
    received: [],
    answers: [],
    slowMs: 0,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
    start: () =>
      new Promise((resolve) => {
        server = open()
        server.on('error', () => undefined)
        server.listen(port, '127.0.0.1', () => {
          port = (server.server.address() as AddressInfo).port
          resolve()
        })
      }),
  }
  await smtp.start()
  const who = account ? `${encodeURIComponent(account.user)}:${encodeURIComponent(account.password)}@` : ''
  smtp.url = `${tls === 'FROM_THE_START' ? 'smtps' : 'smtp'}://${who}localhost:${port}`
  return smtp
}

const answered = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode })
