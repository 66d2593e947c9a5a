import { coerceInputValue, type GraphQLInputType, type GraphQLSchema } from 'graphql'
import type { AssetFilter } from '../../core/inventory/filter.ts'
import type { AssetOrder } from '../../core/inventory/find.ts'
import type { Kind } from '../../core/inventory/kinds.ts'
import { fault } from '../../core/platform/errors.ts'

const maxDepth = 30

/**
 * The filter and order of a kind's list, given as JSON where an input is for every kind; by the same rules as in the list.
 *
 * @throws UserFault that says what does not fit
 */
export function listInput(
  schema: GraphQLSchema,
  kind: Kind,
  { filter, orderBy }: { filter?: unknown; orderBy?: unknown },
): { filter: AssetFilter | null; orderBy: AssetOrder[] | null } {
  return {
    filter: read(schema, kind, 'filter', filter) as AssetFilter | null,
    orderBy: read(schema, kind, 'orderBy', orderBy) as AssetOrder[] | null,
  }
}

function read(schema: GraphQLSchema, kind: Kind, name: 'filter' | 'orderBy', value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (depthOf(value) > maxDepth) throw fault('INVALID', name, 'This is deeper than any filter may be.')
  const list = schema.getQueryType()!.getFields()[kind.plural]!
  const type: GraphQLInputType = list.args.find((arg) => arg.name === name)!.type
  return coerceInputValue(value, type, (path, _value, error) => {
    throw fault('INVALID', [name, ...path.map(String)], error.message)
  })
}

/** Stops to look when it is clearly too deep. */
function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return depth
  return Math.max(depth, ...Object.values(value).map((inner) => depthOf(inner, depth + 1)))
}
