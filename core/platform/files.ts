import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fault } from './errors.ts'

/** Where uploaded files lie. Keys are made by us, never by a caller. */
export interface FileStore {
  /**
   * Streams to the store; a file that is broken off or too large leaves nothing behind.
   *
   * @throws UserFault with TOO_LONG when there are more than `maxBytes`
   */
  write(key: string, content: Readable, maxBytes: number): Promise<number>
  read(key: string): Readable
  remove(key: string): Promise<void>
}

/** Keeps files in a folder; all processes of one installation must see the same one. */
export class DiskFiles implements FileStore {
  constructor(private readonly folder: string) {}

  async write(key: string, content: Readable, maxBytes: number): Promise<number> {
    const path = this.path(key)
    const partial = `${path}.${process.pid}.${Date.now()}.partial`
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const counter = new Counter(maxBytes)
    try {
      await pipeline(content, counter, createWriteStream(partial, { mode: 0o600 }))
      await rename(partial, path)
    } catch (error) {
      await rm(partial, { force: true })
      throw error
    }
    return counter.bytes
  }

  read(key: string): Readable {
    return createReadStream(this.path(key))
  }

  async remove(key: string): Promise<void> {
    await rm(this.path(key), { force: true })
  }

  private path(key: string): string {
    if (!/^[\w-]+(\/[\w-]+)*$/.test(key)) throw new Error(`"${key}" is not a key of the file store.`)
    return join(resolve(this.folder), key)
  }
}

class Counter extends Transform {
  bytes = 0

  constructor(private readonly maxBytes: number) {
    super()
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error, chunk?: Buffer) => void,
  ) {
    this.bytes += chunk.length
    if (this.bytes > this.maxBytes) done(tooLarge(this.maxBytes))
    else done(undefined, chunk)
  }
}

export const tooLarge = (maxBytes: number) =>
  fault(
    'TOO_LONG',
    null,
    `The file is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB, the most that can be uploaded. Nothing was kept.`,
  )
