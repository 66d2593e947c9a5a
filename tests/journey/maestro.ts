import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { build, isFresh, parts } from '../../dev/build.mjs'
import { projectRoot } from '../../dev/setup/projectRoot.ts'

export interface Maestro {
  url: string
  /** As if the machine had lost it. */
  killApi(): Promise<void>
  startApi(): Promise<void>
  stop(): Promise<void>
}

/** The real thing: the built web app, the API and a worker as processes of their own, on the services of the test run. */
export async function startMaestro(settings: Record<string, string> = {}): Promise<Maestro> {
  if (!isFresh(parts.web)) {
    const faults = await build(parts.web)
    if (faults) throw new Error(`The web app cannot be built:\n${faults}`)
  }
  const files = mkdtempSync(join(tmpdir(), 'maestro-journey-'))
  const environment = {
    MONGODB_URI: inject('mongoUri'),
    MONGODB_DATABASE: `journey_${randomBytes(6).toString('hex')}`,
    REDIS_URL: inject('redisUrl'),
    SESSION_SECRET: randomBytes(32).toString('hex'),
    SECRETS_KEY: randomBytes(32).toString('base64'),
    FILES_URL: join(files, 'files'),
    MAIL_DIR: join(files, 'mail'),
    WEB_DIR: join(projectRoot, 'web/build'),
    ALLOW_LOOPBACK_ENDPOINTS: 'true',
    LOG_LEVEL: 'error',
    ...settings,
  }
  let api = await start('api', { ...environment, PORT: '0' })
  const url = api.url!
  const worker = await start('workers', environment)
  return {
    url,
    killApi: () => end(api.child, 'SIGKILL'),
    async startApi() {
      api = await start('api', { ...environment, PORT: new URL(url).port })
    },
    async stop() {
      await Promise.all([end(api.child, 'SIGTERM'), end(worker.child, 'SIGTERM')])
      rmSync(files, { recursive: true, force: true })
    },
  }
}

async function start(room: 'api' | 'workers', environment: Record<string, string>) {
  const child = fork(join(projectRoot, 'dist', room, 'main.js'), {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const url = await new Promise<string | undefined>((resolve, reject) => {
    child.once('message', (message: { url?: string }) => resolve(message.url))
    child.once('exit', (code) => reject(new Error(`${room} ended with code ${code} before it was ready.`)))
  })
  return { child, url }
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}
