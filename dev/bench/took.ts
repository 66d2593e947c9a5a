import { median, rounded } from './workload.ts'

/** What something took, by the clock and by the processor. */
export interface Took {
  ms: number
  cpuMs: number
}

export async function timed(work: () => Promise<unknown>): Promise<Took> {
  const started = performance.now()
  const cpu = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { ms: performance.now() - started, cpuMs: (user + system) / 1000 }
}

export const medians = (all: Took[]): Took => ({
  ms: rounded(median(all.map((one) => one.ms))),
  cpuMs: rounded(median(all.map((one) => one.cpuMs))),
})
