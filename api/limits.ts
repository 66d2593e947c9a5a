import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getNamedType,
  GraphQLError,
  type GraphQLSchema,
  isListType,
  getNullableType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity'
import { defaultPageSize } from '../core/platform/page.ts'
import { refusal } from './errors.ts'

export const maxDepth = 12
export const maxAliases = 30
/** Fields of an operation with its fragments written out; more are not even counted. */
const maxQueryNodes = 10_000
export const maxDocumentBytes = 20 * 1024
export const requestTimeoutMs = 15_000

/** @throws GraphQLError when the text is too long to be parsed */
export function checkSize(source: unknown) {
  if (typeof source !== 'string') return
  const bytes = Buffer.byteLength(source)
  if (bytes > maxDocumentBytes)
    throw refusal(
      'COST_EXCEEDED',
      `The document is ${bytes} bytes long; at most ${maxDocumentBytes} are accepted. Use variables and fragments.`,
      { cap: 'document', max: maxDocumentBytes },
    )
}

/**
 * What an operation may cost at most, known before it runs: a connection costs its page size times what each node
 * costs.
 *
 * @throws GraphQLError when it is over a cap; the error names the cap
 */
export function checkCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown> | null | undefined,
  max: number,
): number {
  const depth = depthOf(document)
  if (depth > maxDepth)
    throw refusal(
      'DEPTH_EXCEEDED',
      `The operation is ${depth} levels deep; at most ${maxDepth} are accepted.`,
      {
        cap: 'depth',
        max: maxDepth,
      },
    )
  const aliases = aliasesIn(document)
  if (aliases > maxAliases)
    throw refusal(
      'COST_EXCEEDED',
      `The document has ${aliases} aliases; at most ${maxAliases} are accepted.`,
      {
        cap: 'aliases',
        max: maxAliases,
      },
    )
  const requested = costOf(schema, document, operationName, variables)
  if (requested > max)
    throw refusal(
      'COST_EXCEEDED',
      `The operation could cost ${requested}; at most ${max} are accepted. Ask for fewer rows with "first", or for fewer levels.`,
      { cap: 'cost', cost: { requested, max } },
    )
  return requested
}

function costOf(
  schema: GraphQLSchema,
  query: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown> | null | undefined,
): number {
  try {
    return getComplexity({
      schema,
      query,
      operationName: operationName ?? undefined,
      variables: variables ?? {},
      estimators: [estimate],
      maxQueryNodes,
    })
  } catch (error) {
    const { message } = error as Error
    if (/maximum allowed number of nodes/.test(message))
      throw refusal(
        'COST_EXCEEDED',
        `The operation has more than ${maxQueryNodes} fields once its fragments are written out.`,
        { cap: 'fields', max: maxQueryNodes },
      )
    throw error instanceof GraphQLError ? refusal('BAD_USER_INPUT', message) : error
  }
}

const estimate: ComplexityEstimator = ({ field, args, childComplexity }) => {
  if (field.name.startsWith('__')) return 0
  const type = getNamedType(field.type)
  if (isObjectType(type) && type.name.endsWith('Connection') && 'pageInfo' in type.getFields())
    return 1 + pageSize(args) * Math.max(1, childComplexity)
  if (isListType(getNullableType(field.type)) && (args.first != null || Array.isArray(args.ids)))
    return 1 + (Array.isArray(args.ids) ? args.ids.length : pageSize(args)) * Math.max(1, childComplexity)
  // Of what comes without being asked for, as many rows as there can be.
  const { rows = 1 } = field.extensions as { rows?: number }
  return 1 + rows * childComplexity
}

const pageSize = ({ first, last }: { first?: number | null; last?: number | null }) =>
  Math.max(0, last ?? first ?? defaultPageSize)

/** Levels of fields. What asks for the schema itself is exempt, since tools ask deeply. */
function depthOf(document: DocumentNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  const known = new Map<string, number>()
  const ofFragment = (name: string): number => {
    const fragment = fragments.get(name)
    if (!fragment) return 0
    const before = known.get(name)
    if (before !== undefined) return before
    known.set(name, 0)
    const depth = of(fragment.selectionSet)
    known.set(name, depth)
    return depth
  }
  const of = (set: SelectionSetNode | undefined): number => {
    let deepest = 0
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD)
        deepest = Math.max(deepest, ofFragment(selection.name.value))
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        deepest = Math.max(deepest, of(selection.selectionSet))
      else if (!selection.name.value.startsWith('__'))
        deepest = Math.max(deepest, 1 + of(selection.selectionSet))
    }
    return deepest
  }
  return Math.max(
    0,
    ...document.definitions.map((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? of(definition.selectionSet) : 0,
    ),
  )
}

function aliasesIn(document: DocumentNode): number {
  let count = 0
  visit(document, { Field: (field) => void (field.alias && count++) })
  return count
}
