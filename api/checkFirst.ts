import { BadInput } from '../core/platform/errors.ts'

const maxFirst = 100

/** How many rows a plain list is asked for. */
export function checkFirst(first: number | null): number {
  if (first === null) return 10
  if (first >= 1 && first <= maxFirst) return first
  throw new BadInput(`"first" must be a number from 1 to ${maxFirst}.`)
}
