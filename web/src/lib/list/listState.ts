import { readCondition, writeCondition, type Condition } from './conditions.ts'

export type View = 'all' | 'drifted' | 'retired'
export type Sort = { field: string; descending: boolean }

/** Everything that decides what a list shows; the URL holds all of it, so that a link shows a colleague the same. */
export type ListState = {
  view: View
  conditions: Condition[]
  sort: Sort | null
  columns: string[] | null
  after: string | null
  before: string | null
}

export function readList(query: Pick<URLSearchParams, 'get' | 'getAll'>): ListState {
  const view = query.get('view')
  const sort = query.get('sort')
  return {
    view: view === 'drifted' || view === 'retired' ? view : 'all',
    conditions: query.getAll('f').flatMap((text) => readCondition(text) ?? []),
    sort: sort ? { field: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : null,
    columns: query.get('columns')?.split(',').filter(Boolean) ?? null,
    after: query.get('after'),
    before: query.get('before'),
  }
}

/** Writes over the list's own parts of the query and leaves the rest (an open panel, say) as it is. */
export function writeList(state: ListState, query: string): URLSearchParams {
  const next = new URLSearchParams(query)
  for (const name of ['view', 'f', 'sort', 'columns', 'after', 'before']) next.delete(name)
  if (state.view !== 'all') next.set('view', state.view)
  for (const condition of state.conditions) next.append('f', writeCondition(condition))
  if (state.sort) next.set('sort', `${state.sort.descending ? '-' : ''}${state.sort.field}`)
  if (state.columns) next.set('columns', state.columns.join(','))
  if (state.after) next.set('after', state.after)
  if (state.before) next.set('before', state.before)
  return next
}

/** Another question begins at its first page again. */
export function change(state: ListState, part: Partial<ListState>): ListState {
  const samePage = Object.keys(part).every((name) => ['columns', 'after', 'before'].includes(name))
  return { ...state, ...(samePage ? {} : { after: null, before: null }), ...part }
}

export function nextSort(sort: Sort | null, field: string): Sort | null {
  if (sort?.field !== field) return { field, descending: false }
  return sort.descending ? null : { field, descending: true }
}
