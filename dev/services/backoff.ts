const pauses = [1_000, 2_000, 5_000, 10_000, 30_000]
const LONG_ENOUGH = 60_000

/** Longer and longer pauses for what keeps dying; a life of a minute is forgiven. */
export class Backoff {
  #deaths = 0
  #since = Date.now()

  begun() {
    this.#since = Date.now()
  }

  next(): number {
    if (Date.now() - this.#since > LONG_ENOUGH) this.#deaths = 0
    return pauses[Math.min(this.#deaths++, pauses.length - 1)]!
  }
}
