import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { build, isFresh, parts } from '../build.mjs'
import { startServices, type Services } from '../services/services.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A MongoDB for the whole run; each test file takes a database name of its own. */
    mongoUri: string
    /** A Redis for the whole run; each test file takes a key prefix of its own. */
    redisUrl: string
  }
}

interface Shared {
  users: number
  services: Promise<{ services: Services; folder: string }>
}

/** Several projects run in one process and share one set of services. */
const holder = globalThis as { maestroTestServices?: Shared }

export default async function setup(project: TestProject) {
  const shared = (holder.maestroTestServices ??= { users: 0, services: start() })
  shared.users++
  const { services, folder } = await shared.services
  project.provide('mongoUri', services.mongoUri)
  project.provide('redisUrl', services.redisUrl)
  return async () => {
    if (--shared.users > 0) return
    holder.maestroTestServices = undefined
    await services.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function start() {
  await buildServer()
  const folder = mkdtempSync(join(tmpdir(), 'maestro-test-'))
  const services = await startServices({
    dataDir: folder,
    mongoUri: process.env.TEST_MONGODB_URI,
    redisUrl: process.env.TEST_REDIS_URL,
    say: console.log,
  })
  return { services, folder }
}

/** Some tests start the compiled workers. A type error is for the check to report, so it does not stop the tests. */
async function buildServer() {
  if (isFresh(parts.server)) return
  const said = await build(parts.server)
  if (said) console.warn(`The server was built with faults:\n${said}`)
}
