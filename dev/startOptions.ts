import { isAbsolute, join } from 'node:path'
import { parseArgs } from 'node:util'
import { Problem } from './setup/problem.ts'
import { projectRoot } from './setup/projectRoot.ts'

export interface StartOptions {
  host: string
  port: number
  dataDir: string
  demo: boolean
}

export const usage = `Starts Maestro on this machine, with everything it needs.

  npm start -- [--port 4000] [--data .data/main]
  npm run demo -- [--port 4000] [--data .data/demo]

  HOST, PORT and DATA_DIR say the same in the environment. MONGODB_URI and REDIS_URL, where given,
  are used instead of the embedded MongoDB engine and the private Redis.
`

/** Undefined when only the usage was asked for. */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): StartOptions | undefined {
  const { values } = parse(args)
  if (values.help) return undefined
  const port = values.port ?? (env.PORT || '4000')
  if (!/^\d+$/.test(port) || Number(port) > 65535)
    throw new Problem(`"${port}" is not a port; give a number up to 65535. Nothing was started.`)
  const data = values.data ?? (env.DATA_DIR || (values.demo ? '.data/demo' : '.data/main'))
  return {
    host: env.HOST || '127.0.0.1',
    port: Number(port),
    dataDir: isAbsolute(data) ? data : join(projectRoot, data),
    demo: values.demo ?? false,
  }
}

function parse(args: string[]) {
  const options = {
    port: { type: 'string' },
    data: { type: 'string' },
    demo: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const
  try {
    return parseArgs({ args, options })
  } catch (error) {
    throw new Problem(`${(error as Error).message}. Nothing was started.\n\n${usage}`)
  }
}
