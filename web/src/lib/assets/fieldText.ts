import { count } from '#lib/ui/numbers.ts'
import type { FieldType } from '#lib/list/conditions.ts'

/** Names that are not written as the words of a sentence. */
const SPELT: Record<string, string> = {
  CI_CD: 'CI/CD',
  CDN: 'CDN',
  DNS: 'DNS',
  NAS: 'NAS',
  SMTP: 'SMTP',
  VPN: 'VPN',
  API_GATEWAY: 'API gateway',
  VPN_GATEWAY: 'VPN gateway',
  NAT_GATEWAY: 'NAT gateway',
  MYSQL: 'MySQL',
  ORACLE: 'Oracle',
}

/** ACTIVE → Active, IN_USE → In use. */
export function words(constant: string): string {
  if (SPELT[constant]) return SPELT[constant]
  const text = constant.replaceAll('_', ' ').toLowerCase()
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** "2026-11-23" stays a day; a moment is shown in the reader's zone. */
function moment(value: string): string {
  const date = new Date(value)
  return Number.isNaN(date.getTime())
    ? value
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join(', ')
  if (value && typeof value === 'object') {
    const { key, name, value: inner } = value as Record<string, unknown>
    if (key !== undefined) return inner ? `${plain(key)}=${plain(inner)}` : plain(key)
    if (typeof name === 'string') return name
    return JSON.stringify(value)
  }
  return String(value)
}

/** A value in the words and units of its field; an empty string when there is none. */
export function fieldText(
  field: { type: FieldType; unit: string | null } | undefined,
  value: unknown,
): string {
  if (value === null || value === undefined || value === '') return ''
  if (Array.isArray(value) && !value.length) return ''
  if (!field) return plain(value)
  switch (field.type) {
    case 'ENUM':
      return words(String(value))
    case 'NUMBER':
      return field.unit ? `${count(Number(value))} ${field.unit}` : count(Number(value))
    case 'DATE':
      return moment(String(value))
    case 'BOOLEAN':
      return value ? 'Yes' : 'No'
    default:
      return plain(value)
  }
}

/** Addresses, ids and keys are compared letter by letter, so they are set in the monospace face. */
export function isCode(field: { type: FieldType; name: string }): boolean {
  return (
    field.type === 'ADDRESS' ||
    /(Id|Addresses|Kernel)$|^dns|^hostname$|^keyName$|^instanceType$|^securityGroups$|^cidrs$|^endpoint$|^apiName$|^device$/.test(
      field.name,
    )
  )
}
