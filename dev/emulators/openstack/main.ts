import { parseArgs } from 'node:util'
import { startOpenStackEmulator } from './emulator.ts'
import type { Sizes } from './generate.ts'
import type { EmulatorOptions } from './world.ts'

const usage = `An endpoint that answers like an OpenStack cloud, with an estate made up from a seed.

  --port 5000                    any free port when left out
  --host 127.0.0.1
  --seed words                   the same words give the same estate
  --regions RegionOne=200,RegionTwo=50
  --compute-version 2.96         newest version of Nova's API
`

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    seed: { type: 'string' },
    regions: { type: 'string' },
    'compute-version': { type: 'string' },
    help: { type: 'boolean' },
  },
})

if (values.help) {
  console.log(usage)
  process.exit(0)
}

try {
  const emulator = await startOpenStackEmulator(readOptions())
  console.log(`The OpenStack emulator listens on ${emulator.url}`)
  process.send?.({ ready: true, url: emulator.url })
  const stop = () => void emulator.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('disconnect', stop)
} catch (error) {
  console.error(
    `The OpenStack emulator could not start: ${error instanceof Error ? error.message : String(error)}`,
  )
  process.exit(1)
}

function readOptions(): EmulatorOptions {
  return {
    ...(values.port && { port: Number(values.port) }),
    ...(values.host && { host: values.host }),
    ...(values.seed && { seed: values.seed }),
    ...(values.regions && { regions: readRegions(values.regions) }),
    ...(values['compute-version'] !== undefined && { computeVersion: values['compute-version'] }),
  }
}

function readRegions(text: string): Record<string, Sizes> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [region = '', size = ''] = part.split('=')
      if (!region || !/^\d+$/.test(size))
        throw new Error(`--regions has "${part}", which is not like RegionOne=200.`)
      return [region, { servers: Number(size) }]
    }),
  )
}
