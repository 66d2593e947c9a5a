import { remoteControl, type RemoteControl } from '../emulators/aws/remoteControl.ts'
import type { EmulatorOptions } from '../emulators/aws/world.ts'
import type { Bench } from './bench.ts'
import { runFloor, startProcess } from './process.ts'
import type { Took } from './took.ts'

export interface Cloud {
  url: string
  regions: string[]
  control: RemoteControl
  stop(): Promise<void>
}

/** An emulated account without oddities, whose pages are ready before anything is measured. */
export async function startCloud(bench: Bench, regions: Record<string, number>): Promise<Cloud> {
  const options: EmulatorOptions = { port: 0, regions, quirks: { '*': {} }, cacheBytes: 1024 ** 3 }
  const { url, stop } = await startProcess(bench, 'dev/emulators/aws/main.js', {
    env: { AWS_EMULATOR_OPTIONS: JSON.stringify(options) },
  })
  const control = remoteControl(url)
  for (const region of Object.keys(regions)) await control.warm(region, 1000)
  return { url, regions: Object.keys(regions), control, stop }
}

/** The floor of every crawl: the same pages through the SDK, dropped, by a process that does nothing else. */
export const drainPages = (bench: Bench, { url, regions }: Cloud) =>
  runFloor<Took>(bench, 'drainPages', { url, regions })
