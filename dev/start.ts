/** Starts everything on one machine, keeps it running, and stops it in order. Built first by dev/start.mjs. */
import { join, relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { demoEndpoint, fillDemo } from './demo.ts'
import { assertPortIsFree } from './portIsFree.ts'
import { Backoff } from './services/backoff.ts'
import type { Service } from './services/service.ts'
import { startServices } from './services/services.ts'
import { compiled, supervised, type Supervised } from './services/supervised.ts'
import { Problem } from './setup/problem.ts'
import { projectRoot } from './setup/projectRoot.ts'
import { readOptions, usage, type StartOptions } from './startOptions.ts'
import { startSecrets, type StartSecrets } from './startSecrets.ts'

const say = (line: string) => console.log(`  ${line}`)

/** In the order of starting; stopped from the end. */
const running: { stop(): Promise<void>; hurry?(): void }[] = []
let stopping: Promise<void> | undefined

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, askedToStop)
process.on('disconnect', askedToStop)

try {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options) await start(options)
  else {
    console.log(usage)
    process.exit(0)
  }
} catch (error) {
  const known = error instanceof Problem
  if (!stopping) process.stderr.write(`\n  ${known ? error.message : ((error as Error).stack ?? error)}\n\n`)
  await stopAll()
  process.exit(1)
}

async function start(options: StartOptions) {
  const { host, port, dataDir, demo } = options
  let secrets!: StartSecrets
  const services = await startServices({
    dataDir,
    mongoUri: process.env.MONGODB_URI || undefined,
    redisUrl: process.env.REDIS_URL || undefined,
    say: (line) => say(`${line} …`),
    async opened() {
      await assertPortIsFree(host, port)
      secrets = startSecrets(dataDir)
    },
  })
  running.push(services)
  if (stopping) return stopNow()
  keepRunning('The database engine', services.engine)
  keepRunning('Redis', services.redis)

  const env = {
    ...process.env,
    ...environment(options, secrets),
    MONGODB_URI: services.mongoUri,
    REDIS_URL: services.redisUrl,
  }
  const ours = (name: string, entry: string, log: string, args?: string[]) =>
    begin({ name, entry: compiled(entry), args, env, say, log: join(dataDir, 'logs', log) })
  const [api, cloud] = await together([
    ours('The API', 'api/main.js', 'api.log'),
    demo
      ? demoEndpoint((args) => ours('The demo cloud', 'dev/emulators/aws/main.js', 'cloud.log', args))
      : undefined,
    ours('The worker', 'workers/main.js', 'workers.log'),
  ])
  const url = api.url ?? `http://${host}:${port}`
  if (cloud) await fillDemo(url, cloud, secrets.demoPassword, say)
  console.log(`\n  Maestro is ready: ${url}\n`)
  say(`Data in ${relative(projectRoot, dataDir) || dataDir}. Ctrl-C stops everything.\n`)
}

/** Like Promise.all, but what fails does not leave the others half started. */
async function together<T extends unknown[]>(starts: [...T]): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(starts)
  return Promise.all(starts)
}

/** What was started while a stop was asked for is stopped as well. */
async function begin(options: Parameters<typeof supervised>[0]): Promise<Supervised> {
  const process = await supervised(options)
  running.push(process)
  if (stopping) await stopNow()
  return process
}

function environment({ host, port, dataDir, demo }: StartOptions, secrets: StartSecrets) {
  const { SESSION_SECRET, SECRETS_KEY, FILES_URL, MAIL_DIR, IMPORT_DIR, ALLOW_LOOPBACK_ENDPOINTS } =
    process.env
  return {
    NODE_ENV: process.env.NODE_ENV ?? 'production',
    HOST: host,
    PORT: String(port),
    SESSION_SECRET: SESSION_SECRET || secrets.SESSION_SECRET,
    SECRETS_KEY: SECRETS_KEY || secrets.SECRETS_KEY,
    FILES_URL: FILES_URL || join(dataDir, 'files'),
    MAIL_DIR: MAIL_DIR || join(dataDir, 'mail'),
    IMPORT_DIR: IMPORT_DIR || join(dataDir, 'import'),
    WEB_DIR: process.env.WEB_DIR || join(projectRoot, 'web/build'),
    ALLOW_LOOPBACK_ENDPOINTS: ALLOW_LOOPBACK_ENDPOINTS || String(demo),
  }
}

function keepRunning(name: string, service: Service | undefined) {
  const backoff = new Backoff()
  service?.onCrash(async () => {
    while (!stopping) {
      const pause = backoff.next()
      say(`${name} ended by itself and is started again in ${pause / 1000} s. What it acknowledged is kept.`)
      await delay(pause)
      if (stopping) return
      const fault = await service.restart().then(
        () => undefined,
        (error: Error) => error,
      )
      backoff.begun()
      if (!fault) return
      say(fault.message)
    }
  })
}

function askedToStop() {
  if (stopping) {
    for (const each of running) each.hurry?.()
    return
  }
  console.log('\n  Stopping …')
  void stopNow()
}

async function stopNow() {
  await stopAll()
  process.exit(0)
}

function stopAll(): Promise<void> {
  return (stopping = (stopping ?? Promise.resolve()).then(async () => {
    for (let last = running.pop(); last; last = running.pop()) await last.stop()
  }))
}
