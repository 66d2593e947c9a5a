import { Field, ID, InterfaceType } from 'type-graphql'

@InterfaceType({ description: 'Anything with an opaque id that `node` can find again.' })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque id.', name: 'id' })
  globalId(): string {
    throw new Error('implemented by each type')
  }
}
