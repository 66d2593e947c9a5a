import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { processesWith } from '../../dev/testing/startedMaestro.ts'

/** Parts of a running Maestro, by what their command line has in it. */
const parts = {
  worker: () => 'dist/workers/main.js',
  api: () => 'dist/api/main.js',
  redis: () => 'redis-server',
  engine: (dataDir: string) => join(dataDir, 'mongo'),
}
export type Part = keyof typeof parts

/** Ends a part of the Maestro on this data folder at once, as if its machine had lost power; false where it is not running. */
export function kill(part: Part, dataDir: string): boolean {
  const ours = new Set(processesWith(dataDir))
  const [pid] = processesWith(parts[part](dataDir)).filter(
    (one) => ours.has(one) && commandOf(one).includes(parts[part](dataDir)) && !isTheStarter(one),
  )
  if (!pid) return false
  process.kill(pid, 'SIGKILL')
  return true
}

const isTheStarter = (pid: number) => commandOf(pid).includes('dist/dev/start.js')

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** Kills the parts one after the other, a while apart, until it is told to stop. */
export function startChaos(dataDir: string, order: Part[], pauseMs: (turn: number) => number) {
  const stop = new AbortController()
  const killed: Part[] = []
  const ended = (async () => {
    for (let turn = 0; !stop.signal.aborted; turn++) {
      await pause(pauseMs(turn), undefined, { signal: stop.signal }).catch(() => undefined)
      if (stop.signal.aborted) return
      const part = order[turn % order.length]!
      if (kill(part, dataDir)) killed.push(part)
    }
  })()
  return {
    killed,
    async stop() {
      stop.abort()
      await ended
    },
  }
}
