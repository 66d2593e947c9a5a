import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineNode } from '../setup/glibc.ts'
import { Problem } from '../setup/problem.ts'
import { startService, whenReady, type Service } from './service.ts'
import { bareEnvironment } from './bareEnvironment.ts'

/** The sources run as they are in tests, so the entry has the same extension as this file. */
const entry = fileURLToPath(new URL(`./engine/process${extname(import.meta.url)}`, import.meta.url))

export interface EngineOptions {
  dataDir: string
  socketDir: string
  say?: (line: string) => void
}

/** MongoDB's engine in a process of its own, behind a socket that only this user can open. */
export async function startEngine({ dataDir, socketDir, say }: EngineOptions) {
  const folder = join(dataDir, 'mongo')
  const socket = join(socketDir, 'mongo.sock')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const node = await engineNode(say)
  const service = await startService(async () => {
    const child = spawn(node.command, [...node.args, entry, folder, socket], {
      detached: true,
      env: bareEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    try {
      await whenReady('The database engine', child, 60_000, (up) => child.once('message', () => up()))
    } catch (error) {
      throw explained(error, folder)
    }
    return { pid: child.pid!, child }
  })
  return { service, uri: mongoUri(socket) } satisfies { service: Service; uri: string }
}

/** Without `journal=true` a crash of the engine loses writes that were acknowledged. */
function mongoUri(socket: string): string {
  const options = 'directConnection=true&w=1&journal=true&serverSelectionTimeoutMS=5000'
  return `mongodb://${encodeURIComponent(socket)}/?${options}`
}

function explained(error: unknown, folder: string): unknown {
  const said = (error as Error).message
  if (/DBPathInUse/.test(said) && !/read-only/i.test(said))
    return new Problem(
      `The database in ${folder} is in use by another Maestro, which was left alone. ` +
        'Use that one, stop it first, or choose another folder with --data.',
    )
  if (/code 14\b|read-only|permission denied/i.test(said))
    return new Problem(
      `The database files in ${folder} cannot be written. Nothing was changed. ` +
        'Give this user write permission there, or choose another folder with --data.',
    )
  return error
}
