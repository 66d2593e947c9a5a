import { Field, ID, InterfaceType } from 'type-graphql'
import { decodeId } from './ids.ts'

@InterfaceType({
  description: 'Anything with an opaque id that `node` can find again.',
  resolveType: (node: Node) => decodeId(node.globalId()).type,
})
export abstract class Node {
  @Field(() => ID, { description: 'Opaque id.', name: 'id' })
  globalId(): string {
    throw new Error('implemented by each type')
  }
}
