import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql'
import type { ObjectId } from 'mongodb'
import { lookingBack } from '../core/inventory/asOf.ts'
import { BadInput } from '../core/platform/errors.ts'
import { decodeId } from '../core/platform/ids.ts'
import { Node } from '../core/platform/node.ts'
import { maxPageSize } from '../core/platform/page.ts'
import type { Session } from '../core/platform/session.ts'

/** Finds those of the ids that the session may see, in one command; order does not matter. */
export type NodeFinder = (session: Session, ids: ObjectId[]) => Promise<(Node & { _id: ObjectId })[]>

const finders = new Map<string, NodeFinder>()

/** Makes the types' ids findable by `node` and `nodes`. Types that share a finder are found in one command. */
export function registerNodes(types: string[], find: NodeFinder) {
  for (const type of types) finders.set(type, find)
}

const asOfNode = {
  nullable: true,
  description: 'Assets and relations as they were at this moment; other things are answered as they are now.',
}

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description: 'Whatever has this id; null when it does not exist or you may not see it.',
  })
  async node(
    @Arg('id', () => ID, { description: 'An id from any answer.' }) id: string,
    @Arg('asOf', () => Date, asOfNode) asOf: Date | null | undefined,
    @Ctx() session: Session,
  ) {
    return (await findNodes(lookingBack(session, asOf), [id]))[0]
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: `Whatever has these ids, in their order; null in the place of what you may not see. At most ${maxPageSize}.`,
  })
  nodes(
    @Arg('ids', () => [ID], { description: 'Ids from any answers.' }) ids: string[],
    @Arg('asOf', () => Date, asOfNode) asOf: Date | null | undefined,
    @Ctx() session: Session,
  ) {
    return findNodes(lookingBack(session, asOf), ids)
  }
}

async function findNodes(session: Session, ids: string[]): Promise<(Node | null)[]> {
  if (ids.length > maxPageSize)
    throw new BadInput(`At most ${maxPageSize} ids can be looked up at once; these are ${ids.length}.`)
  const wanted = ids.map((id) => decodeId(id, ...finders.keys()))
  const found = new Map<string, Node>()
  for (const find of new Set(wanted.map(({ type }) => finders.get(type)!))) {
    const own = wanted.filter(({ type }) => finders.get(type) === find)
    for (const node of await find(
      session,
      own.map(({ id }) => id),
    ))
      found.set(node.globalId(), node)
  }
  return ids.map((id) => found.get(canonical(id)) ?? null)
}

/** Padding and the like do not make another id. */
const canonical = (id: string) => Buffer.from(Buffer.from(id, 'base64url').toString()).toString('base64url')
