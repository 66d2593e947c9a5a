import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from './setup/problem.ts'

export interface StartSecrets {
  SESSION_SECRET: string
  SECRETS_KEY: string
  demoPassword: string
}

/** Made once per data folder; without the same key the stored cloud credentials cannot be read again. */
export function startSecrets(dataDir: string): StartSecrets {
  const path = join(dataDir, 'secrets.json')
  if (existsSync(path)) return read(path)
  if (existsSync(join(dataDir, 'mongo', 'WiredTiger')))
    throw new Problem(
      `${path} is missing, although there is data beside it whose stored credentials it opens. Nothing was changed. ` +
        'Put the file back from a backup, or choose another folder with --data.',
    )
  const secrets: StartSecrets = {
    SESSION_SECRET: randomBytes(48).toString('base64url'),
    SECRETS_KEY: randomBytes(32).toString('base64'),
    demoPassword: randomBytes(9).toString('base64url'),
  }
  writeFileSync(path, JSON.stringify(secrets, null, 2) + '\n', { mode: 0o600, flag: 'wx' })
  return secrets
}

function read(path: string): StartSecrets {
  try {
    const secrets = JSON.parse(readFileSync(path, 'utf8')) as StartSecrets
    if (secrets.SESSION_SECRET && secrets.SECRETS_KEY) return secrets
  } catch (error) {
    throw new Problem(
      `${path} cannot be read (${(error as Error).message}). Nothing was changed. Restore it from a backup.`,
    )
  }
  throw new Problem(`${path} does not hold the secrets. Nothing was changed. Restore it from a backup.`)
}
