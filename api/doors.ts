import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  visit as walk,
} from 'graphql'
import { Extensions } from 'type-graphql'
import { assertAdministrator, assertMayWrite, assertSignedIn } from '../core/accounts/caller.ts'
import { Unauthenticated } from '../core/platform/errors.ts'
import type { Visit } from './context.ts'

/**
 * Who passes: ANYBODY; SIGNED_IN people and API tokens, which need the level WRITE for mutations; only a PERSON who is
 * signed in, since it concerns the security of an account; or an ADMINISTRATOR of the installation.
 */
export type DoorName = 'ANYBODY' | 'SIGNED_IN' | 'PERSON' | 'ADMINISTRATOR'

/** Says who passes a field of Query, Mutation or Subscription. Without it, SIGNED_IN. */
export const Door = (door: DoorName) => Extensions({ door })

export const doorOf = (field: GraphQLField<unknown, unknown>): DoorName =>
  (field.extensions.door as DoorName | undefined) ?? 'SIGNED_IN'

/** Closes every field of Query, Mutation and Subscription but those for anybody, also those written in future. */
export function closeDoors(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const door = doorOf(field)
      if (door === 'ANYBODY') continue
      const check = checkOf(door, type === schema.getMutationType())
      if (field.subscribe) field.subscribe = guarded(field.subscribe, check)
      if (field.resolve) field.resolve = guarded(field.resolve, check)
      else throw new Error(`${type!.name}.${field.name} has no resolver that could be closed.`)
    }
  }
  return schema
}

type Check = (visit: Visit) => void

const checkOf =
  (door: DoorName, writes: boolean): Check =>
  (visit) => {
    if (!visit.caller) throw visit.stranger ?? new Unauthenticated()
    if (writes) assertMayWrite(visit)
    if (door === 'PERSON') assertSignedIn(visit)
    if (door === 'ADMINISTRATOR') assertAdministrator(visit)
  }

const guarded =
  (resolve: GraphQLFieldResolver<unknown, Visit>, check: Check): GraphQLFieldResolver<unknown, Visit> =>
  (source, args, visit, info) => {
    check(visit)
    return resolve(source, args, visit, info)
  }

/** The schema is for people who are signed in; `__typename` tells nothing. */
export function checkSchemaDoor(document: DocumentNode, visit: Visit) {
  if (visit.caller) return
  walk(document, {
    Field(field) {
      if (['__schema', '__type'].includes(field.name.value)) throw visit.stranger ?? new Unauthenticated()
    },
  })
}
