import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Config } from '../config.ts'
import { MailState } from './mail.ts'
import { type Letter, type Mailer, messageOf, Undelivered } from './mailer.ts'

/** Keeps mails as files where there is no mail server. Only the user that Maestro runs as may read them: their links open accounts. */
export class FolderMailer implements Mailer {
  readonly taken = MailState.KEPT
  readonly place: string
  private readonly transport = createTransport({ streamTransport: true, buffer: true })

  constructor(private readonly config: Config) {
    this.place = resolve(config.MAIL_DIR)
  }

  async take(letter: Letter): Promise<void> {
    const { message } = await this.transport.sendMail(messageOf(this.config, letter))
    const path = this.path(letter)
    try {
      await mkdir(this.place, { recursive: true, mode: 0o700 })
      await writeFile(`${path}.partial`, message as Buffer, { mode: 0o600 })
      await rename(`${path}.partial`, path)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new Undelivered(`The mail could not be written into MAIL_DIR (${code}).`, false, { cause: error })
    }
  }

  async forget(letter: Pick<Letter, '_id' | 'createdAt'>) {
    await rm(this.path(letter), { force: true }).catch(() => undefined)
  }

  close() {}

  /** From the date and the id alone: subjects and addresses are chosen by others. */
  private path({ _id, createdAt }: Pick<Letter, '_id' | 'createdAt'>): string {
    return join(this.place, `${createdAt.toISOString().replace(/[:.]/g, '-')}-${_id.toHexString()}.eml`)
  }
}
