import { checkText, type Faults } from '../../accounts/fields.ts'

/** A text that may not be absent, trimmed. */
export function needText(
  faults: Faults,
  field: string,
  given: string | null | undefined,
  most: number,
): string {
  const text = checkText(faults, field, given ?? null, most)
  faults.expect(text !== null, 'REQUIRED', field, 'Please write something here.')
  return text ?? ''
}

/** Several texts, each once; empty ones are left out. */
export function readList(
  faults: Faults,
  field: string,
  given: readonly string[],
  most: number,
  length: number,
): string[] {
  const texts = given.flatMap((one) => checkText(faults, field, one, length) ?? [])
  const once = [...new Set(texts)]
  faults.expect(once.length <= most, 'LIMIT_REACHED', field, `There may be ${most} of these at most.`)
  return once
}
