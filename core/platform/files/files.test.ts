import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { s3Keys, startS3 } from '../../../dev/testing/s3.ts'
import { openFiles } from './open.ts'
import type { FileStore } from './store.ts'

const MiB = 1024 * 1024

interface Opened {
  files: FileStore
  /** Names of all that lies in the store. */
  stored(): string[]
}

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function openFolder(): Promise<Opened & { folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-files-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  const files = await openFiles({ FILES_URL: join(folder, 'files') })
  const stored = () =>
    existsSync(files.place)
      ? readdirSync(files.place, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ name }) => name)
      : []
  return { files, stored, folder }
}

const keys = { FILES_ACCESS_KEY: s3Keys.accessKeyId, FILES_SECRET_KEY: s3Keys.secretAccessKey }

async function openBucket() {
  const s3 = await startS3()
  closing.push(() => s3.close())
  const files = await openFiles({ FILES_URL: s3.url(), ...keys })
  return { files, stored: s3.stored, s3 }
}

/** So many bytes, in pieces as a network brings them. */
function* pieces(bytes: number) {
  for (let sent = 0; sent < bytes; sent += 64 * 1024)
    yield Buffer.alloc(Math.min(64 * 1024, bytes - sent), sent >> 16)
}

const stores: [string, () => Promise<Opened>][] = [
  ['a folder', openFolder],
  ['an S3 store', openBucket],
]

describe.each(stores)('%s', (_name, open) => {
  it.each([0, 1, 5 * MiB, 5 * MiB + 1, 12 * MiB + 7])(
    'gives back the %i bytes that it got',
    async (bytes) => {
      const { files } = await open()
      const sent = Buffer.concat([...pieces(bytes)])
      expect(await files.write('some/file-1', Readable.from(pieces(bytes)), 25 * MiB)).toBe(bytes)
      expect((await buffer(await files.read('some/file-1'))).equals(sent)).toBe(true)
    },
  )

  it('replaces a file in whole and forgets one that is removed', async () => {
    const { files, stored } = await open()
    await files.write('a/b', Readable.from([Buffer.from('the longer first')]), 100)
    await files.write('a/b', Readable.from([Buffer.from('second')]), 100)
    expect(await text(await files.read('a/b'))).toBe('second')
    expect(stored().length).toBeGreaterThan(0)
    await files.remove('a/b')
    await files.remove('a/b')
    await expect(files.read('a/b')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(stored()).toEqual([])
  })

  it.each([MiB, 11 * MiB])('keeps nothing of a file with more than %i bytes', async (max) => {
    const { files, stored } = await open()
    await expect(files.write('a', Readable.from(pieces(max + 1)), max)).rejects.toMatchObject({
      faults: [{ code: 'TOO_LONG' }],
    })
    expect(stored()).toEqual([])
    await expect(files.read('a')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it.each([MiB, 11 * MiB])('keeps nothing of a file that breaks off after %i bytes', async (bytes) => {
    const { files, stored } = await open()
    const broken = Readable.from(
      (function* () {
        yield* pieces(bytes)
        throw new Error('The sender has hung up.')
      })(),
    )
    await expect(files.write('a', broken, 25 * MiB)).rejects.toThrow('hung up')
    const silent = new PassThrough()
    silent.write('only a part')
    setTimeout(() => silent.destroy(), 20)
    await expect(files.write('a', silent, 25 * MiB)).rejects.toMatchObject({
      code: 'ERR_STREAM_PREMATURE_CLOSE',
    })
    expect(stored()).toEqual([])
  })

  it.each([
    '',
    '..',
    '../a',
    'a/../../b',
    '/a',
    'a//b',
    'a/',
    'a\0b',
    'a\n',
    'a.b',
    'ä',
    'a\\b',
    'x'.repeat(201),
  ])('has no file called %j', async (key) => {
    const { files, stored } = await open()
    await expect(files.write(key, Readable.from([Buffer.from('x')]), 10)).rejects.toThrow('is not a key')
    await expect(files.read(key)).rejects.toThrow('is not a key')
    await expect(files.remove(key)).rejects.toThrow('is not a key')
    expect(stored()).toEqual([])
  })
})

describe('a folder that does not work', () => {
  it('is a store that is away, not a mistake of Maestro', async () => {
    const { files, folder } = await openFolder()
    writeFileSync(join(folder, 'files'), 'a file where the folder should be')
    await expect(files.write('a', Readable.from(['x']), 10)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(files.read('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it.skipIf(process.getuid?.() === 0)('says so when it may not be written', async () => {
    const { files, folder } = await openFolder()
    chmodSync(folder, 0o500)
    await expect(files.write('a', Readable.from(['x']), 10)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})

describe('an S3 store that does not work', () => {
  it('is away for every call, and the content that it did not take is still there', async () => {
    const { files, s3 } = await openBucket()
    await s3.stop()
    const content = new PassThrough()
    content.write(Buffer.alloc(8 * MiB))
    for (const call of [
      () => files.write('a', Readable.from(['x']), 10),
      () => files.write('a', content, 25 * MiB),
      () => files.read('a'),
      () => files.remove('a'),
    ])
      await expect(call()).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('ECONNREFUSED'),
      })
    expect(content.destroyed).toBe(false)
  })

  it('breaks off a file in the middle by name', async () => {
    const { files, s3 } = await openBucket()
    await files.write('a', Readable.from(pieces(12 * MiB)), 25 * MiB)
    const content = await files.read('a')
    await s3.stop()
    await expect(buffer(content)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('says what is wrong with the bucket or the keys', async () => {
    const { s3 } = await openBucket()
    const elsewhere = await openFiles({ FILES_URL: s3.url('elsewhere'), ...keys })
    await expect(elsewhere.read('a')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('bucket does not exist'),
    })
    const stranger = await openFiles({ FILES_URL: s3.url(), FILES_ACCESS_KEY: 'A', FILES_SECRET_KEY: 'B' })
    await expect(stranger.write('a', Readable.from(['x']), 10)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('FILES_ACCESS_KEY'),
    })
  })

  it('is named without its keys', async () => {
    const { files } = await openBucket()
    expect(files.place).toContain('s3://maestro/some/where')
    expect(files.place).not.toContain(s3Keys.secretAccessKey)
  })
})
