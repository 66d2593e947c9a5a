import type { AssetFieldInfo } from './kinds.svelte.ts'

/** What a form holds: texts as typed, lists as lists. */
export type FormValues = Record<
  string,
  string | string[] | { key: string; value: string }[] | { id: string; name: string } | null
>

export function toForm(fields: AssetFieldInfo[], asset: Record<string, unknown> | null): FormValues {
  const values: FormValues = {}
  for (const field of fields) {
    if (!field.writable) continue
    const value = asset?.[field.name]
    if (field.type === 'LIST') values[field.name] = ((value as string[] | undefined) ?? []).map(String)
    else if (value !== null && value !== undefined) values[field.name] = String(value)
    // Something must be chosen here, so a new record begins with the usual choice.
    else values[field.name] = field.required && field.type === 'ENUM' ? (field.options?.[0] ?? '') : ''
  }
  values.tags = ((asset?.tags as { key: string; value: string }[] | undefined) ?? []).map(
    ({ key, value }) => ({ key, value }),
  )
  return values
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Only what the person changed, in the types of the API; an emptied field becomes null, which clears it. Of a new record, everything given. */
export function toInput(
  fields: AssetFieldInfo[],
  values: FormValues,
  before: FormValues | null,
): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    const given = value !== null && value !== '' && !(Array.isArray(value) && !value.length)
    if (before ? same(value, before[name]) : !given) continue
    const field = fields.find((each) => each.name === name)
    if (name === 'tags')
      input.tags = (value as { key: string; value: string }[]).filter(({ key }) => key.trim())
    else if (value && typeof value === 'object' && !Array.isArray(value)) input[name] = value.id
    else if (value === null || value === '') input[name] = null
    else if (field?.type === 'NUMBER') input[name] = Number(value)
    else input[name] = typeof value === 'string' ? value.trim() : value
  }
  return input
}

/** What is wrong with a field as typed, or null. */
export function fault(field: AssetFieldInfo, value: FormValues[string]): string | null {
  if (field.required && (value === '' || value === null)) return `${field.label} is needed.`
  if (field.type === 'NUMBER' && value !== '' && !Number.isFinite(Number(value)))
    return `${field.label} must be a number.`
  if (field.maxLength && typeof value === 'string' && value.length > field.maxLength) {
    return `${field.label} may have at most ${field.maxLength} characters; this has ${value.length}.`
  }
  return null
}
