import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { Connection } from '../../core/discovery/connection.ts'
import { After, Chain } from '../../core/scheduling/chain.ts'
import { Occurrence } from '../../core/scheduling/occurrence.ts'
import { ActionType, OwnSchedule } from '../../core/scheduling/ownSchedule.ts'
import { Webhook } from '../../core/scheduling/webhook.ts'
import { connectionType } from '../connection.ts'
import { Payload } from '../userErrors.ts'

export const OwnScheduleConnection = connectionType(OwnSchedule)
export const OccurrenceConnection = connectionType(Occurrence)

export const ActionTarget = createUnionType({
  name: 'ScheduleActionTarget',
  description: 'What the action of a schedule is about.',
  types: () => [Connection, Webhook] as const,
  resolveType: (one) => (one instanceof Connection ? 'Connection' : 'Webhook'),
})

@ObjectType({ description: 'What a schedule does.' })
export class ScheduleAction {
  @Field(() => ActionType, { description: 'Which kind of action.' })
  type!: ActionType

  @Field(() => ActionTarget, { nullable: true, description: 'On what; null if it is gone or invisible.' })
  target!: Connection | Webhook | null

  @Field(() => [String], { nullable: true, description: 'Of a crawl: what is read; null for all.' })
  resources!: string[] | null
}

@InputType({ description: 'What a schedule does.' })
export class ScheduleActionInput {
  @Field(() => ActionType, { description: 'Which kind of action.' })
  type!: ActionType

  @Field(() => ID, { description: 'Connection to read, or webhook to call; you need WRITE on it.' })
  target!: string

  @Field(() => [String], { nullable: true, description: 'Of a crawl: what to read; all if left out.' })
  resources?: string[] | null
}

@InputType({ description: 'A new schedule. Without minutes and cron it follows others, or is run by hand.' })
export class OwnScheduleCreateInput {
  @Field(() => String, { description: 'What people call it.' })
  name!: string

  @Field(() => ScheduleActionInput, { description: 'What it does.' })
  action!: ScheduleActionInput

  @Field(() => Int, { nullable: true, description: 'Every how many minutes.' })
  everyMinutes?: number | null

  @Field(() => String, { nullable: true, description: 'Cron expression, at most once a minute.' })
  cron?: string | null

  @Field(() => String, { nullable: true, description: 'Time zone of the cron expression; UTC if left out.' })
  timeZone?: string | null

  @Field(() => Boolean, { nullable: true, description: 'true to begin with a pause.' })
  paused?: boolean | null
}

@InputType({ description: 'Changes of a schedule; what is left out stays.' })
export class OwnScheduleUpdateInput {
  @Field(() => ID, { description: 'Which.' })
  id!: string

  @Field(() => Int, { description: 'Version that you have read.' })
  version!: number

  @Field(() => String, { nullable: true, description: 'What people call it.' })
  name?: string | null

  @Field(() => ScheduleActionInput, { nullable: true, description: 'What it does.' })
  action?: ScheduleActionInput | null

  @Field(() => Int, { nullable: true, description: 'Every how many minutes; ends a cron expression.' })
  everyMinutes?: number | null

  @Field(() => String, { nullable: true, description: 'Cron expression; ends an interval.' })
  cron?: string | null

  @Field(() => String, { nullable: true, description: 'Time zone of the cron expression.' })
  timeZone?: string | null

  @Field(() => Boolean, { nullable: true, description: 'true pauses it, false lets it go on.' })
  paused?: boolean | null
}

@ObjectType({ description: 'The outcome of a change of a schedule.' })
export class OwnSchedulePayload extends Payload {
  @Field(() => OwnSchedule, { nullable: true, description: 'The schedule as it is now.' })
  schedule?: OwnSchedule | null
}

@InputType({ description: 'A schedule to delete.' })
export class OwnScheduleDeleteInput {
  @Field(() => ID, { description: 'Which.' })
  id!: string

  @Field(() => Int, { description: 'Version that you have read.' })
  version!: number
}

@InputType({ description: 'A schedule to run by hand.' })
export class OwnScheduleRunInput {
  @Field(() => ID, { description: 'Which.' })
  id!: string
}

@InputType({ description: 'Has one schedule started when another one has ended.' })
export class ChainCreateInput {
  @Field(() => ID, { description: 'The one that ends first: of a connection, or your own.' })
  from!: string

  @Field(() => ID, { description: 'The one that is started then.' })
  to!: string

  @Field(() => After, { description: 'After which outcome.' })
  after!: After

  @Field(() => Int, { nullable: true, description: 'How many seconds later; at most a week.' })
  delaySeconds?: number | null
}

@ObjectType({ description: 'The outcome of chaining schedules.' })
export class ChainPayload extends Payload {
  @Field(() => Chain, { nullable: true, description: 'The chain.' })
  chain?: Chain | null
}

@InputType({ description: 'A chain to end.' })
export class ChainDeleteInput {
  @Field(() => ID, { description: 'Which.' })
  id!: string
}

@ObjectType({ description: 'The outcome of deleting something of schedules.' })
export class ScheduleDeletePayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'Id of what is gone.' })
  deletedId?: string | null
}
