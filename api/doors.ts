import { type DocumentNode, type GraphQLFieldResolver, type GraphQLSchema, visit as walk } from 'graphql'
import { Unauthenticated } from '../core/platform/errors.ts'
import type { Visit } from './context.ts'

/** The only fields that answer somebody who is not signed in. */
export const openFields: ReadonlySet<string> = new Set([
  'Query.installation',
  'Query.viewer',
  'Mutation.userSignUp',
  'Mutation.sessionCreate',
  'Mutation.sessionRefresh',
  'Mutation.sessionDelete',
])

/** Closes every field of Query, Mutation and Subscription that is not named above, also those written in future. */
export function closeDoors(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      if (openFields.has(`${type!.name}.${field.name}`)) continue
      if (field.subscribe) field.subscribe = guarded(field.subscribe)
      if (field.resolve) field.resolve = guarded(field.resolve)
      else throw new Error(`${type!.name}.${field.name} has no resolver that could be closed.`)
    }
  }
  return schema
}

const guarded =
  (resolve: GraphQLFieldResolver<unknown, Visit>): GraphQLFieldResolver<unknown, Visit> =>
  (source, args, visit, info) => {
    if (!visit.signIn) throw visit.stranger ?? new Unauthenticated()
    return resolve(source, args, visit, info)
  }

/** The schema is for people who are signed in; `__typename` tells nothing. */
export function checkSchemaDoor(document: DocumentNode, visit: Visit) {
  if (visit.signIn) return
  walk(document, {
    Field(field) {
      if (['__schema', '__type'].includes(field.name.value)) throw visit.stranger ?? new Unauthenticated()
    },
  })
}
