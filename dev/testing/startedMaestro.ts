import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { projectRoot } from '../setup/projectRoot.ts'

/** `npm start` without its installing and building, as a process of its own. */
export function startMaestro(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(projectRoot, 'dist/dev/start.js'), ...args], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let said = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (said += chunk))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    child,
    ended,
    get said() {
      return said
    },
    /** The URL that it prints when everything is up. */
    async ready(): Promise<string> {
      const url = /Maestro is ready: (\S+)/
      const up = new Promise<string>((resolve) => {
        const look = () => url.test(said) && resolve(url.exec(said)![1]!)
        child.stdout!.on('data', look)
        look()
      })
      return Promise.race([
        up,
        ended.then((code) => Promise.reject(new Error(`ended with ${code}: ${said}`))),
      ])
    },
  }
}

/** Processes that carry the text in their arguments or environment. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => ['cmdline', 'environ'].some((file) => contentOf(`/proc/${pid}/${file}`).includes(text)))
    .map(Number)
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
