import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'

/** The one pair of keys that the server knows. */
export const s3Keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }

export interface S3 {
  /** For `FILES_URL`. */
  url(bucket?: string): string
  /** Names of everything that lies in the bucket, parts of unfinished transfers included. */
  stored(): string[]
  /** Cuts every transfer and accepts no further one. */
  stop(): Promise<void>
  /** Is there again, under the same address, with everything in it. */
  start(): Promise<void>
  close(): Promise<void>
}

/** A store that speaks as Amazon S3 does, on loopback, in a folder of its own. */
export async function startS3(): Promise<S3> {
  const directory = mkdtempSync(join(tmpdir(), 'maestro-s3-'))
  const s3 = new S3rver({
    directory,
    silent: true,
    vhostBuckets: false,
    configureBuckets: [{ name: 'maestro' }],
  })
  await s3.configureBuckets()
  const server = createServer(withAbort(s3.callback(), join(directory, 'maestro', '._S3rver_uploads')))
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const stop = async () => {
    if (!server.listening) return
    const stopped = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await stopped
  }
  return {
    url: (bucket = 'maestro') => `s3://${bucket}/some/where?endpoint=http://127.0.0.1:${port}&pathStyle=true`,
    stored: () =>
      readdirSync(join(directory, 'maestro'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name),
    stop,
    start: () => listen(port),
    async close() {
      await stop()
      s3.logger.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Gives up a transfer in parts, which the server itself cannot. */
const withAbort =
  (serve: RequestListener, uploads: string): RequestListener =>
  (request, response) => {
    const id = /[?&]uploadId=([\w-]+)/.exec(request.url ?? '')?.[1]
    if (request.method !== 'DELETE' || !id) return serve(request, response)
    rmSync(join(uploads, id), { recursive: true, force: true })
    response.writeHead(204).end()
  }
