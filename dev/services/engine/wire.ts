/**
 * The little of MongoDB's wire protocol that the listener must understand: where a message ends, which command it
 * carries, and how a reply is framed. Everything inside a command is the engine's business.
 */

export const OP_QUERY = 2004
const OP_REPLY = 1
const OP_MSG = 2013
const HEADER = 16
const LARGEST_MESSAGE = 48_000_000
const LARGEST_DOCUMENT = 16 * 1024 * 1024 + 16 * 1024

/** A peer that breaks the protocol; its connection is dropped, nothing else. */
export class BadFrame extends Error {
  override readonly name = 'BadFrame'
}

/** Gives back whole messages from a stream of chunks, each copied once however small the chunks are. */
export class FrameReader {
  #chunks: Buffer[] = []
  #held = 0
  #wanted = 4

  push(chunk: Buffer): Buffer[] {
    const messages: Buffer[] = []
    this.#chunks.push(chunk)
    this.#held += chunk.length
    while (this.#held >= this.#wanted) {
      const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
      const length = bytes.readInt32LE(0)
      if (length < HEADER || length > LARGEST_MESSAGE) throw new BadFrame(`message length ${length}`)
      const whole = bytes.length >= length
      if (whole) messages.push(bytes.subarray(0, length))
      const rest = whole ? bytes.subarray(length) : bytes
      this.#chunks = rest.length ? [rest] : []
      this.#held = rest.length
      this.#wanted = whole ? 4 : length
    }
    return messages
  }
}

export interface Request {
  id: number
  command: string
  legacy: boolean
  /** The sender wants no reply. */
  silent: boolean
}

/** Refuses whatever does not add up, so that the engine only ever sees well-formed messages. */
export function readRequest(message: Buffer): Request {
  const id = message.readInt32LE(4)
  const opcode = message.readInt32LE(12)
  if (opcode === OP_MSG) {
    const { command, flags } = readMsg(message)
    return { id, command, legacy: false, silent: (flags & 2) !== 0 }
  }
  if (opcode === OP_QUERY) return { id, command: readQuery(message), legacy: true, silent: false }
  throw new BadFrame(`operation code ${opcode}`)
}

function readMsg(message: Buffer): { command: string; flags: number } {
  need(message, HEADER, 4)
  const flags = message.readUInt32LE(HEADER)
  if (flags & 0xfffd) throw new BadFrame(`flags ${flags.toString(16)}`)
  let at = HEADER + 4
  let command: string | undefined
  while (at < message.length) {
    const kind = message.readUInt8(at++)
    if (kind === 0) {
      if (command !== undefined) throw new BadFrame('two bodies')
      const end = documentEnd(message, at, message.length)
      command = firstKey(message, at, end)
      at = end
    } else if (kind === 1) at = sequenceEnd(message, at)
    else throw new BadFrame(`section kind ${kind}`)
  }
  if (command === undefined) throw new BadFrame('no body')
  return { command, flags }
}

function readQuery(message: Buffer): string {
  const name = stringEnd(message, HEADER + 4, message.length)
  const at = name + 8
  const end = documentEnd(message, at, message.length)
  if (end !== message.length) throw new BadFrame('bytes after the query')
  return firstKey(message, at, end)
}

function sequenceEnd(message: Buffer, at: number): number {
  need(message, at, 4)
  const end = at + message.readInt32LE(at)
  if (end > message.length || end < at + 5) throw new BadFrame('document sequence length')
  let document = stringEnd(message, at + 4, end)
  while (document < end) document = documentEnd(message, document, end)
  return end
}

function documentEnd(message: Buffer, at: number, limit: number): number {
  need(message, at, 5)
  const length = message.readInt32LE(at)
  const end = at + length
  if (length < 5 || length > LARGEST_DOCUMENT || end > limit || message[end - 1] !== 0)
    throw new BadFrame(`document length ${length}`)
  return end
}

function firstKey(message: Buffer, at: number, end: number): string {
  if (message[at + 4] === 0) return ''
  return message.toString('latin1', at + 5, stringEnd(message, at + 5, end) - 1)
}

function stringEnd(message: Buffer, at: number, limit: number): number {
  const zero = message.indexOf(0, at)
  if (zero < 0 || zero >= limit) throw new BadFrame('unterminated string')
  return zero + 1
}

function need(message: Buffer, at: number, bytes: number) {
  if (at + bytes > message.length) throw new BadFrame('message too short')
}

/** Frames a BSON document as the answer to a request. */
export function reply(request: Pick<Request, 'id' | 'legacy'>, replyId: number, body: Buffer): Buffer {
  const prefix = request.legacy ? 20 : 5
  const frame = Buffer.alloc(HEADER + prefix + body.length)
  frame.writeInt32LE(frame.length, 0)
  frame.writeInt32LE(replyId, 4)
  frame.writeInt32LE(request.id, 8)
  frame.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12)
  if (request.legacy) frame.writeInt32LE(1, HEADER + 16)
  body.copy(frame, HEADER + prefix)
  return frame
}
