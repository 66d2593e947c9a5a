import type { GraphQLResolveInfo } from 'graphql'
import { GraphQLJSON } from 'graphql-scalars'
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Info,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql'
import { anyKind } from '../../core/inventory/anyKind.ts'
import { Asset } from '../../core/inventory/asset.ts'
import { type Difference, findDifferences } from '../../core/inventory/diff.ts'
import { factOf, kindOf } from '../../core/inventory/kinds.ts'
import { BadInput, UserFault } from '../../core/platform/errors.ts'
import type { Session } from '../../core/platform/session.ts'
import { connectionType, ForwardArgs } from '../connection.ts'
import { apiValue } from '../inventory/apiValue.ts'
import { AssetKinds } from '../inventory/kinds.ts'
import { listInput } from '../transfer/filterInput.ts'
import { FieldChange } from './changes.ts'

enum DifferenceKind {
  CAME = 'CAME',
  WENT = 'WENT',
  CHANGED = 'CHANGED',
}
registerEnumType(DifferenceKind, {
  name: 'DifferenceKind',
  description: 'How an asset differs between two moments.',
  valuesConfig: {
    CAME: {
      description: 'It fits only at the later moment: it was added, restored, or changed so that it fits.',
    },
    WENT: {
      description:
        'It fits only at the earlier moment: it was retired, or changed so that it no longer fits.',
    },
    CHANGED: { description: 'It fits at both, with other values.' },
  },
})

@ObjectType({ description: 'How one asset differs between two moments.' })
class InventoryDifference {
  @Field(() => DifferenceKind, { description: 'Whether it came, went or changed.' })
  what!: DifferenceKind

  @Field(() => Asset, {
    description: 'As it is at the later moment; one that went, as it was at the earlier.',
  })
  asset!: Asset
}

const DifferenceConnection = connectionType(InventoryDifference)

@Resolver(() => InventoryDifference)
export class DiffResolver {
  @Query(() => DifferenceConnection, {
    description:
      'What came, went and changed between two moments, in a steady order; of what you may see today. Changes in between are folded into one.',
  })
  async inventoryDiff(
    @Args(() => ForwardArgs) page: ForwardArgs,
    @Arg('from', () => Date, { description: 'The earlier moment.' }) from: Date,
    @Arg('to', () => Date, { nullable: true, description: 'The later moment; now where it is left out.' })
    to: Date | null | undefined,
    @Arg('kind', () => AssetKinds, { nullable: true, description: 'Only assets of this kind.' })
    kindName: string | null | undefined,
    @Arg('filter', () => GraphQLJSON, {
      nullable: true,
      description:
        'Which ones, in the form of the filter of the list of that kind; of `assets` without a kind.',
    })
    given: unknown,
    @Ctx() session: Session,
    @Info() { schema }: GraphQLResolveInfo,
  ) {
    const kind = kindName ? kindOf(kindName) : anyKind
    const read = () => {
      try {
        return listInput(schema, kind, { filter: given }).filter
      } catch (error) {
        throw error instanceof UserFault ? new BadInput(error.message) : error
      }
    }
    return DifferenceConnection.from(
      (await findDifferences(session, kind, { ...page, from, to, filter: read() })) as never,
    )
  }

  @FieldResolver(() => [FieldChange], {
    description:
      'Field by field, where it changed; references are told by the name that their target has now.',
  })
  fields(@Root() { asset, fields }: Difference, @Ctx() session: Session): Promise<FieldChange[]> {
    const kind = kindOf(asset.kind)
    return Promise.all(
      fields.map(async ({ field, before, after }) => ({
        field,
        before: await apiValue(session, factOf(kind, field), before),
        after: await apiValue(session, factOf(kind, field), after),
      })),
    )
  }
}
