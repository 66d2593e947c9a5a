import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import type { CallerSession } from '../../core/accounts/caller.ts'
import { changeMany } from '../../core/bulk/changeMany.ts'
import { ChangeSet } from '../../core/history/records.ts'
import { editsIn, findEdited } from '../../core/inventory/relate.ts'
import { Relation } from '../../core/inventory/relation.ts'
import { RelationProperties } from '../../core/inventory/relationKinds.ts'
import { fault } from '../../core/platform/errors.ts'
import { Run } from '../../core/runs/run.ts'
import { Payload, payload } from '../userErrors.ts'
import { RelationKinds } from './relationKinds.ts'

@InputType({ description: 'A relation to add.' })
class RelationAddInput {
  @Field(() => RelationKinds, { description: 'What kind of relation.' })
  kind!: string

  @Field(() => ID, { description: 'Asset that it starts from; you need the level WRITE there.' })
  from!: string

  @Field(() => ID, { description: 'Asset that it leads to.' })
  to!: string

  @Field(() => RelationProperties, { nullable: true, description: 'What is known of it.' })
  properties?: RelationProperties | null
}

@InputType({ description: 'A relation as you have last seen it.' })
class RelationRefInput {
  @Field(() => ID, { description: 'Which relation.' })
  id!: string

  @Field(() => Int, { description: 'The version that you have seen.' })
  version!: number
}

@InputType({ description: 'A relation whose properties change.' })
class RelationChangeInput extends RelationRefInput {
  @Field(() => RelationProperties, { description: 'Absent = leave as it is, null = clear.' })
  properties!: RelationProperties
}

@InputType({
  description:
    'Up to 10,000 edits of relations; all of them happen, or none. More than 200 are done by a run.',
})
class RelationsUpdateInput {
  @Field(() => [RelationAddInput], {
    nullable: true,
    description: 'Relations to add; one that holds already gets the properties.',
  })
  add?: RelationAddInput[] | null

  @Field(() => [RelationChangeInput], { nullable: true, description: 'Relations to change.' })
  change?: RelationChangeInput[] | null

  @Field(() => [RelationRefInput], { nullable: true, description: 'Relations that no longer hold.' })
  remove?: RelationRefInput[] | null
}

@ObjectType({ description: 'Answer to an edit of relations.' })
class RelationsPayload extends Payload {
  @Field(() => [Relation], { description: 'The added and changed relations as they are now.' })
  relations!: Relation[]

  @Field(() => ChangeSet, {
    nullable: true,
    description: 'What was written into history; null when nothing differed, or a run will do it.',
  })
  changeSet?: ChangeSet | null

  @Field(() => Run, { nullable: true, description: 'The run that does it, for more than 200 edits.' })
  run?: Run | null
}

@Resolver()
export class RelationsUpdateResolver {
  @Mutation(() => RelationsPayload, {
    description: 'Adds, changes and ends relations between assets, in one change set.',
  })
  async relationsUpdate(
    @Arg('input', () => RelationsUpdateInput, { description: 'The edits.' }) input: RelationsUpdateInput,
    @Ctx() session: CallerSession,
  ) {
    return {
      relations: [],
      ...(await payload(async () => {
        const edits = editsIn(input)
        if (edits.length > maxEdits)
          throw fault(
            'LIMIT_REACHED',
            null,
            `At most ${maxEdits} relations can be edited at once; these are ${edits.length}.`,
          )
        const { changeSet, run } = await changeMany(session, 'relate', { edits })
        return { relations: run ? [] : await findEdited(session, edits), changeSet, run }
      })),
    }
  }
}

const maxEdits = 10_000
