import type { AssetFieldInfo } from '#lib/assets/kinds.svelte.ts'
import type { FieldType } from './conditions.ts'

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
  name: 240,
  description: 260,
  status: 120,
  environment: 116,
  lastSeenAt: 100,
  updatedAt: 116,
  datacenter: 140,
  role: 96,
  region: 112,
  cpu: 84,
  memoryGiB: 88,
  instanceType: 108,
  family: 176,
  sizeGiB: 92,
  iops: 92,
  throughputMiBps: 120,
}
const BY_TYPE: Record<FieldType, number> = {
  TEXT: 150,
  ADDRESS: 124,
  NUMBER: 92,
  BOOLEAN: 80,
  DATE: 160,
  ENUM: 120,
  LIST: 190,
  OBJECTS: 120,
  REFERENCE: 150,
}

/** In the order in which the groups first appear, each group in one piece. */
export function byGroup<T extends { group: string }>(things: T[]): T[] {
  const groups = [...new Set(things.map((thing) => thing.group))]
  return groups.flatMap((group) => things.filter((thing) => thing.group === group))
}

/** Every column a kind offers, in the order of its fields. */
export function listColumns(fields: AssetFieldInfo[]): ListColumn[] {
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
    { id: 'lastSeenAt', label: 'Seen' },
    { id: 'updatedAt', label: 'Updated' },
    { id: 'tags', label: 'Tags' },
  ]
  return byGroup([
    ...own,
    ...record
      .filter(({ id }) => !own.some((column) => column.id === id))
      .map(({ id, label }) => ({
        id,
        label,
        group: 'Record',
        field: null,
        orderField: id === 'updatedAt' ? 'UPDATED_AT' : null,
        width: WIDTHS[id] ?? 150,
        right: false,
      })),
  ])
}
