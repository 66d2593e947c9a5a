import type { Step } from '../history/commit.ts'
import type { Fault } from '../platform/errors.ts'

/** What a part of a bulk edit comes to: how many things were looked at, the steps, and what is wrong with single ones. */
export interface Part {
  found: number
  steps: Step[]
  faults: Fault[]
}
