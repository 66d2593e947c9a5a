import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { Problem } from '../setup/problem.ts'

/** A server process that belongs to us: it ends with us, and can be killed and started again on the same data. */
export interface Service {
  readonly pid: number
  /** Ends it as a crash would (SIGKILL); what it acknowledged must be there after `restart`. */
  kill(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
  /** Called when it ends although nobody asked it to. */
  onCrash(listener: () => void): void
}

/** One life of the process. `pid` is the server's own, which may be a child of `child`. */
export interface Life {
  pid: number
  child: ChildProcess
}

export async function startService(launch: () => Promise<Life>): Promise<Service> {
  const listeners: (() => void)[] = []
  let expected = false
  let life = await begin()

  async function begin(): Promise<Life> {
    expected = false
    const born = await launch()
    born.child.once('exit', () => {
      if (!expected) for (const listener of listeners) listener()
    })
    return born
  }

  async function end(signal: NodeJS.Signals) {
    expected = true
    signalProcess(life.pid, signal)
    if (await ended(life.child, 15_000)) return
    signalProcess(life.pid, 'SIGKILL')
    await ended(life.child, 5_000)
  }

  return {
    get pid() {
      return life.pid
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async restart() {
      await end('SIGTERM')
      life = await begin()
    },
    onCrash: (listener) => void listeners.push(listener),
  }

  async function ended(child: ChildProcess, patienceMs: number): Promise<boolean> {
    if (child.exitCode !== null || child.signalCode !== null) return true
    const patience = new AbortController()
    const exit = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)))
    const given = delay(patienceMs, false, { signal: patience.signal }).catch(() => false)
    const result = await Promise.race([exit, given])
    patience.abort()
    return result
  }
}

/** Waits until the child says it is up; what it said on stderr becomes the problem if it does not. */
export async function whenReady(
  name: string,
  child: ChildProcess,
  timeoutMs: number,
  ready: (resolve: () => void) => void,
): Promise<void> {
  let said = ''
  const listen = (chunk: Buffer) => void (said = (said + chunk).slice(-2000))
  child.stderr?.on('data', listen)
  const timeout = new AbortController()
  try {
    await Promise.race([
      new Promise<void>((resolve) => ready(resolve)),
      new Promise<never>((_, reject) => {
        child.once('error', (error) => reject(new Problem(`${name} could not be started: ${error.message}`)))
        child.once('exit', (code, signal) => reject(new Problem(ending(name, said, code, signal))))
      }),
      delay(timeoutMs, undefined, { signal: timeout.signal }).then(() => {
        throw new Problem(`${name} did not answer within ${timeoutMs / 1000} seconds. ${said.trim()}`)
      }),
    ])
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    timeout.abort()
    child.stderr?.off('data', listen).resume()
  }
}

function ending(name: string, said: string, code: number | null, signal: string | null): string {
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`
  return `${name} ${how} before it was ready${said.trim() ? `: ${said.trim()}` : '.'}`
}

function signalProcess(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
