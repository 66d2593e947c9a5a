import type { ChangeAction, ChangeOrigin, ChangeSetRowFragment } from '#lib/gql/generated.ts'
import { counted } from '#lib/ui/numbers.ts'

export const ORIGIN: Record<ChangeOrigin, string> = {
  MANUAL: 'By hand',
  CRAWL: 'Discovery',
  IMPORT: 'Import',
  UNDO: 'Undo',
}
export const ACTION: Record<ChangeAction, string> = {
  CREATED: 'Created',
  CHANGED: 'Changed',
  RETIRED: 'Retired',
  RESTORED: 'Restored',
}

/** "140 created, 4 changed". */
export function countsText(counts: ChangeSetRowFragment['counts']): string {
  const parts = (['created', 'changed', 'retired', 'restored'] as const).filter((name) => counts[name])
  return (
    parts.map((name) => `${counted(counts[name], '', '').trim()} ${name}`).join(', ') || 'nothing changed'
  )
}
