import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { demoAccount } from './accounts.ts'
import { startAwsEmulator } from './emulator.ts'
import type { EmulatorOptions } from './world.ts'

const usage = `An endpoint that answers like AWS, with an estate made up from a seed.

  --port 4566                    any free port when left out
  --host 127.0.0.1
  --seed words                   the same words give the same estate
  --regions eu-west-1=2000,us-east-1=500
  --surroundings                 with what there is around instances, and the other services
  --access-key, --secret-key, --account, --permissions 'ec2:Describe*,sts:*'
  --options file.json            everything else; also as JSON in AWS_EMULATOR_OPTIONS
`

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    seed: { type: 'string' },
    regions: { type: 'string' },
    surroundings: { type: 'boolean' },
    'access-key': { type: 'string' },
    'secret-key': { type: 'string' },
    account: { type: 'string' },
    permissions: { type: 'string' },
    options: { type: 'string' },
    help: { type: 'boolean' },
  },
})

if (values.help) {
  console.log(usage)
  process.exit(0)
}

try {
  const emulator = await startAwsEmulator(readOptions())
  console.log(`The AWS emulator listens on ${emulator.url}`)
  process.send?.({ ready: true, url: emulator.url })
  const stop = () => void emulator.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('disconnect', stop)
} catch (error) {
  console.error(`The AWS emulator could not start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}

function readOptions(): EmulatorOptions {
  const json = values.options ? readFileSync(values.options, 'utf8') : process.env.AWS_EMULATOR_OPTIONS
  const options: EmulatorOptions = json ? (JSON.parse(json) as EmulatorOptions) : {}
  if (values.port) options.port = Number(values.port)
  if (values.host) options.host = values.host
  if (values.seed) options.seed = values.seed
  if (values.surroundings) options.surroundings = true
  if (values.regions) options.regions = readRegions(values.regions)
  const { 'access-key': accessKeyId, 'secret-key': secretAccessKey, account, permissions } = values
  if (accessKeyId || secretAccessKey || account || permissions) {
    options.accounts = [
      {
        ...demoAccount,
        ...(accessKeyId && { accessKeyId }),
        ...(secretAccessKey && { secretAccessKey }),
        ...(account && { account }),
        ...(permissions && { permissions: permissions.split(',') }),
      },
    ]
  }
  return options
}

function readRegions(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [region = '', size = ''] = part.split('=')
      if (!region || !/^\d+$/.test(size))
        throw new Error(`--regions has "${part}", which is not like eu-west-1=2000.`)
      return [region, Number(size)]
    }),
  )
}
