import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { changeMany } from '../../core/bulk/changeMany.ts'
import type { WorkName } from '../../core/bulk/works.ts'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { ChangeSet } from '../../core/history/records.ts'
import { anyKind } from '../../core/inventory/anyKind.ts'
import { Asset, Tag } from '../../core/inventory/asset.ts'
import { checkFacts } from '../../core/inventory/check.ts'
import { type Choice, readChoice } from '../../core/inventory/choice.ts'
import { findAssetsById } from '../../core/inventory/find.ts'
import { fault, UserFault } from '../../core/platform/errors.ts'
import { Run } from '../../core/runs/run.ts'
import { Payload, payload } from '../userErrors.ts'
import { flattened } from './appSpec.ts'
import { AssetsFilterInput, AssetsSetInput, filterIn, type OneOfKinds, valuesIn } from './choiceInput.ts'

@InputType({ description: 'An asset as you have last seen it.' })
export class AssetRefInput {
  @Field(() => ID, { description: 'Which asset.' })
  id!: string

  @Field(() => Int, { description: 'The version that you have seen.' })
  version!: number
}

const eitherWay = 'All of them are changed, or none; more than 200 by a run.'

@InputType({ description: 'Assets to retire.' })
class AssetsRetireInput {
  @Field(() => [AssetRefInput], { nullable: true, description: `Up to 10,000 assets. ${eitherWay}` })
  assets?: AssetRefInput[] | null

  @Field(() => AssetsFilterInput, { nullable: true, description: `Instead: all that fit. ${eitherWay}` })
  filter?: OneOfKinds | null
}

@InputType({ description: 'Retired assets to bring back.' })
class AssetsRestoreInput {
  @Field(() => [AssetRefInput], { nullable: true, description: `Up to 10,000 assets. ${eitherWay}` })
  assets?: AssetRefInput[] | null

  @Field(() => AssetsFilterInput, {
    nullable: true,
    description: `Instead: all that fit, such as \`{servers: {retired: {eq: true}}}\`. ${eitherWay}`,
  })
  filter?: OneOfKinds | null
}

@InputType({
  description: 'The same edit of many assets. What is given is declared: no crawl overwrites it.',
})
class AssetsUpdateInput {
  @Field(() => [ID], { nullable: true, description: `Up to 10,000 assets. ${eitherWay}` })
  ids?: string[] | null

  @Field(() => AssetsFilterInput, { nullable: true, description: `Instead: all that fit. ${eitherWay}` })
  filter?: OneOfKinds | null

  @Field(() => AssetsSetInput, {
    nullable: true,
    description: 'New values; absent = leave as it is, null = clear.',
  })
  set?: OneOfKinds | null

  @Field(() => [Tag], {
    nullable: true,
    description: 'Tags to add; one whose key is there already gets the value.',
  })
  addTags?: Tag[] | null

  @Field(() => [String], { nullable: true, description: 'Keys of tags to take off.' })
  removeTags?: string[] | null
}

@ObjectType({ description: 'Answer to a change of assets.' })
export class AssetsPayload extends Payload {
  @Field(() => [Asset], {
    description:
      'The assets as they are now; empty when it was not accepted, when a run will do it, or for a filter.',
  })
  assets!: Asset[]

  @Field(() => ChangeSet, {
    nullable: true,
    description: 'What was written into history; null when nothing differed, or a run will do it.',
  })
  changeSet?: ChangeSet | null

  @Field(() => Run, {
    nullable: true,
    description: 'The run that does it, for more than 200 assets; its log names what could not be changed.',
  })
  run?: Run | null
}

/** The same change of many assets, at once or by a run. */
@Resolver()
export class BulkResolver {
  @Mutation(() => AssetsPayload, {
    description: 'Changes fields and tags of many assets alike, as one change set.',
  })
  assetsUpdate(
    @Arg('input', () => AssetsUpdateInput, { description: 'Which, and how.' }) input: AssetsUpdateInput,
    @Ctx() session: CallerSession,
  ) {
    return answer(session, 'update', () => readUpdate(input))
  }

  @Mutation(() => AssetsPayload, {
    description: 'Takes assets out of the living inventory. They stay readable, and can be brought back.',
  })
  assetsRetire(
    @Arg('input', () => AssetsRetireInput, { description: 'Which.' }) input: AssetsRetireInput,
    @Ctx() session: CallerSession,
  ) {
    return answer(session, 'retire', () => ({
      choice: readChoice('assets', input.assets, filterIn(input.filter)),
    }))
  }

  @Mutation(() => AssetsPayload, { description: 'Brings retired assets back.' })
  assetsRestore(
    @Arg('input', () => AssetsRestoreInput, { description: 'Which.' }) input: AssetsRestoreInput,
    @Ctx() session: CallerSession,
  ) {
    return answer(session, 'restore', () => ({
      choice: readChoice('assets', input.assets, filterIn(input.filter)),
    }))
  }
}

const answer = async <Input extends { choice: Choice }>(
  session: CallerSession,
  work: Extract<WorkName, 'update' | 'retire' | 'restore'>,
  read: () => Input,
) => ({
  assets: [],
  ...(await payload(async () => {
    const input = read()
    const { changeSet, run } = await changeMany(session, work, input as never)
    const ids = 'refs' in input.choice && !run ? input.choice.refs.map(({ id }) => id) : []
    return { assets: ids.length ? await findAssetsById(session, ids) : [], changeSet, run }
  })),
})

function readUpdate(input: AssetsUpdateInput) {
  const choice = readChoice(
    'ids',
    input.ids?.map((id) => ({ id })),
    filterIn(input.filter),
  )
  const { kind, form, values } = input.set
    ? valuesIn(input.set)
    : { kind: anyKind, form: 'asset', values: {} }
  const facts = within(['set', form], () => checkFacts(kind, flattened(values), { creating: false }))
  const addTags = (input.addTags ?? []).map(({ key, value }) => ({ key, value }))
  const removeTags = input.removeTags ?? []
  within(['addTags'], () => checkFacts(anyKind, { tags: addTags }, { creating: false }))
  if (!Object.keys(facts).length && !addTags.length && !removeTags.length)
    throw fault('REQUIRED', 'set', 'Say what is to be changed: a field, or a tag.')
  return { choice, kind: kind.kind, facts, addTags, removeTags }
}

/** Tells faults of a part of the input by their place in the whole. */
function within<T>(path: string[], read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UserFault)) throw error
    throw new UserFault(error.faults.map((one) => ({ ...one, field: [...path, ...(one.field ?? [])] })))
  }
}
