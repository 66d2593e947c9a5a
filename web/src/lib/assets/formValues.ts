import { localInput } from '#lib/ui/times.ts'
import type { AssetFieldInfo } from './kinds.svelte.ts'

/** One entry of a field with items: texts as typed, by the names of the item's fields. */
export type ItemValues = Record<string, string>

/** What a form holds: texts as typed, lists as lists, references by name. */
export type FormValues = Record<
  string,
  string | string[] | ItemValues[] | { id: string; name: string } | null
>

type Typed = Pick<AssetFieldInfo, 'name' | 'type'>

export function toForm(fields: AssetFieldInfo[], asset: Record<string, unknown> | null): FormValues {
  const values: FormValues = {}
  for (const field of fields) {
    if (!field.writable) continue
    const value = asset?.[field.name]
    if (field.type === 'LIST') values[field.name] = ((value as string[] | undefined) ?? []).map(String)
    else if (field.type === 'OBJECTS') values[field.name] = itemsToForm(field, value)
    else if (field.type === 'REFERENCE') values[field.name] = pointed(value)
    else if (value !== null && value !== undefined) values[field.name] = typed(field, value)
    // Something must be chosen here, so a new record begins with the usual choice.
    else values[field.name] = field.required && field.type === 'ENUM' ? (field.options?.[0] ?? '') : ''
  }
  return values
}

function itemsToForm(field: AssetFieldInfo, value: unknown): ItemValues[] {
  const items = (value as Record<string, unknown>[] | undefined) ?? []
  return items.map((item) =>
    Object.fromEntries(
      field.itemFields.map((each) => [
        each.name,
        item[each.name] === null || item[each.name] === undefined ? '' : typed(each, item[each.name]),
      ]),
    ),
  )
}

function pointed(value: unknown): { id: string; name: string } | null {
  if (!value || typeof value !== 'object') return null
  const { id, name } = value as { id: string; name: string }
  return { id, name }
}

/** A value as a person would type it; a moment to the minute, in the reader's zone. */
function typed(field: Typed, value: unknown): string {
  if (field.type !== 'DATE') return String(value)
  return localInput(String(value))
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Only what the person changed, in the types of the API; an emptied field becomes null, which clears it. Of a new record, everything given. */
export function toInput(
  fields: AssetFieldInfo[],
  values: FormValues,
  before: FormValues | null,
): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const field of fields) {
    const value = values[field.name]
    const given =
      value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && !value.length)
    if (before ? same(value, before[field.name]) : !given) continue
    input[field.name] = sent(field, value ?? null)
  }
  return input
}

function sent(field: AssetFieldInfo, value: FormValues[string]): unknown {
  if (value === null || value === '') return null
  if (field.type === 'OBJECTS') return (value as ItemValues[]).flatMap((item) => itemSent(field, item) ?? [])
  if (field.type === 'REFERENCE') return (value as { id: string }).id
  return typeof value === 'string' ? plainSent(field, value) : value
}

/** An entry in which nothing was written was never meant; a text that an entry needs may be empty, as a tag's value. */
function itemSent(field: AssetFieldInfo, item: ItemValues): Record<string, unknown> | null {
  const given = field.itemFields.filter(({ name }) => item[name]?.trim())
  if (!given.length) return null
  const needed = field.itemFields.filter((each) => each.required && each.type === 'TEXT')
  return {
    ...Object.fromEntries(needed.map(({ name }) => [name, ''])),
    ...Object.fromEntries(given.map((each) => [each.name, plainSent(each, item[each.name]!)])),
  }
}

function plainSent(field: Typed, value: string): unknown {
  switch (field.type) {
    case 'NUMBER':
      return Number(value)
    case 'BOOLEAN':
      return value === 'true'
    case 'DATE':
      return new Date(value).toISOString()
    default:
      return value.trim()
  }
}

/** What is wrong with a field as typed, or null. */
export function fault(field: AssetFieldInfo, value: FormValues[string]): string | null {
  if (field.required && (value === '' || value === null)) return `${field.label} is needed.`
  if (field.type === 'NUMBER' && value !== '' && !Number.isFinite(Number(value)))
    return `${field.label} must be a number.`
  if (field.maxLength && typeof value === 'string' && value.length > field.maxLength) {
    return `${field.label} may have at most ${field.maxLength} characters; this has ${value.length}.`
  }
  if (field.type === 'OBJECTS') return faultInItems(field, (value ?? []) as ItemValues[])
  return null
}

function faultInItems(field: AssetFieldInfo, items: ItemValues[]): string | null {
  for (const [i, item] of items.entries()) {
    if (!Object.values(item).some((text) => text.trim())) continue
    for (const each of field.itemFields) {
      const text = item[each.name] ?? ''
      if (each.required && each.name !== 'value' && !text.trim())
        return `Entry ${i + 1} needs ${each.label.toLowerCase()}.`
      if (each.type === 'NUMBER' && text.trim() && !Number.isFinite(Number(text)))
        return `${each.label} of entry ${i + 1} must be a number.`
    }
  }
  return null
}
