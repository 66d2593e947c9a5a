import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { LockHeld, takeLock, type Lock } from '../setup/lock.ts'
import { Problem } from '../setup/problem.ts'

/** Makes the folder where needed and keeps every other Maestro out of it until the lock is released. */
export function openDataFolder(dataDir: string): Lock {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    return takeLock(join(dataDir, 'in-use.lock'))
  } catch (error) {
    if (error instanceof LockHeld)
      throw new Problem(
        `Maestro is already running on ${dataDir} (process ${error.pid}), and was left alone. ` +
          'Use that one, stop it first, or choose another folder with --data.',
      )
    const { code, message } = error as NodeJS.ErrnoException
    throw new Problem(
      `The data folder ${dataDir} cannot be written (${code ?? message}). Nothing was changed. ` +
        'Give this user write permission there, or choose another folder with --data.',
      { cause: error },
    )
  }
}
