import { BSON, type Collection, type CollationOptions, type Document, type Filter, ObjectId } from 'mongodb'
import { BadInput } from './errors.ts'
import { queryTimeoutMs } from './database.ts'

/** Arguments of a Relay connection. */
export interface PageArgs {
  first?: number | null
  after?: string | null
  last?: number | null
  before?: string | null
}

export interface SortKey {
  field: string
  direction: 1 | -1
}

export interface Page<T> {
  edges: { cursor: string; node: T }[]
  hasNextPage: boolean
  hasPreviousPage: boolean
  /** Counts only when asked. */
  count(): Promise<number>
}

export const defaultPageSize = 25
export const maxPageSize = 200

/**
 * One page in a stable order: the sort keys, then the id. Reads by key, so page 1,000 costs as much as page 1, and rows
 * that come or go meanwhile neither repeat nor hide others.
 *
 * @throws BadInput when a size is over the cap, both directions are asked for, or a cursor is of another list
 */
export async function findPage<T extends Document>(
  collection: Collection<T>,
  filter: Filter<T>,
  sort: SortKey[],
  args: PageArgs,
  options: { collation?: CollationOptions; projection?: Document } = {},
): Promise<Page<T>> {
  const { size, keys, walked, cursor } = readOrder(sort, args)
  const find = { ...options, maxTimeMS: queryTimeoutMs }
  const rows = await collection
    .find(cursor ? ({ $and: [filter, beyond(walked, cursor)] } as Filter<T>) : filter, find)
    .sort(sortOf(walked))
    .limit(size + 1)
    .batchSize(size + 1)
    .toArray()
  return {
    ...cut(rows as T[], { size, keys, args }),
    count: () =>
      collection.countDocuments(filter, {
        maxTimeMS: queryTimeoutMs,
        ...(options.collation && { collation: options.collation }),
      }),
  }
}

/** The same page with each node made into something else. */
export const mapPage = <A, B>(page: Page<A>, map: (node: A) => B): Page<B> => ({
  ...page,
  edges: page.edges.map((edge) => ({ cursor: edge.cursor, node: map(edge.node) })),
})

/** A page of what is at hand already, in the order in which it is. */
export function slicePage<T>(all: readonly T[], args: PageArgs, keyOf: (one: T) => string): Page<T> {
  const { size, cursor } = readArgs({ first: args.first, after: args.after })
  const cursorOf = (one: T) => Buffer.from(keyOf(one)).toString('base64url')
  const start = cursor === null ? 0 : all.findIndex((one) => cursorOf(one) === cursor) + 1
  const nodes = all.slice(start, start + size)
  return {
    edges: nodes.map((node) => ({ cursor: cursorOf(node), node })),
    hasNextPage: start + nodes.length < all.length,
    hasPreviousPage: start > 0,
    count: () => Promise.resolve(all.length),
  }
}

/** What the arguments ask for: how many rows, in which order they are walked, and from where. */
export function readOrder(sort: SortKey[], args: PageArgs) {
  const { size, backward, cursor } = readArgs(args)
  const keys: SortKey[] = [
    ...sort.filter((key) => key.field !== '_id'),
    { field: '_id', direction: sort.at(-1)?.direction ?? 1 },
  ]
  const walked = keys.map(
    (key) => ({ ...key, direction: backward ? -key.direction : key.direction }) as SortKey,
  )
  return { size, keys, walked, cursor: cursor === null ? null : readCursor(cursor, keys.length) }
}

export const sortOf = (keys: SortKey[]) => Object.fromEntries(keys.map((key) => [key.field, key.direction]))

/** The page that rows make which were read in walking order, one more of them than the page holds. */
export function cut<T extends Document>(
  rows: T[],
  { size, keys, args }: { size: number; keys: SortKey[]; args: PageArgs },
): Omit<Page<T>, 'count'> {
  const { backward } = readArgs(args)
  const more = rows.length > size
  const kept = rows.slice(0, size)
  if (backward) kept.reverse()
  return {
    edges: kept.map((node) => ({ cursor: writeCursor(keys, node), node })),
    hasNextPage: backward ? Boolean(args.before) : more,
    hasPreviousPage: backward ? more : Boolean(args.after),
  }
}

function readArgs(args: PageArgs): { size: number; backward: boolean; cursor: string | null } {
  const backward = args.last != null || (args.before != null && args.first == null)
  if (args.first != null && args.last != null)
    throw new BadInput('Ask for the first or for the last rows, not for both at once.')
  const size = (backward ? args.last : args.first) ?? defaultPageSize
  const name = backward ? 'last' : 'first'
  if (!Number.isInteger(size) || size < 0)
    throw new BadInput(`"${name}" must be a whole number from 0 to ${maxPageSize}.`)
  if (size > maxPageSize)
    throw new BadInput(
      `"${name}" is ${size}, but a page holds at most ${maxPageSize} rows. Read on with the page's cursor.`,
    )
  return { size, backward, cursor: (backward ? args.before : args.after) ?? null }
}

/** Rows that come after `values` in the order of `keys`. MongoDB sorts missing values first. */
export function beyond(keys: SortKey[], values: unknown[]): Document {
  const alternatives = keys.map((key, position) => {
    const equal = keys.slice(0, position).map((earlier, index) => ({ [earlier.field]: values[index] }))
    return { $and: [...equal, after(key, values[position])] }
  })
  return { $or: alternatives }
}

function after({ field, direction }: SortKey, value: unknown): Document {
  if (direction === 1) return value === null ? { [field]: { $ne: null } } : { [field]: { $gt: value } }
  return value === null ? { _id: { $in: [] } } : { $or: [{ [field]: { $lt: value } }, { [field]: null }] }
}

const writeCursor = (keys: SortKey[], row: Document) =>
  Buffer.from(BSON.EJSON.stringify(keys.map((key) => (row[key.field] as unknown) ?? null))).toString(
    'base64url',
  )

function readCursor(cursor: string, length: number): unknown[] {
  const fail = () =>
    new BadInput('This cursor does not belong to this list and order. Start again without it.')
  let values: unknown
  try {
    values = BSON.EJSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    throw fail()
  }
  const plain = (value: unknown) =>
    value === null ||
    ['string', 'number', 'boolean'].includes(typeof value) ||
    value instanceof Date ||
    value instanceof ObjectId
  if (!Array.isArray(values) || values.length !== length || !values.every(plain)) throw fail()
  return values
}
