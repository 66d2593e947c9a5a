import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Resolver, Root } from 'type-graphql'
import { lookingBack } from '../../core/inventory/asOf.ts'
import { Asset } from '../../core/inventory/asset.ts'
import { findRelations, findRelationsById } from '../../core/inventory/related.ts'
import { Relation } from '../../core/inventory/relation.ts'
import type { Session } from '../../core/platform/session.ts'
import { assetsById } from '../byId.ts'
import { BothWaysArgs, connectionType } from '../connection.ts'
import { registerNodes } from '../node.ts'
import { pageOf } from '../pagesBy.ts'
import { RelationDirections, RelationKinds } from './relationKinds.ts'

registerNodes(['Relation'], findRelationsById)

const RelationConnection = connectionType(Relation)

@ArgsType()
class RelationsArgs extends BothWaysArgs {
  @Field(() => [RelationKinds], { nullable: true, description: 'Only of these kinds.' })
  kinds?: string[] | null
}

@Resolver(() => Relation)
export class RelationFieldsResolver {
  @FieldResolver(() => RelationKinds, { description: 'What kind of relation it is.' })
  kind(@Root() { kind }: Relation) {
    return kind
  }

  @FieldResolver(() => Asset, {
    nullable: true,
    description: 'Where it starts; null when you may not see it.',
  })
  from(@Root() { from, asOf }: Relation, @Ctx() session: Session) {
    return assetsById(lookingBack(session, asOf)).load(from)
  }

  @FieldResolver(() => Asset, {
    nullable: true,
    description: 'Where it leads; null when you may not see it.',
  })
  to(@Root() { to, asOf }: Relation, @Ctx() session: Session) {
    return assetsById(lookingBack(session, asOf)).load(to)
  }
}

/** Every relation of an asset, whatever its kind. */
@Resolver(() => Asset)
export class AssetRelationsResolver {
  @FieldResolver(() => RelationConnection, {
    description: 'The relations that hold, by kind; only those whose other end is live and visible to you.',
  })
  async relations(
    @Root() asset: Asset,
    @Arg('direction', () => RelationDirections, { description: 'From which end.' })
    direction: keyof typeof RelationDirections,
    @Args(() => RelationsArgs) { kinds, ...page }: RelationsArgs,
    @Ctx() session: Session,
  ) {
    const then = lookingBack(session, asset.asOf)
    return RelationConnection.from(
      await pageOf(then, `relations ${direction} ${kinds?.join() ?? ''}`, asset._id, page, (assets) =>
        findRelations(then, direction, kinds, assets, page),
      ),
    )
  }
}
