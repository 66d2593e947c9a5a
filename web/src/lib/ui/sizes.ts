import { count } from './numbers.ts'

const STEPS: [string, number][] = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
]

/** "1.4 GiB", with a narrow no-break space. */
export function size(bytes: number): string {
  const [unit, step] = STEPS.find(([, step]) => bytes >= step) ?? ['B', 1]
  const value = bytes / step
  return `${count(value < 10 ? Math.round(value * 10) / 10 : Math.round(value))}\u202f${unit}`
}
