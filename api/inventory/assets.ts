import { Args, Ctx, Query, Resolver } from 'type-graphql'
import { anyKind } from '../../core/inventory/anyKind.ts'
import { findAssets } from '../../core/inventory/find.ts'
import type { Session } from '../../core/platform/session.ts'
import { type ListArgs, typesOf } from './kindTypes.ts'

const types = typesOf(anyKind)

/** All kinds in one list. */
@Resolver()
export class AssetsResolver {
  @Query(() => types.Connection, {
    description: 'Assets of all kinds that fit, a page at a time; by name unless said otherwise.',
  })
  async assets(@Args(() => types.Args) args: ListArgs, @Ctx() session: Session) {
    return types.Connection.from(await findAssets(session, anyKind, args))
  }
}
