import type { ObjectId } from 'mongodb'
import type { SendMailOptions } from 'nodemailer'
import type { Config } from '../config.ts'
import type { MailState } from './mail.ts'
import { readSender } from './settings.ts'

export interface Letter {
  _id: ObjectId
  createdAt: Date
  to: string
  subject: string
  text: string
  html: string
}

/** Where the mails of one process go. */
export interface Mailer {
  /** For the log: a server or a folder, without credentials. */
  readonly place: string
  /** State of a mail that it has taken. */
  readonly taken: MailState.SENT | MailState.KEPT
  /** @throws Undelivered */
  take(letter: Letter): Promise<void>
  /** Forgets a mail that it may have kept. */
  forget(letter: Pick<Letter, '_id' | 'createdAt'>): Promise<void>
  close(): void
}

/** Why a mail did not go out, in a sentence. */
export class Undelivered extends Error {
  constructor(
    message: string,
    /** Whether the same mail would be refused again. */
    readonly permanent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** The mail as it is sent. Its Message-ID is always the same, so that one which goes out twice is known as one. */
export function messageOf(config: Config, { _id, to, subject, text, html }: Letter): SendMailOptions {
  const from = readSender(config.MAIL_FROM)
  // As objects, since a text would be read as a list of recipients.
  const recipient = { name: '', address: to }
  return {
    from,
    to: recipient,
    envelope: { from: from.address, to: [recipient] },
    subject,
    text,
    html,
    messageId: `<${_id.toHexString()}@${from.address.split('@').at(-1)}>`,
    // Nobody's holiday notice should answer.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
