import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { Run, RunState } from '../../core/runs/run.ts'
import { connectionType } from '../connection.ts'
import { Payload } from '../userErrors.ts'

export const RunConnection = connectionType(Run)

@InputType({ description: 'Which runs to list.' })
export class RunFilter {
  @Field(() => [RunState], { nullable: true, description: 'Only runs in one of these states.' })
  state?: RunState[] | null

  @Field(() => ID, { nullable: true, description: 'Only runs of this connection.' })
  connection?: string | null
}

@InputType({ description: 'Which run to stop.' })
export class RunCancelInput {
  @Field(() => ID, { description: 'Id of the run.' })
  id!: string
}

@ObjectType({ description: 'The run after the mutation.' })
export class RunPayload extends Payload {
  @Field(() => Run, { nullable: true, description: 'The run; null when nothing was done.' })
  run?: Run | null
}
