import { createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Counter } from './counter.ts'
import { assertKey, away, type FileStore, gone } from './store.ts'

/** Keeps files in a folder; all processes of one installation must see the same one. */
export class DiskFiles implements FileStore {
  readonly place: string

  constructor(folder: string) {
    this.place = resolve(folder)
  }

  async write(key: string, content: Readable, maxBytes: number): Promise<number> {
    const path = this.path(key)
    const partial = `${path}.${process.pid}.${Date.now()}.partial`
    const counter = new Counter(maxBytes)
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await pipeline(content, counter, createWriteStream(partial, { mode: 0o600 }))
      await rename(partial, path)
    } catch (error) {
      await rm(partial, { force: true }).catch(() => undefined)
      throw named(error)
    }
    return counter.bytes
  }

  async read(key: string): Promise<Readable> {
    try {
      const file = await open(this.path(key))
      return file.createReadStream()
    } catch (error) {
      throw codeOf(error) === 'ENOENT' ? gone() : named(error)
    }
  }

  async remove(key: string): Promise<void> {
    try {
      await rm(this.path(key), { force: true })
    } catch (error) {
      throw named(error)
    }
  }

  private path(key: string): string {
    assertKey(key)
    return join(this.place, key)
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? ''

/** What is wrong with the folder, by name; what a sender did, such as hanging up, as it is. */
function named(error: unknown): unknown {
  const code = codeOf(error)
  if (/^(ENOSPC|EDQUOT)$/.test(code)) return away('its disk is full.', error)
  return /^(ENOENT|EACCES|EPERM|EROFS|EIO|ESTALE|ENOTDIR|EISDIR|EEXIST|EMFILE|ENFILE)$/.test(code)
    ? away(`its folder cannot be read or written (${code}).`, error)
    : error
}
