import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import type { ChangeSet } from '../../core/history/records.ts'
import { Asset } from '../../core/inventory/asset.ts'
import { releaseFields } from '../../core/inventory/edit.ts'
import { findAssetsById, findFactValues, lookupAssets } from '../../core/inventory/find.ts'
import { allKinds, kindOf } from '../../core/inventory/kinds.ts'
import { mergeAssets } from '../../core/inventory/merge.ts'
import type { Session } from '../../core/platform/session.ts'
import { checkFirst } from '../checkFirst.ts'
import { registerNodes } from '../node.ts'
import { payload } from '../userErrors.ts'
import { AssetRefInput, AssetsPayload } from './bulkResolver.ts'
import { AssetKindInfo, kindInfos } from './kindInfo.ts'
import { AssetKinds } from './kinds.ts'

registerNodes(
  allKinds().map((kind) => kind.typeName),
  findAssetsById,
)

@ObjectType({ description: 'A value that a field has, and how often.' })
class FieldValue {
  @Field(() => String, { description: 'The value.' })
  value!: string

  @Field(() => Int, { description: 'How many live assets have it.' })
  count!: number
}

@InputType({ description: 'Declared values to give up, so that the observed ones take effect again.' })
class AssetFieldsReleaseInput extends AssetRefInput {
  @Field(() => [String], { description: 'Names of the fields.' })
  fields!: string[]
}

@InputType({ description: 'Records that turned out to be one thing.' })
class AssetsMergeInput {
  @Field(() => AssetRefInput, { description: 'The one that stays.' })
  into!: AssetRefInput

  @Field(() => [AssetRefInput], { description: 'Up to 20 others of the same kind, which are retired.' })
  from!: AssetRefInput[]
}

type Changed = { assets: Asset[]; changeSet: ChangeSet | null }

const answer = async (change: () => Promise<Changed>) => ({ assets: [], ...(await payload(change)) })

@Resolver()
export class InventoryResolver {
  @Query(() => [Asset], {
    description:
      'What is this? Finds live assets by address, hostname, provider id, MAC or name: exact matches first.',
  })
  lookup(
    @Arg('text', () => String, { description: 'Whatever you have at hand; paste it.' }) text: string,
    @Arg('kinds', () => [AssetKinds], { nullable: true, description: 'Only these kinds.' })
    kinds: string[] | null | undefined,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: 10,
      description: 'How many to answer; 100 at most.',
    })
    first: number | null,
    @Ctx() session: Session,
  ) {
    return lookupAssets(session, text, { kinds, first: checkFirst(first) })
  }

  @Query(() => [AssetKindInfo], { description: 'The kinds of assets and their fields.' })
  assetKinds() {
    return kindInfos()
  }

  @Query(() => [FieldValue], {
    description: 'Values of a text field that contain the text, most frequent first; for type-ahead.',
  })
  assetFieldValues(
    @Arg('kind', () => AssetKinds, { description: 'Of which kind of asset.' }) kind: string,
    @Arg('field', () => String, { description: 'Name of the field.' }) field: string,
    @Arg('text', () => String, { nullable: true, description: 'What was typed so far.' })
    text: string | null | undefined,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: 10,
      description: 'How many to answer; 100 at most.',
    })
    first: number | null,
    @Ctx() session: Session,
  ) {
    return findFactValues(session, kindOf(kind), field, { text, first: checkFirst(first) })
  }

  @Mutation(() => AssetsPayload, {
    description:
      'Makes several records of one thing into one: sources and relations move over, gaps are filled, the others are retired. Can be undone.',
  })
  assetsMerge(
    @Arg('input', () => AssetsMergeInput, { description: 'Which into which.' }) input: AssetsMergeInput,
    @Ctx() session: Session,
  ) {
    return answer(() => mergeAssets(session, input.into, input.from))
  }

  @Mutation(() => AssetsPayload, {
    description: 'Gives up declared values, so that the observed ones take effect again.',
  })
  assetFieldsRelease(
    @Arg('input', () => AssetFieldsReleaseInput, { description: 'Which fields of which asset.' })
    { fields, ...ref }: AssetFieldsReleaseInput,
    @Ctx() session: Session,
  ) {
    return answer(async () => {
      const { asset, changeSet } = await releaseFields(session, ref, fields)
      return { assets: [asset], changeSet }
    })
  }
}
