import type { Config } from '../config.ts'
import { FolderMailer } from './folder.ts'
import type { Mailer } from './mailer.ts'
import { SmtpMailer } from './smtp.ts'

/** To the mail server, or into a folder where there is none. Nothing is asked of either yet: one that is away must not keep the workers from starting. */
export const openMailer = (config: Config): Mailer =>
  config.SMTP_URL ? new SmtpMailer({ ...config, SMTP_URL: config.SMTP_URL }) : new FolderMailer(config)
