import { startFault } from './startFault.ts'

export interface RunningProcess {
  /** Told to whoever started the process, such as the URL that it listens on. */
  ready: Record<string, unknown>
  close(): Promise<void>
}

/** Longest time that stopping may take before the process leaves anyway. */
const stopMs = 8_000

/** A process from its start to its end: says when it is ready, stops on a signal, and names in one sentence why it could not start. */
export function runProcess(start: () => Promise<RunningProcess>) {
  start().then(
    ({ ready, close }) => {
      process.send?.({ ready: true, ...ready })
      let stopping = false
      const stop = async () => {
        if (stopping) return
        stopping = true
        setTimeout(() => process.exit(1), stopMs).unref()
        await close()
        process.exit(0)
      }
      for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => void stop())
    },
    (error: unknown) => process.stderr.write(`${startFault(error)}\n`, () => process.exit(1)),
  )
}
