import type { Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import { unreadable } from './sourceTable.ts'

const marks: [string, number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/**
 * The text of a file in UTF-8, or in UTF-16 with a byte order mark; the mark itself is left out.
 *
 * @throws UserFault that names the line when it is in another encoding, or no text at all
 */
export async function* decoded(bytes: Readable): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let line = 1
  for await (const chunk of startingWhole(bytes)) {
    decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
    const text = decode(decoder, chunk, line)
    if (text.includes('\0'))
      throw unreadable(
        `Line ${line + linesIn(text.slice(0, text.indexOf('\0')))} holds what is not text. ${remedy}`,
      )
    line += linesIn(text)
    if (text) yield text
  }
  if (decoder) yield decode(decoder, undefined, line)
}

const remedy = 'Save the file as "CSV UTF-8" and try again.'

function decode(decoder: TextDecoder, chunk: Buffer | undefined, line: number): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined })
  } catch {
    const before = chunk ? chunk.subarray(0, firstFault(chunk)).toString('latin1') : ''
    throw unreadable(
      `The file is not in ${decoder.encoding.toUpperCase()}: line ${line + linesIn(before)} cannot be read. It may be in Windows-1252. ${remedy}`,
    )
  }
}

/** Where a chunk stops to be UTF-8, by halving it. */
function firstFault(chunk: Buffer): number {
  let [good, bad] = [0, chunk.length]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(chunk.subarray(0, middle), { stream: true })
      good = middle
    } catch {
      bad = middle
    }
  }
  return good
}

const linesIn = (text: string) => text.split('\n').length - 1

const encodingOf = (start: Buffer) =>
  marks.find(([, mark]) => mark.every((byte, position) => start[position] === byte))?.[0] ?? 'utf-8'

/** The chunks, with enough in the first to see the mark. */
async function* startingWhole(bytes: Readable): AsyncGenerator<Buffer> {
  let start: Buffer | null = Buffer.alloc(0)
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    if (!start) yield chunk
    else {
      start = Buffer.concat([start, chunk])
      if (start.length < 3) continue
      yield start
      start = null
    }
  }
  if (start?.length) yield start
}
