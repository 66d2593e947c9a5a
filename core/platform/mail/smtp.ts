import { rootCertificates } from 'node:tls'
import { createTransport, type NodemailerError } from 'nodemailer'
import type { Config } from '../config.ts'
import { MailState } from './mail.ts'
import { type Letter, type Mailer, messageOf, Undelivered } from './mailer.ts'
import { readCertificates, readSmtpUrl } from './settings.ts'

/** A server may be slow, but a mail that takes longer is given up before its lease ends. */
export const sendMs = 120_000

/** Sends to a mail server, over few connections that are kept for the next mails. */
export class SmtpMailer implements Mailer {
  readonly taken = MailState.SENT
  readonly place: string
  private readonly host: string
  private readonly transport

  constructor(private readonly config: Config & { SMTP_URL: string }) {
    const { SMTP_TLS, SMTP_CA, SMTP_ALLOW_BAD_CERTIFICATE } = config
    const { host, port, secure, auth } = readSmtpUrl(config.SMTP_URL)
    this.host = host
    this.place = `${host}:${port}`
    this.transport = createTransport({
      host,
      port,
      secure,
      auth,
      pool: true,
      maxConnections: config.WORKER_CONCURRENCY,
      // When to try again is for the record to say.
      maxRequeues: 0,
      requireTLS: SMTP_TLS === 'required',
      ignoreTLS: SMTP_TLS === 'off',
      tls: {
        rejectUnauthorized: !SMTP_ALLOW_BAD_CERTIFICATE,
        ...(SMTP_CA && { ca: [...rootCertificates, readCertificates(SMTP_CA)] }),
      },
      dnsTimeout: 10_000,
      connectionTimeout: 20_000,
      greetingTimeout: 30_000,
      socketTimeout: sendMs,
    })
    this.transport.on('error', () => undefined)
  }

  async take(letter: Letter): Promise<void> {
    try {
      await this.transport.sendMail({
        ...messageOf(this.config, letter),
        signal: AbortSignal.timeout(sendMs),
      })
    } catch (error) {
      throw this.named(error as NodemailerError)
    }
  }

  async forget() {}

  close() {
    this.transport.close()
  }

  private named(error: NodemailerError): Undelivered {
    const { code, response, message } = error
    // What is wrong with the sign-in or the connection is not the mail's fault, and may be mended meanwhile.
    const permanent = ['EENVELOPE', 'EMESSAGE'].includes(code ?? '') && (error.permanent ?? !response)
    const said = `: ${oneLine(response || message)}`
    return new Undelivered(this.sentence(code, said, message), permanent, { cause: error })
  }

  private sentence(code: string | undefined, said: string, message: string): string {
    const { host } = this
    if (['ETLS', 'ESOCKET'].includes(code ?? '') && /certificate|altnames/i.test(message))
      return `The certificate of ${host} is not trusted${said}. If it is the right one, name its authority in SMTP_CA.`
    switch (code) {
      case 'EAUTH':
      case 'ENOAUTH':
        return `The mail server ${host} refused to sign Maestro in${said}. Check user and password in SMTP_URL.`
      case 'EENVELOPE':
      case 'EMESSAGE':
        return `The mail server ${host} did not take the mail${said}`
      case 'ETLS':
        return `No encrypted connection to ${host} could be made${said}. Check SMTP_TLS.`
      default:
        return `The mail server ${host} cannot be reached${said}`
    }
  }
}

const oneLine = (text: string) =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300)
