import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '../setup/problem.ts'

/** A socket's path may have 107 bytes; `/redis.sock` and a margin are taken off. */
const LONGEST = 90

/** Inside the data folder where the path is short enough, else in a private folder that its path determines. */
export function socketFolder(dataDir: string): string {
  const inside = join(dataDir, 'run')
  if (Buffer.byteLength(inside) <= LONGEST) {
    mkdirSync(inside, { recursive: true, mode: 0o700 })
    return inside
  }
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  const outside = join(tmpdir(), `maestro-${process.getuid?.() ?? 0}-${name}`)
  mkdirSync(outside, { recursive: true, mode: 0o700 })
  const { uid, mode } = lstatSync(outside)
  if (uid !== process.getuid?.() || mode & 0o077)
    throw new Problem(
      `${outside} belongs to somebody else. Remove it, or choose a shorter data folder with --data.`,
    )
  return outside
}
