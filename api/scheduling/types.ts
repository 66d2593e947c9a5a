import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { Schedule } from '../../core/scheduling/schedule.ts'
import { Payload } from '../userErrors.ts'

@InputType({ description: 'When something is read from now on; what is left out stays as it is.' })
export class ScheduleUpdateInput {
  @Field(() => ID, { description: 'Which.' })
  id!: string

  @Field(() => Int, { description: 'Version that you have read.' })
  version!: number

  @Field(() => Int, { nullable: true, description: 'Every how many minutes; ends a cron expression.' })
  everyMinutes?: number | null

  @Field(() => String, {
    nullable: true,
    description: 'Cron expression, at most once a minute, such as 0 6 * * 1-5; ends an interval.',
  })
  cron?: string | null

  @Field(() => String, { nullable: true, description: 'Time zone of the cron expression.' })
  timeZone?: string | null

  @Field(() => Boolean, { nullable: true, description: 'true pauses it, false lets it go on.' })
  paused?: boolean | null
}

@ObjectType({ description: 'The outcome of a change of a schedule.' })
export class SchedulePayload extends Payload {
  @Field(() => Schedule, { nullable: true, description: 'The schedule as it is now.' })
  schedule?: Schedule | null
}

@InputType({ description: 'Every how many minutes, or a cron expression.' })
export class WhenInput {
  @Field(() => Int, { nullable: true, description: 'Every how many minutes.' })
  everyMinutes?: number | null

  @Field(() => String, { nullable: true, description: 'Cron expression.' })
  cron?: string | null

  @Field(() => String, { defaultValue: 'UTC', description: 'Time zone of the cron expression.' })
  timeZone!: string
}

@ObjectType({ description: 'What a schedule would do.' })
export class SchedulePreview extends Payload {
  @Field(() => [Date], { description: 'The next five times; none where something is wrong with it.' })
  times!: Date[]

  @Field(() => String, { nullable: true, description: 'When it happens, for people.' })
  inWords?: string | null

  @Field(() => [String], {
    description: 'The same times in words, as the clocks of the time zone have them.',
  })
  timesInWords!: string[]
}
