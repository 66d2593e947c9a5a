import type { Readable } from 'node:stream'
import { fault, NotFound, Unavailable } from '../errors.ts'

/** Where files lie. Keys are made by us, never by a caller. */
export interface FileStore {
  /** For whoever runs the installation; holds no credentials. */
  readonly place: string
  /**
   * Streams to the store; a file that is broken off or too large leaves nothing behind.
   *
   * @throws UserFault with TOO_LONG when there are more than `maxBytes`
   * @throws Unavailable when the store cannot be written
   */
  write(key: string, content: Readable, maxBytes: number): Promise<number>
  /**
   * Answers once the file is open; what goes wrong later is an error of the stream.
   *
   * @throws NotFound when there is no such file
   * @throws Unavailable when the store cannot be read
   */
  read(key: string): Promise<Readable>
  /** A file that is not there is as good as removed. */
  remove(key: string): Promise<void>
}

/** Words with slashes between them: no dots, so a key cannot climb out of the store. */
export const isKey = (text: string): boolean => text.length <= 200 && /^[\w-]+(\/[\w-]+)*$/.test(text)

export function assertKey(key: string) {
  if (!isKey(key)) throw new Error(`"${key}" is not a key of the file store.`)
}

export const tooLarge = (maxBytes: number) =>
  fault(
    'TOO_LONG',
    null,
    `The file is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB, the most that can be uploaded. Nothing was kept.`,
  )

export const gone = () => new NotFound('file')

/** The sentence is for a person; the cause is for the log. */
export const away = (why: string, cause: unknown) =>
  new Unavailable(`The file store cannot be used at the moment: ${why}`, { cause })
