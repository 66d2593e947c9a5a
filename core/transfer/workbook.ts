import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Entry, open as openZip, type ZipFile } from 'yauzl'
import { UserFault } from '../platform/errors.ts'
import { type OpenFile, unreadable } from './sourceTable.ts'

/** The packed files of a workbook, each read as a stream and never further than a cap. */
export interface Workbook {
  has(path: string): boolean
  /** @throws UserFault once more than `maxBytes` come out, whatever the file says of its size */
  read(path: string, maxBytes: number): AsyncGenerator<Buffer>
  close(): Promise<void>
}

const maxEntries = 2000

/** A zip has its table of contents at the end, so it is laid on the disk first. */
export async function openWorkbook(open: OpenFile): Promise<Workbook> {
  const folder = await mkdtemp(join(tmpdir(), 'maestro-workbook-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const path = join(folder, 'workbook')
    await pipeline(await open(), createWriteStream(path, { mode: 0o600 }))
    const zip = await opened(path)
    const entries = await entriesOf(zip)
    return {
      has: (name) => entries.has(name),
      read: (name, maxBytes) => contentOf(zip, name, entries.get(name), maxBytes),
      async close() {
        zip.close()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

const noWorkbook = (why: string) =>
  unreadable(
    `This is not a workbook in the format XLSX: ${why}. Save it as "Excel workbook (.xlsx)" and try again.`,
  )

const opened = (path: string) =>
  new Promise<ZipFile>((resolve, reject) =>
    openZip(path, { lazyEntries: true, autoClose: false }, (error, zip) =>
      error ? reject(noWorkbook(error.message)) : resolve(zip),
    ),
  )

function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      zip.close()
      reject(noWorkbook(why))
    }
    zip.on('error', (error: Error) => fail(error.message))
    zip.on('end', () => resolve(entries))
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry)
      if (entries.size > maxEntries) fail('it packs too many files')
      else zip.readEntry()
    })
    zip.readEntry()
  })
}

async function* contentOf(
  zip: ZipFile,
  name: string,
  entry: Entry | undefined,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  if (!entry) throw noWorkbook(`it has no ${name}`)
  const tooLarge = () =>
    unreadable(
      `The workbook unpacks to more than ${Math.round(maxBytes / 1024 / 1024)} MiB (${name}); that is not read. Split it, or save it as CSV.`,
    )
  if (entry.uncompressedSize > maxBytes) throw tooLarge()
  const stream = await new Promise<Readable>((resolve, reject) =>
    zip.openReadStream(entry, (error, content) =>
      error ? reject(noWorkbook(error.message)) : resolve(content),
    ),
  )
  let bytes = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxBytes) throw tooLarge()
      yield chunk
    }
  } catch (error) {
    throw error instanceof UserFault ? error : noWorkbook((error as Error).message)
  } finally {
    stream.destroy()
  }
}
