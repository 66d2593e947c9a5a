import type { AccessLevel } from '#lib/gql/generated.ts'
import { messages } from './messages.ts'

/** What somebody may do, from least to most, as a choice. */
export const LEVELS: { value: AccessLevel; label: string }[] = (['READ', 'WRITE', 'ADMIN'] as const).map(
  (value) => ({ value, label: messages.levels[value] }),
)
