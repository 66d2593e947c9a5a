import type { Bench } from './bench.ts'

/** One thing that is measured, by its name on the command line. */
export interface Workload {
  name: string
  description: string
  run(bench: Bench): Promise<void>
}

/** A measurement and what it is held against; exactly one of `atMost` and `atLeast`. */
export interface Measurement {
  measure: string
  value: number
  unit: string
  atMost?: number
  atLeast?: number
  /** What it was measured against, in the same run. */
  floor: string
  detail: Record<string, unknown>
}

/** One line of the output. */
export function resultLine(
  workload: string,
  { measure, value, unit, atMost, atLeast, floor, detail }: Measurement,
) {
  const holds = atMost !== undefined ? value <= atMost : value >= atLeast!
  const target = atMost !== undefined ? `≤ ${atMost}` : `≥ ${atLeast}`
  return { workload, measure, value: rounded(value), unit, target, holds, floor, detail }
}

export const rounded = (value: number) => Math.round(value * 1000) / 1000

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
