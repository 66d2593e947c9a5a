import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql'
import { anyKind } from '../../core/inventory/anyKind.ts'
import { lookingBack } from '../../core/inventory/asOf.ts'
import { findAssets } from '../../core/inventory/find.ts'
import type { Session } from '../../core/platform/session.ts'
import { asOfOfList } from './asOf.ts'
import { type ListArgs, typesOf } from './kindTypes.ts'

const types = typesOf(anyKind)

/** All kinds in one list. */
@Resolver()
export class AssetsResolver {
  @Query(() => types.Connection, {
    description: 'Assets of all kinds that fit, a page at a time; by name unless said otherwise.',
  })
  async assets(
    @Args(() => types.Args) args: ListArgs,
    @Arg('asOf', () => Date, asOfOfList) asOf: Date | null | undefined,
    @Ctx() session: Session,
  ) {
    return types.Connection.from(await findAssets(lookingBack(session, asOf), anyKind, args))
  }
}
