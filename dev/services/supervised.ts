import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { projectRoot } from '../setup/projectRoot.ts'
import { Backoff } from './backoff.ts'
import { whenReady } from './service.ts'

const leash = new URL('./leash.js', import.meta.url).href
const LARGEST_LOG = 10_000_000

export interface ProcessOptions {
  /** At the beginning of a sentence. */
  name: string
  /** Compiled entry, below the project's root. */
  entry: string
  args?: string[]
  env: NodeJS.ProcessEnv
  log: string
  say: (line: string) => void
}

export interface Supervised {
  /** What the process reported when it was first ready. */
  url?: string
  stop(): Promise<void>
  hurry(): void
}

/** Starts a process of ours; once it was ready it is started again whenever it dies by itself. */
export async function supervised(options: ProcessOptions): Promise<Supervised> {
  const { name, say } = options
  const backoff = new Backoff()
  let stopping = false
  let waiting: NodeJS.Timeout | undefined
  let child: ChildProcess

  const url = await begin()
  return {
    url,
    hurry: () => void child.kill('SIGKILL'),
    async stop() {
      stopping = true
      clearTimeout(waiting)
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      const patience = setTimeout(() => child.kill('SIGKILL'), 20_000)
      await gone
      clearTimeout(patience)
    },
  }

  async function begin(): Promise<string | undefined> {
    child = launch(options)
    backoff.begun()
    let reported: string | undefined
    await whenReady(name, child, 60_000, (up) =>
      child.once('message', (message: { url?: string }) => {
        reported = message.url
        up()
      }),
    )
    child.once('exit', (code, signal) => again(signal ?? `code ${code}`))
    if (child.exitCode !== null) again(`code ${child.exitCode}`)
    return reported
  }

  function again(how: string) {
    if (stopping) return
    const pause = backoff.next()
    say(`${name} ended by itself (${how}) and is started again in ${pause / 1000} s. Its log: ${options.log}`)
    waiting = setTimeout(() => void begin().catch((error: Error) => again(error.message)), pause)
  }
}

function launch({ entry, args = [], env, log }: ProcessOptions): ChildProcess {
  mkdirSync(dirname(log), { recursive: true })
  if (existsSync(log) && statSync(log).size > LARGEST_LOG) renameSync(log, `${log}.1`)
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', leash, entry, ...args], {
    cwd: projectRoot,
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const file = createWriteStream(log, { flags: 'a', mode: 0o600 })
  file.on('error', () => undefined)
  child.stdout!.pipe(file, { end: false })
  child.stderr!.on('data', (chunk) => file.write(chunk))
  child.once('close', () => file.end())
  return child
}

/** Where a compiled entry lies. */
export function compiled(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}
