import { Args, type ClassType, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { ObjectId } from 'mongodb'
import { lookingBack } from '../../core/inventory/asOf.ts'
import type { Asset } from '../../core/inventory/asset.ts'
import type { Fact } from '../../core/inventory/facts.ts'
import { findReferring } from '../../core/inventory/find.ts'
import { type Kind, kindOf } from '../../core/inventory/kinds.ts'
import type { Session } from '../../core/platform/session.ts'
import { assetsById } from '../byId.ts'
import { pageOf } from '../pagesBy.ts'
import { type ListArgs, typesOf } from './kindTypes.ts'

/** Both directions of each reference that a kind declares: `server.datacenter` and `datacenter.servers`. */
export const referenceResolvers = (kind: Kind): ClassType<object>[] =>
  kind.facts
    .filter((fact) => fact.type === 'REFERENCE')
    .flatMap((fact) => [forward(kind, fact), backward(kind, fact)])

function forward(kind: Kind, fact: Fact): ClassType<object> {
  const target = kindOf(fact.target!).assetClass
  @Resolver(() => kind.assetClass)
  class Forward {
    @FieldResolver(() => target, { nullable: true, description: fact.description })
    [fact.name](@Root() asset: Asset, @Ctx() session: Session) {
      const id = (asset as unknown as Record<string, ObjectId | null | undefined>)[fact.name]
      return id ? assetsById(lookingBack(session, asset.asOf)).load(id) : null
    }
  }
  return Forward
}

function backward(kind: Kind, fact: Fact): ClassType<object> {
  const types = typesOf(kind)
  @Resolver(() => kindOf(fact.target!).assetClass)
  class Backward {
    @FieldResolver(() => types.Connection, {
      description: `The ${kind.plural} whose ${fact.label.toLowerCase()} this is.`,
    })
    async [kind.plural](
      @Root() asset: Asset,
      @Args(() => types.Args) args: ListArgs,
      @Ctx() session: Session,
    ) {
      const then = lookingBack(session, asset.asOf)
      return types.Connection.from(
        await pageOf(then, `${kind.kind}.${fact.name}`, asset._id, args, (parents) =>
          findReferring(then, kind, fact, parents, args),
        ),
      )
    }
  }
  return Backward
}
