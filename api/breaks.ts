import {
  findBreakingChanges,
  type GraphQLSchema,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql'

/** The contract as the last release had it; `npm run schema -- --release` makes it the present one. */
export const releasedFile = 'api/released.graphql'

/**
 * What the next release takes away from callers, with the reason, in the words of the test that asks for it. A release
 * empties it.
 */
export const marked: Record<string, string> = {}

/** The schema as it is compared: in one order, and without what it says to people. */
export const bare = (schema: GraphQLSchema): string =>
  `${print(
    visit(parse(printSchema(lexicographicSortSchema(schema))), {
      enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
    }),
  )}\n`

/** Breaks that nobody has marked, and marks of what breaks nothing. */
export function compareContracts(
  released: GraphQLSchema,
  present: GraphQLSchema,
  marks: Record<string, string>,
): { unmarked: string[]; needless: string[] } {
  const breaks = findBreakingChanges(released, present).map(({ description }) => description)
  return {
    unmarked: breaks.filter((one) => !marks[one]?.trim()),
    needless: Object.keys(marks).filter((one) => !breaks.includes(one)),
  }
}
