import { fieldText } from '#lib/assets/fieldText.ts'
import type { AssetFieldInfo } from '#lib/assets/kinds.svelte.ts'
import { ANYWHERE, needsValue, WORDS, type Condition } from './conditions.ts'
import { messages } from './messages.ts'

/** A chip in the words of its field: "environment is production or staging". */
export function chipText(
  condition: Condition,
  fields: AssetFieldInfo[],
  names: Record<string, string> = {},
): string {
  const { field: name, operator, values } = condition
  if (name === ANYWHERE) return `“${values[0]}” anywhere`
  if (name === 'tag') return `tag ${values[0]}`
  const field = fields.find((each) => each.name === name)
  const shown = values.map((value) => names[value] ?? (chipValue(field, value) || value)).join(messages.or)
  const label = (field?.label ?? name).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())
  return needsValue(operator) ? `${label} ${WORDS[operator]} ${shown}` : `${label} ${WORDS[operator]}`
}

const chipValue = (field: AssetFieldInfo | undefined, value: string) =>
  fieldText(field, field?.type === 'BOOLEAN' ? value === 'true' : value)
