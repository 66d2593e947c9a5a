import { ArgsType, Field, InputType } from 'type-graphql'
import { ChangeOrigin } from '../../core/history/records.ts'
import { ForwardArgs } from '../connection.ts'
import { AssetKinds } from '../inventory/kinds.ts'

@InputType({ description: 'Which change sets; what is absent does not matter.' })
class ChangeSetFilterInput {
  @Field(() => String, { nullable: true, description: 'Part of the name of who did it, whatever its case.' })
  actor?: string | null

  @Field(() => [ChangeOrigin], { nullable: true, description: 'Where they came from.' })
  origins?: ChangeOrigin[] | null

  @Field(() => [AssetKinds], { nullable: true, description: 'Kinds of the assets that changed.' })
  kinds?: string[] | null

  @Field(() => [String], {
    nullable: true,
    description:
      'Names of fields, of which at least one changed on some asset; that one was added is no change of a field.',
  })
  fields?: string[] | null

  @Field(() => Date, { nullable: true, description: 'Not before this moment.' })
  since?: Date | null

  @Field(() => Date, { nullable: true, description: 'Before this moment.' })
  until?: Date | null
}

@ArgsType()
export class ChangeSetsArgs extends ForwardArgs {
  @Field(() => ChangeSetFilterInput, {
    nullable: true,
    description: 'Which ones; all unless said otherwise.',
  })
  filter?: ChangeSetFilterInput | null
}
