import type { ChangeDetailFragment } from '#lib/gql/generated.ts'

type Fields = ChangeDetailFragment['fields']

/** What happened to a relation: it began, ended, holds again, or something else is said of it. */
export function relationAct({ action, fields }: Pick<ChangeDetailFragment, 'action' | 'fields'>) {
  if (action === 'CREATED') return 'added'
  const until = fields.find(({ field }) => field === 'validTo')
  if (until) return until.after ? 'ended' : 'restored'
  return 'changed'
}

/** The properties that differ, each as a field of its own. */
export function propertyChanges(fields: Fields): Fields {
  const change = fields.find(({ field }) => field === 'properties')
  const before = (change?.before ?? {}) as Record<string, unknown>
  const after = (change?.after ?? {}) as Record<string, unknown>
  return Object.keys({ ...before, ...after })
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
    .filter((each) => each.before !== each.after)
}
