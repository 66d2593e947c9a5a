import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql'
import { defaultPageSize, maxPageSize, type Page } from '../core/platform/page.ts'

@ObjectType({ description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows after the last edge.' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Whether more lies before the first edge.' })
  hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge; null on an empty page.' })
  startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge; null on an empty page.' })
  endCursor!: string | null
}

export const pageInfoOf = ({ edges, hasNextPage, hasPreviousPage }: Page<unknown>): PageInfo => ({
  hasNextPage,
  hasPreviousPage,
  startCursor: edges[0]?.cursor ?? null,
  endCursor: edges.at(-1)?.cursor ?? null,
})

/** For lists that are read from their start. */
@ArgsType()
export class ForwardArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many to answer: ${defaultPageSize} unless said otherwise, ${maxPageSize} at most.`,
  })
  first?: number | null

  @Field(() => String, { nullable: true, description: 'Cursor after which to go on.' })
  after?: string | null
}

/** For lists that can be read from both ends. */
@ArgsType()
export class BothWaysArgs extends ForwardArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many to answer from the end: ${maxPageSize} at most. Not together with first.`,
  })
  last?: number | null

  @Field(() => String, { nullable: true, description: 'Cursor before which to end.' })
  before?: string | null
}

export interface ConnectionType<T extends object> extends ClassType<object> {
  /** The page in the form of a Relay connection; counts only when asked. */
  from(page: Page<T>): object
}

/** Relay connection of a type: `edges`, `nodes`, `pageInfo` and a `totalCount` that costs only when asked for. */
export function connectionType<T extends object>(
  node: ClassType<T>,
  name: string = node.name,
): ConnectionType<T> {
  @ObjectType(`${name}Edge`, { description: `One ${name} of a page, and its place in the list.` })
  class Edge {
    @Field(() => String, { description: 'Place in the list, for `after` and `before`.' })
    cursor!: string

    @Field(() => node, { description: `The ${name} itself.` })
    node!: T
  }

  @ObjectType(`${name}Connection`, { description: `One page of a list of ${name}.` })
  class Connection {
    constructor(readonly page: Page<T>) {}

    @Field(() => [Edge], { name: 'edges', description: 'The page, with a cursor for each.' })
    edges() {
      return this.page.edges
    }

    @Field(() => [node], { name: 'nodes', description: 'The page without cursors.' })
    nodes() {
      return this.page.edges.map((edge) => edge.node)
    }

    @Field(() => PageInfo, { name: 'pageInfo', description: 'Where the page lies in its list.' })
    pageInfo() {
      return pageInfoOf(this.page)
    }

    @Field(() => Int, {
      name: 'totalCount',
      description: 'How many there are on all pages together; counted only when asked for.',
    })
    totalCount() {
      return this.page.count()
    }

    static from(page: Page<T>) {
      return new Connection(page)
    }
  }
  return Connection as unknown as ConnectionType<T>
}
