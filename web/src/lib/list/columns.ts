import type { AssetFieldInfo } from '#lib/assets/kinds.svelte.ts'

/** One column that a list can show: a field of the kind, or a fact about the record itself. */
export type ListColumn = {
  id: string
  label: string
  group: string
  field: AssetFieldInfo | null
  orderField: string | null
  width: number
  right: boolean
}

const WIDTHS: Record<string, number> = {
  name: 270,
  description: 260,
  status: 120,
  environment: 116,
  lastSeenAt: 108,
  updatedAt: 116,
  datacenter: 150,
  role: 104,
  region: 120,
  cpu: 72,
  memoryGiB: 88,
}
const BY_TYPE: Record<AssetFieldInfo['type'], number> = {
  TEXT: 150,
  ADDRESS: 132,
  NUMBER: 92,
  BOOLEAN: 80,
  DATE: 160,
  ENUM: 120,
  LIST: 190,
  OBJECTS: 120,
}

/** Every column a kind offers, in the order of its fields; `extra` are the relations that its rows carry. */
export function listColumns(fields: AssetFieldInfo[], extra: { id: string; label: string }[]): ListColumn[] {
  const own = fields
    .filter((field) => field.type !== 'OBJECTS')
    .map((field) => ({
      id: field.name,
      label: field.label,
      group: field.group,
      field,
      orderField: field.orderField,
      width: WIDTHS[field.name] ?? BY_TYPE[field.type],
      right: field.type === 'NUMBER',
    }))
  const record = [
    ...extra,
    { id: 'lastSeenAt', label: 'Seen' },
    { id: 'updatedAt', label: 'Updated' },
    { id: 'tags', label: 'Tags' },
  ]
  return [
    ...own,
    ...record.map(({ id, label }) => ({
      id,
      label,
      group: 'Record',
      field: null,
      orderField: id === 'updatedAt' ? 'UPDATED_AT' : null,
      width: WIDTHS[id] ?? 150,
      right: false,
    })),
  ]
}
