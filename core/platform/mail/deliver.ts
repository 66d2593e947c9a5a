import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ObjectId } from 'mongodb'
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer'
import type { Config } from '../config.ts'
import type { Core } from '../core.ts'
import { hydrateMail, type Mail, mailsOf, MailState } from './mail.ts'
import { enqueueMail } from './send.ts'

/** Pauses after a failed attempt; after the last of them the mail is given up. */
const pausesMs = [10_000, 60_000, 5 * 60_000, 30 * 60_000]
const leaseMs = 60_000
const keptDays = 30
const silentMs = 15_000

/** Delivers what the workers are asked to; one transport for a process. */
export class MailDelivery {
  private readonly transport: Transporter

  constructor(private readonly core: Core) {
    this.transport = openTransport(core.config)
  }

  /** Sends one mail, unless another worker is at it or it is done. */
  async deliver(id: ObjectId): Promise<void> {
    const now = new Date()
    const record = await mailsOf(this.core).findOneAndUpdate(
      { _id: id, state: MailState.QUEUED, nextAttemptAt: { $lte: now } },
      { $set: { nextAttemptAt: new Date(now.getTime() + leaseMs) }, $inc: { attempts: 1 } },
      { returnDocument: 'after' },
    )
    if (!record) return
    const mail = hydrateMail(record)
    try {
      await this.hand(mail)
    } catch (error) {
      await this.failed(mail, error as SmtpError)
    }
  }

  private async hand(mail: Mail) {
    const { config } = this.core
    const message: SendMailOptions = {
      from: config.MAIL_FROM,
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text ?? '',
      html: mail.html ?? '',
      messageId: `<${mail._id.toHexString()}@maestro>`,
      date: mail.createdAt,
    }
    const answer = (await this.transport.sendMail(message)) as { message?: Buffer }
    if (config.SMTP_URL)
      // What it says lets its reader in, so it is not kept longer than needed.
      return this.set(mail, {
        state: MailState.SENT,
        sentAt: new Date(),
        problem: null,
        text: null,
        html: null,
      })
    await keep(config, mail, answer.message!)
    await this.set(mail, { state: MailState.KEPT, problem: null })
  }

  private async failed(mail: Mail, error: SmtpError) {
    const pause = pausesMs[mail.attempts - 1]
    const problem = sentenceOf(error)
    if (isFinal(error) || pause === undefined) return this.set(mail, { state: MailState.FAILED, problem })
    this.core.log.warn({ mail: mail._id, problem }, 'A mail could not be sent yet')
    await this.set(mail, { nextAttemptAt: new Date(Date.now() + pause), problem })
    await enqueueMail(this.core, mail._id, pause)
  }

  private set = (mail: Mail, fields: Partial<Mail>) =>
    mailsOf(this.core).updateOne({ _id: mail._id, state: MailState.QUEUED }, { $set: fields })

  close() {
    this.transport.close()
  }
}

function openTransport({ SMTP_URL, SMTP_TLS, SMTP_CA, SMTP_ALLOW_BAD_CERTIFICATE }: Config): Transporter {
  if (!SMTP_URL) return createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  const url = new URL(SMTP_URL)
  const secure = url.protocol === 'smtps:'
  return createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    requireTLS: SMTP_TLS === 'required' && !secure,
    ignoreTLS: SMTP_TLS === 'off',
    ...(url.username && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    tls: {
      rejectUnauthorized: !SMTP_ALLOW_BAD_CERTIFICATE,
      ...(SMTP_CA && { ca: readFileSync(SMTP_CA) }),
    },
    pool: true,
    maxConnections: 2,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  } as Parameters<typeof createTransport>[0])
}

/** The outbox of an installation without a mail server: a folder that its operator can read. */
async function keep({ MAIL_DIR }: Config, mail: Mail, content: Buffer) {
  const folder = resolve(MAIL_DIR)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const day = mail.createdAt.toISOString().slice(0, 19).replaceAll(':', '-')
  await writeFile(join(folder, `${day}-${mail._id.toHexString()}.eml`), content, { mode: 0o600 })
}

interface SmtpError extends Error {
  code?: string
  responseCode?: number
  response?: string
}

/** The server has answered that it never will; a wrong password may be mended, so that waits. */
const isFinal = ({ responseCode, code }: SmtpError) =>
  responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH'

const sentenceOf = ({ code, responseCode, response, message }: SmtpError) =>
  (responseCode
    ? `The mail server answered: ${response ?? responseCode}`
    : `The mail server cannot be reached: ${message}${code ? ` (${code})` : ''}`
  ).slice(0, 500)

/** Queues again what fell out of its queue, and forgets what is old. */
export async function sweepMail(core: Core): Promise<void> {
  const lost = await mailsOf(core)
    .find(
      { state: MailState.QUEUED, nextAttemptAt: { $lt: new Date(Date.now() - silentMs) } },
      { projection: { _id: 1 } },
    )
    .limit(1000)
    .toArray()
  for (const { _id } of lost) await enqueueMail(core, _id, 0)
  await mailsOf(core).deleteMany({ createdAt: { $lt: new Date(Date.now() - keptDays * 24 * 3600 * 1000) } })
}
