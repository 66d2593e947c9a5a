import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { compiled } from '../services/supervised.ts'
import type { Bench } from './bench.ts'

const leash = new URL('../services/leash.js', import.meta.url).href
const patienceMs = 60_000

export interface BenchProcess {
  pid: number
  /** Where it listens, if it does. */
  url: string
  child: ChildProcess
  /** Highest resident memory so far, in MiB. */
  peakMemory(): number
  /** Processor time so far, in milliseconds. */
  cpuTime(): number
  stop(): Promise<void>
}

interface Options {
  env?: NodeJS.ProcessEnv
  args?: string[]
}

/** A compiled entry as a process of its own, once it says that it is ready. */
export async function startProcess(
  bench: Bench,
  entry: string,
  { env = {}, args = [] }: Options = {},
): Promise<BenchProcess> {
  const child = fork(compiled(entry), args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    execArgv: [...(process.env.BENCH_NODE_OPTIONS?.split(' ') ?? []), '--import', leash],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let url = ''
  const own = bench.own({
    pid: child.pid!,
    get url() {
      return url
    },
    child,
    peakMemory: () => peakOf(child.pid!),
    cpuTime: () => cpuTimeOf(child.pid!),
    stop: () => end(child),
  })
  url = (await messageOf<{ url?: string }>(child, entry, patienceMs)).url ?? ''
  return own
}

/** Runs an entry of `dev/bench/floors` on an input; gives what it measured. */
export async function runFloor<Output>(bench: Bench, name: string, input: object): Promise<Output> {
  const entry = `dev/bench/floors/${name}.js`
  const floor = await startProcess(bench, entry)
  const answer = messageOf<Output>(floor.child, entry, 5 * patienceMs)
  floor.child.send(input)
  try {
    return await answer
  } finally {
    await floor.stop()
  }
}

/** The next message of a process. @throws when it ends first, or says nothing for too long */
export function messageOf<T>(child: ChildProcess, name: string, withinMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer)
      child.off('message', onMessage).off('exit', onExit)
    }
    const onMessage = (message: unknown) => (done(), resolve(message as T))
    const onExit = (code: number | null, signal: string | null) => (
      done(),
      reject(new Error(`${name} ended with ${signal ?? code} before it had answered.`))
    )
    const timer = setTimeout(
      () => (done(), reject(new Error(`${name} did not answer within ${withinMs / 1000} seconds.`))),
      withinMs,
    )
    child.on('message', onMessage).on('exit', onExit)
  })
}

function peakOf(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

/** Processor time of a process so far, in milliseconds; the kernel counts it in hundredths of a second. */
export function cpuTimeOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(patience)
}
