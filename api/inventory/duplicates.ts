import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import { Asset } from '../../core/inventory/asset.ts'
import { type DuplicateSuspects, findDuplicates } from '../../core/inventory/duplicates.ts'
import type { Session } from '../../core/platform/session.ts'
import { assetsById } from '../byId.ts'
import { BothWaysArgs, connectionType } from '../connection.ts'
import { AssetKinds } from './kinds.ts'

@ObjectType('DuplicateSuspects', {
  description:
    'Live assets of one kind that can be found by the same name, hostname, address or provider id.',
})
class DuplicateSuspectsType {
  @Field(() => String, { description: 'What they have in common; normalised.' })
  identifier!: string

  @Field(() => AssetKinds, { description: 'Of which kind they are.' })
  kind!: string

  @Field(() => Int, { description: 'How many of them you can see.' })
  count!: number
}

const DuplicateSuspectsConnection = connectionType(DuplicateSuspectsType, 'DuplicateSuspects')

@ArgsType()
class DuplicatesArgs extends BothWaysArgs {
  @Field(() => [AssetKinds], {
    nullable: true,
    description: 'Of which kinds; unless said otherwise those of which two alike are worth a look.',
  })
  kinds?: string[] | null
}

@Resolver(() => DuplicateSuspectsType)
export class DuplicatesResolver {
  @Query(() => DuplicateSuspectsConnection, {
    description:
      'Suspected duplicates, by what they have in common. Addresses recur in separate networks, so look before you act.',
  })
  async duplicates(@Args(() => DuplicatesArgs) { kinds, ...page }: DuplicatesArgs, @Ctx() session: Session) {
    return DuplicateSuspectsConnection.from(await findDuplicates(session, kinds, page))
  }

  @FieldResolver(() => [Asset], { description: 'The assets; the first 20 of them.' })
  async assets(@Root() { members }: DuplicateSuspects, @Ctx() session: Session) {
    const found = await assetsById(session).loadMany(members)
    return found.filter((one) => one !== null && !(one instanceof Error))
  }
}
