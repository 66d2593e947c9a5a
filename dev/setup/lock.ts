import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

export interface Lock {
  release(): void
}

/** Says who holds the lock, so that the caller can put it in a sentence. */
export class LockHeld extends Error {
  override readonly name = 'LockHeld'
  readonly pid: number
  constructor(path: string, pid: number) {
    super(`${path} is held by process ${pid}`)
    this.pid = pid
  }
}

/** A lock left by a process that is gone is taken over; a living holder makes this throw LockHeld. */
export function takeLock(path: string): Lock {
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), id: randomUUID() })
  for (;;) {
    if (place(path, mine)) return { release: () => release(path, mine) }
    const held = read(path)
    if (held === undefined) continue
    const holder = parse(held)
    if (holder && startOf(holder.pid) === holder.started) throw new LockHeld(path, holder.pid)
    putAside(path, held)
  }
}

/** Waits for its turn; for work that two starts may want at the same time. */
export async function waitForLock(path: string, timeoutMs: number): Promise<Lock> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    try {
      return takeLock(path)
    } catch (error) {
      if (!(error instanceof LockHeld) || Date.now() > deadline) throw error
      await delay(200)
    }
  }
}

/** A hard link appears whole or not at all, so nobody can read a half-written lock. */
function place(path: string, content: string): boolean {
  const draft = `${path}.${randomUUID()}`
  writeFileSync(draft, content, { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Between the judgement and the rename another process may have taken the lock; then it gets it back. */
function putAside(path: string, judged: string): void {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const taken = read(aside)
  if (taken !== undefined && taken !== judged) place(path, taken)
  rmSync(aside, { force: true })
}

function release(path: string, mine: string): void {
  if (read(path) === mine) rmSync(path, { force: true })
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parse(content: string): { pid: number; started: string } | undefined {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

/** A process id is used again some day; id and start time together are not. Undefined when it is gone. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? undefined : rest[18]
  } catch {
    if (process.platform === 'linux') return undefined
  }
  try {
    process.kill(pid, 0)
    return 'alive'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'alive' : undefined
  }
}
