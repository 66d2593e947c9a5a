import type { ObjectId } from 'mongodb'

/**
 * The things that a listing has contained, in 16 bytes each. Ids of discovered things are hashes, so their first eight
 * bytes tell them apart; if two ever agreed, a missing thing would count as seen, which does no harm.
 */
export class SeenIds {
  private slots = new BigUint64Array(1024)
  size = 0

  /** @returns false when it was there already */
  add(id: ObjectId): boolean {
    if (this.size * 2 >= this.slots.length) this.grow()
    const key = keyOf(id)
    const slot = this.slotOf(key)
    if (this.slots[slot] === key) return false
    this.slots[slot] = key
    this.size++
    return true
  }

  has(id: ObjectId): boolean {
    const key = keyOf(id)
    return this.slots[this.slotOf(key)] === key
  }

  /** Where the key is, or the empty slot where it would be. */
  private slotOf(key: bigint): number {
    const mask = this.slots.length - 1
    let slot = Number(key & 0xffffffffn) & mask
    while (this.slots[slot] !== 0n && this.slots[slot] !== key) slot = (slot + 1) & mask
    return slot
  }

  private grow() {
    const old = this.slots
    this.slots = new BigUint64Array(old.length * 2)
    for (const key of old) if (key) this.slots[this.slotOf(key)] = key
  }
}

/** Zero marks an empty slot. */
const keyOf = (id: ObjectId) => Buffer.from(id.id).readBigUInt64BE(0) || 1n
