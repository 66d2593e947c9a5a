/** Which assets a bulk edit is of: named one by one, or all that fit the filter of their list. */
export type BulkChoice = { ids: string[] } | { filter: Record<string, Record<string, unknown>> }
