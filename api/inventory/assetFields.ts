import type { GraphQLResolveInfo } from 'graphql'
import { Args, Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import { findChanges } from '../../core/history/read.ts'
import { lookingBack } from '../../core/inventory/asOf.ts'
import { Asset } from '../../core/inventory/asset.ts'
import { observationFor } from '../../core/inventory/effective.ts'
import { factOf, kindOf } from '../../core/inventory/kinds.ts'
import type { Session } from '../../core/platform/session.ts'
import { assetsById } from '../byId.ts'
import { ForwardArgs } from '../connection.ts'
import { ChangeConnection } from '../history/changes.ts'
import { pageOf } from '../pagesBy.ts'
import { selects } from '../selects.ts'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { accessGrants } from '../accounts/accessGrants.ts'
import { AccessGrant } from '../accounts/accessTypes.ts'
import { viewerCan, ViewerPermissions } from '../viewerCan.ts'
import { AssetKinds } from './kinds.ts'
import { assetSeenAt } from './lastSeen.ts'
import { FieldDrift, FieldProvenance, Observation, provenanceOf } from './sources.ts'

/** What every asset tells about itself besides its facts. */
@Resolver(() => Asset)
export class AssetFieldsResolver {
  @FieldResolver(() => AssetKinds, { description: 'What kind of thing it is.' })
  kind(@Root() asset: Asset) {
    return asset.kind
  }

  @FieldResolver(() => Asset, {
    nullable: true,
    description:
      'The asset that it turned out to be; null when it was not merged, or you may not see that one.',
  })
  mergedInto(@Root() { mergedInto, asOf }: Asset, @Ctx() session: Session) {
    return mergedInto ? assetsById(lookingBack(session, asOf)).load(mergedInto) : null
  }

  @FieldResolver(() => Date, {
    nullable: true,
    description:
      'Newest moment at which a complete listing of one of its sources contained it; null when only people know it.',
  })
  lastSeenAt(@Root() asset: Asset, @Ctx() session: Session) {
    return assetSeenAt(lookingBack(session, asset.asOf), asset)
  }

  @FieldResolver(() => [Observation], { description: 'What each source says of it.' })
  observations(@Root() asset: Asset) {
    return asset.observations.map((observed) => new Observation(kindOf(asset.kind), observed, asset.asOf))
  }

  @FieldResolver(() => [FieldProvenance], {
    description: 'Per field that has been declared or observed: where the effective value comes from.',
  })
  provenance(@Root() asset: Asset, @Ctx() session: Session, @Info() info: GraphQLResolveInfo) {
    return provenanceOf(lookingBack(session, asset.asOf), asset, {
      connection: selects(info, 'connection'),
      lastSeenAt: selects(info, 'lastSeenAt'),
    })
  }

  @FieldResolver(() => [FieldDrift], {
    description: 'Fields whose declared value differs from what the sources report.',
  })
  drift(@Root() asset: Asset) {
    return asset.drift.map(
      (name) =>
        new FieldDrift(
          factOf(kindOf(asset.kind), name)!,
          asset.declared[name],
          observationFor(asset.observations, name),
          asset.asOf,
        ),
    )
  }

  @FieldResolver(() => ChangeConnection, {
    description: 'What has happened to it and to its relations, whichever end it is, newest first.',
  })
  async changes(@Root() asset: Asset, @Args(() => ForwardArgs) args: ForwardArgs, @Ctx() session: Session) {
    const then = lookingBack(session, asset.asOf)
    return ChangeConnection.from(
      await pageOf(then, 'changes of assets', asset._id, args, (assets) =>
        findChanges(then, 'subject', assets, args),
      ),
    )
  }

  @FieldResolver(() => [AccessGrant], { description: 'Who may see and change it.' })
  access(@Root() { access }: Asset, @Ctx() session: CallerSession) {
    return accessGrants(session, access)
  }

  @FieldResolver(() => ViewerPermissions, { description: 'What you may do with it.' })
  viewerCan(@Root() asset: Asset, @Ctx() session: Session) {
    return viewerCan(session, asset.access)
  }
}
