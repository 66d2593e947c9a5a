declare module 's3rver' {
  import type { RequestListener } from 'node:http'

  /** The parts of the S3 server that tests use; it has no types of its own. */
  export default class S3rver {
    constructor(options: {
      directory: string
      silent: boolean
      vhostBuckets: boolean
      configureBuckets: { name: string }[]
    })
    configureBuckets(): Promise<unknown>
    callback(): RequestListener
    logger: { close(): void }
  }
}
