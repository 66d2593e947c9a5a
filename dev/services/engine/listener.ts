import { BSON } from 'mongodb'
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { allowed } from './allowed.ts'
import { FrameReader, readRequest, reply } from './wire.ts'

/** The one method of the embedded engine that the listener uses. */
export interface RoundTrips {
  roundTrip(message: Buffer): Promise<{ moreToCome: boolean; response: Buffer }>
}

/** A socket in front of the engine that lets through what is on the allow-list and is well formed. */
export class Listener {
  readonly #engine: RoundTrips
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #inFlight = 0
  #replies = 0
  #draining = false

  constructor(engine: RoundTrips) {
    this.#engine = engine
    this.#server = createServer((socket) => this.#serve(socket))
  }

  /** The socket can be opened by its owner alone from the moment it exists. */
  async listen(path: string): Promise<void> {
    rmSync(path, { force: true })
    const before = process.umask(0o177)
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject).listen(path, resolve)
      })
      chmodSync(path, 0o600)
    } finally {
      process.umask(before)
    }
  }

  /** Lets the commands in flight finish for a while, then drops what is left. */
  async close(patienceMs: number): Promise<void> {
    this.#draining = true
    this.#server.close()
    const deadline = Date.now() + patienceMs
    while (this.#inFlight > 0 && Date.now() < deadline) await delay(20)
    for (const socket of this.#sockets) socket.destroy()
  }

  #serve(socket: Socket) {
    const frames = new FrameReader()
    let turn = Promise.resolve()
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      try {
        for (const message of frames.push(chunk))
          turn = turn.then(() => this.#answer(socket, message)).catch(() => void socket.destroy())
      } catch {
        socket.destroy()
      }
    })
  }

  async #answer(socket: Socket, message: Buffer) {
    if (this.#draining || socket.destroyed) return
    const request = readRequest(message)
    this.#inFlight++
    try {
      const { response, moreToCome } = allowed.has(request.command)
        ? await this.#engine.roundTrip(message)
        : { response: refusal(request.command), moreToCome: request.silent }
      if (!moreToCome && !socket.destroyed) socket.write(reply(request, ++this.#replies, response))
    } finally {
      this.#inFlight--
    }
  }
}

function refusal(command: string): Buffer {
  const errmsg = `no such command: '${command.slice(0, 80)}' is not open to clients of the embedded engine`
  return Buffer.from(BSON.serialize({ ok: 0, errmsg, code: 59, codeName: 'CommandNotFound' }))
}
