import { escapeXml } from './render.ts'
import type { Value } from './shelves.ts'

/**
 * A value as XML, without an element around it. Lists are written as EC2 (`item`) or the query services (`member`) do,
 * each element in one of the given name.
 */
export function xmlOf(value: Value, item: string): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map((one) => `<${item}>${xmlOf(one, item)}</${item}>`).join('')
  if (typeof value !== 'object') return escapeXml(String(value))
  return Object.entries(value)
    .filter(([, one]) => one !== null && one !== undefined)
    .map(([name, one]) => `<${name}>${xmlOf(one, item)}</${name}>`)
    .join('')
}
