import { escapeXml } from '../render.ts'
import type { Value } from '../shelves.ts'

/** Names of the elements of lists, by the name of the list or, where that is not enough, by `Parent.List`. */
export type ItemNames = Record<string, string>

/** A value as XML, without an element around it; elements of a list that has no name here are called `member`. */
export function elementsOf(value: Value, names: ItemNames, name = '', parent = ''): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) {
    const item = names[`${parent}.${name}`] ?? names[name] ?? 'member'
    return value.map((one) => `<${item}>${elementsOf(one, names, item, name)}</${item}>`).join('')
  }
  if (typeof value !== 'object') return escapeXml(String(value))
  return Object.entries(value)
    .filter(([, one]) => one !== null && one !== undefined)
    .map(([key, one]) => `<${key}>${elementsOf(one, names, key, name)}</${key}>`)
    .join('')
}
