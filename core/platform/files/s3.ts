import { DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { finished, PassThrough, pipeline, type Readable } from 'node:stream'
import { CoreError } from '../errors.ts'
import { Counter } from './counter.ts'
import type { Bucket } from './place.ts'
import { assertKey, away, type FileStore, gone } from './store.ts'

export interface S3Credentials {
  accessKeyId: string
  secretAccessKey: string
}

/** Keeps files in a bucket of Amazon S3, or of any store that speaks as it does. */
export class S3Files implements FileStore {
  readonly place: string
  private readonly client: S3Client

  /** Without credentials, the SDK looks for them where it always does: environment, profile, role of the machine. */
  constructor(
    private readonly target: Bucket,
    credentials?: S3Credentials,
  ) {
    const { bucket, prefix, region, endpoint, pathStyle } = target
    this.place = `s3://${bucket}/${prefix} ${endpoint ? `at ${endpoint}` : `in ${region}`}`
    this.client = new S3Client({
      region,
      forcePathStyle: pathStyle,
      ...(endpoint && { endpoint }),
      ...(credentials && { credentials }),
      // Other stores do not know the newer checksums.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: new NodeHttpHandler({
        connectionTimeout: 3_000,
        requestTimeout: 30_000,
        socketTimeout: 30_000,
        throwOnRequestTimeout: true,
      }),
    })
  }

  async write(key: string, content: Readable, maxBytes: number): Promise<number> {
    const object = this.object(key)
    const counter = follow(content, maxBytes)
    try {
      // One part at a time: a second would wait for more of the content after the first has failed.
      await new Upload({ client: this.client, params: { ...object, Body: counter }, queueSize: 1 }).done()
    } catch (error) {
      throw counter.fault ?? named(error)
    } finally {
      content.unpipe(counter)
    }
    return counter.bytes
  }

  async read(key: string): Promise<Readable> {
    const object = this.object(key)
    try {
      const { Body } = await this.client.send(new GetObjectCommand(object))
      return relay(Body as Readable)
    } catch (error) {
      throw named(error)
    }
  }

  async remove(key: string): Promise<void> {
    const object = this.object(key)
    try {
      await this.client.send(new DeleteObjectCommand(object))
    } catch (error) {
      throw named(error)
    }
  }

  private object(key: string) {
    assertKey(key)
    return { Bucket: this.target.bucket, Key: `${this.target.prefix}${key}` }
  }
}

/** Breaks off with the content, but leaves it alone when the store fails: its sender is still to be answered. */
function follow(content: Readable, maxBytes: number): Counter {
  const counter = new Counter(maxBytes)
  // Whoever reads it learns of the error; it may come when nobody does any more.
  counter.on('error', () => undefined)
  finished(content, { writable: false }, (error) => error && counter.breakOff(error))
  return content.pipe(counter)
}

/** The same bytes, with errors that have a name. */
function relay(body: Readable): Readable {
  const named = new PassThrough()
  body.once('error', (error) => named.destroy(interrupted(error)))
  pipeline(body, named, () => undefined)
  return named
}

const interrupted = (error: unknown) => away('it broke off in the middle of a file.', error)

const refused = [
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AccessDenied',
  'Forbidden',
  'ExpiredToken',
  'CredentialsProviderError',
]

/** What an answer of the store means to us. */
function named(error: unknown): Error {
  if (error instanceof CoreError) return error
  const { name, code, $metadata } = error as Error & {
    code?: string
    $metadata?: { httpStatusCode?: number }
  }
  if (name === 'NoSuchKey') return gone()
  if (name === 'NoSuchBucket') return away('its bucket does not exist. FILES_URL names it.', error)
  if (refused.includes(name) || $metadata?.httpStatusCode === 403)
    return away(`it does not accept Maestro (${name}). Check FILES_ACCESS_KEY and FILES_SECRET_KEY.`, error)
  return away(`it does not answer as it should (${code ?? name}).`, error)
}
