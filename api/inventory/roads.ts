import {
  Args,
  type ClassType,
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql'
import { farKindOf } from '../../core/inventory/anyKind.ts'
import { lookingBack } from '../../core/inventory/asOf.ts'
import type { Asset } from '../../core/inventory/asset.ts'
import type { Kind } from '../../core/inventory/kinds.ts'
import { findRelated, type Related } from '../../core/inventory/related.ts'
import { Relation } from '../../core/inventory/relation.ts'
import { roadsOf } from '../../core/inventory/relationKinds.ts'
import type { Page } from '../../core/platform/page.ts'
import type { Session } from '../../core/platform/session.ts'
import { PageInfo, pageInfoOf } from '../connection.ts'
import { pageOf } from '../pagesBy.ts'
import { addFacets } from './facets.ts'
import { type ListArgs, typesOf } from './kindTypes.ts'

/** The fields of a kind that lead along relations: `server.apps`, `app.dependencies`, `system.clients`. */
export const roadResolvers = (kind: Kind): ClassType<object>[] =>
  roadsOf(kind.kind).map((road) => {
    const far = farKindOf(road)
    const types = typesOf(far)
    const Connection = relatedConnectionOf(far)
    @Resolver(() => kind.assetClass)
    class RoadResolver {
      @FieldResolver(() => Connection, { description: road.description })
      async [road.field](
        @Root() asset: Asset,
        @Args(() => types.Args) args: ListArgs,
        @Ctx() session: Session,
      ) {
        const then = lookingBack(session, asset.asOf)
        const name = `${road.relation.kind} ${road.direction} ${road.field}`
        return Connection.from(
          await pageOf(then, name, asset._id, args, (parents) => findRelated(then, road, far, parents, args)),
        )
      }
    }
    return RoadResolver
  })

interface RelatedConnection extends ClassType<object> {
  from(page: Page<Related>): object
}

const made = new Map<Kind, RelatedConnection>()

/** A connection whose edges also tell of the relation itself. */
function relatedConnectionOf(kind: Kind): RelatedConnection {
  const known = made.get(kind)
  if (known) return known
  const name = kind.typeName
  @ObjectType(`Related${name}Edge`, { description: `One related ${name}, and the relation.` })
  class Edge {
    @Field(() => String, { description: 'Place in the list, for `after` and `before`.' })
    cursor!: string

    @Field(() => kind.assetClass, { description: `The ${name} itself.` })
    node!: Asset

    @Field(() => Relation, { description: 'The relation that leads to it.' })
    relation!: Relation
  }

  @ObjectType(`Related${name}Connection`, { description: `One page of related ${kind.plural}.` })
  class Connection {
    constructor(readonly page: Page<Related>) {}

    @Field(() => [Edge], { name: 'edges', description: 'The page, with a cursor and the relation for each.' })
    edges(): Edge[] {
      return this.page.edges.map(({ cursor, node }) => ({
        cursor,
        node: node.asset,
        relation: node.relation,
      }))
    }

    @Field(() => [kind.assetClass], { name: 'nodes', description: 'The page without cursors.' })
    nodes() {
      return this.page.edges.map(({ node }) => node.asset)
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

    static from(page: Page<Related>) {
      return new Connection(page)
    }
  }
  addFacets(kind, Connection)
  made.set(kind, Connection)
  return Connection
}
