import { Float, ID } from 'type-graphql'
import type { Fact } from '../../core/inventory/facts.ts'

/** The type of the API in which a fact is entered. */
export function inputTypeOf(fact: Fact): () => object {
  switch (fact.type) {
    case 'TEXT':
    case 'ADDRESS':
      return () => String
    case 'NUMBER':
      return () => Float
    case 'BOOLEAN':
      return () => Boolean
    case 'DATE':
      return () => Date
    case 'ENUM':
      return () => fact.values!
    case 'LIST':
      return () => [String]
    case 'REFERENCE':
      return () => ID
    case 'OBJECTS':
      return () => [fact.items!()]
  }
}
