import { Transform } from 'node:stream'
import { tooLarge } from './store.ts'

/** Lets bytes through and counts them; breaks off with a fault when there are too many. */
export class Counter extends Transform {
  bytes = 0
  /** What was wrong with the content, as opposed to whoever reads it. */
  fault: Error | null = null

  constructor(private readonly maxBytes: number) {
    super()
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error, chunk?: Buffer) => void,
  ) {
    this.bytes += chunk.length
    if (this.bytes <= this.maxBytes) return done(undefined, chunk)
    this.fault = tooLarge(this.maxBytes)
    done(this.fault)
  }

  breakOff(fault: Error) {
    this.fault ??= fault
    this.destroy(fault)
  }
}
