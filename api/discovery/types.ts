import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from '../../core/discovery/connection.ts'
import { QuarantinedRecord } from '../../core/discovery/quarantine.ts'
import { Run, RunProblem } from '../../core/runs/run.ts'
import { connectionType } from '../connection.ts'
import { AssetKinds } from '../inventory/kinds.ts'
import { Payload } from '../userErrors.ts'

export const ConnectionConnection = connectionType(Connection)
export const QuarantinedRecordConnection = connectionType(QuarantinedRecord)

export enum CrawlerFieldType {
  TEXT = 'TEXT',
  SECRET = 'SECRET',
  URL = 'URL',
  FOLDER = 'FOLDER',
  FILES = 'FILES',
}
registerEnumType(CrawlerFieldType, {
  name: 'CrawlerFieldType',
  description: 'How a setting of a connection is entered.',
  valuesConfig: {
    TEXT: { description: 'A line of text.' },
    SECRET: { description: 'A secret: stored encrypted, never answered.' },
    URL: { description: 'A URL.' },
    FOLDER: { description: 'A folder on the server, below the one that its operator allows.' },
    FILES: { description: 'Uploaded files.' },
  },
})

@ObjectType({ description: 'One setting that a connection of a provider has.' })
export class CrawlerFieldInfo {
  @Field(() => String, { description: 'Name in `settings`.' })
  name!: string

  @Field(() => String, { description: 'Label for people.' })
  label!: string

  @Field(() => String, { description: 'What it means.' })
  description!: string

  @Field(() => CrawlerFieldType, { description: 'How it is entered.' })
  type!: CrawlerFieldType

  @Field(() => Boolean, { description: 'Whether a connection needs it.' })
  required!: boolean

  @Field(() => String, { nullable: true, description: 'An example of its form.' })
  placeholder?: string | null
}

@ObjectType({ description: 'A region of a provider.' })
export class RegionInfo {
  @Field(() => String, { description: 'Name for the provider, such as eu-west-1.' })
  name!: string

  @Field(() => String, { description: 'Name for people, such as Ireland.' })
  label!: string
}

@ObjectType({ description: 'One type of thing that a crawler lists.' })
export class CrawlerResourceInfo {
  @Field(() => String, { description: 'Such as instances.' })
  name!: string

  @Field(() => AssetKinds, { description: 'Kind of asset that it becomes.' })
  kind!: string

  @Field(() => String, { description: 'In sentences, such as security groups.' })
  label!: string

  @Field(() => [String], { description: "Permissions that the key needs, in the provider's words." })
  permissions!: string[]

  @Field(() => Int, {
    nullable: true,
    description:
      'How often it is read by itself, in minutes, unless somebody chooses otherwise; null: never.',
  })
  everyMinutes!: number | null
}

@ObjectType({ description: 'A provider that can be connected, and what a connection to it needs.' })
export class CrawlerInfo {
  @Field(() => String, { description: 'Name in `provider` of a connection.' })
  provider!: string

  @Field(() => String, { description: 'Name for people.' })
  name!: string

  @Field(() => String, { description: 'What it reads, and what it needs.' })
  description!: string

  @Field(() => [RegionInfo], { description: 'Regions to choose from.' })
  regions!: RegionInfo[]

  @Field(() => [CrawlerFieldInfo], { description: 'Settings of a connection.' })
  fields!: CrawlerFieldInfo[]

  @Field(() => [CrawlerResourceInfo], { description: 'What it lists.' })
  resources!: CrawlerResourceInfo[]

  @Field(() => String, {
    nullable: true,
    description:
      "Ready-made for the provider's own pages: what gives a key all permissions that reading needs, and no others, such as a policy of IAM in JSON. Null where the provider has nothing like it.",
  })
  policy?: string | null

  @Field(() => Boolean, { name: 'usesRegions', description: 'Whether a connection has to choose regions.' })
  usesRegions(): boolean {
    return this.regions.length > 0
  }
}

@InputType({ description: 'One setting of a connection.' })
export class SettingInput {
  @Field(() => String, { description: 'Name of the setting, as in `crawlers`.' })
  name!: string

  @Field(() => String, { description: 'Its value.' })
  value!: string
}

@InputType({ description: 'A new connection.' })
export class ConnectionCreateInput {
  @Field(() => String, { description: 'What people call it; at most 255 characters.' })
  name!: string

  @Field(() => String, { description: 'One of the providers in `crawlers`.' })
  provider!: string

  @Field(() => ID, { description: 'Datacenter that its servers are located in.' })
  datacenter!: string

  @Field(() => [String], { nullable: true, description: 'Regions to read.' })
  regions?: string[] | null

  @Field(() => [SettingInput], { description: 'Settings, secrets included.' })
  settings!: SettingInput[]

  @Field(() => [ID], { nullable: true, description: 'Uploads to read.' })
  files?: string[] | null
}

@InputType({ description: 'Changes of a connection; what is left out stays.' })
export class ConnectionUpdateInput {
  @Field(() => ID, { description: 'Id of the connection.' })
  id!: string

  @Field(() => Int, { description: 'Version that the change is based on.' })
  version!: number

  @Field(() => String, { nullable: true, description: 'What people call it.' })
  name?: string | null

  @Field(() => [String], { nullable: true, description: 'Regions to read.' })
  regions?: string[] | null

  @Field(() => Boolean, { nullable: true, description: 'Whether it may be synced.' })
  enabled?: boolean | null

  @Field(() => [SettingInput], {
    nullable: true,
    description: 'Only the named settings change; a secret that is left out stays.',
  })
  settings?: SettingInput[] | null

  @Field(() => [ID], { nullable: true, description: 'Uploads to read, instead of the present ones.' })
  files?: string[] | null
}

@InputType({
  description:
    'What to try: all that is typed or, with an id, a stored connection with these settings laid over it.',
})
export class ConnectionTestInput {
  @Field(() => ID, { nullable: true, description: 'A stored connection.' })
  id?: string | null

  @Field(() => String, { nullable: true, description: 'One of the providers in `crawlers`.' })
  provider?: string | null

  @Field(() => [String], { nullable: true, description: 'Regions to try.' })
  regions?: string[] | null

  @Field(() => [SettingInput], { nullable: true, description: 'Settings, secrets included.' })
  settings?: SettingInput[] | null

  @Field(() => [ID], { nullable: true, description: 'Uploads to read.' })
  files?: string[] | null
}

@InputType({ description: 'Which connection to sync.' })
export class ConnectionSyncInput {
  @Field(() => ID, { description: 'Id of the connection.' })
  id!: string

  @Field(() => [String], {
    nullable: true,
    description: 'Names of resources, as in `crawlers`; everything where it is absent.',
  })
  resources?: string[] | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only tells what would be changed, in `plannedChanges` of the run; nothing is written.',
  })
  dryRun?: boolean | null
}

@ObjectType({ description: 'One thing that was tried.' })
export class ConnectionCheck {
  @Field(() => Boolean, { description: 'Whether it works.' })
  ok!: boolean

  @Field(() => String, { nullable: true, description: 'Region in which it was tried.' })
  region!: string | null

  @Field(() => String, { nullable: true, description: "Permission that was tried, in the provider's words." })
  permission!: string | null

  @Field(() => RunProblem, { nullable: true, description: 'Why it does not work.' })
  problem!: RunProblem | null
}

@ObjectType({ description: 'Whether a key works, as whom, and what it may not do.' })
export class ConnectionTestResult {
  @Field(() => Boolean, { description: 'Whether everything works.' })
  ok!: boolean

  @Field(() => String, { nullable: true, description: 'As whom the key signs in, such as an ARN.' })
  identity!: string | null

  @Field(() => String, { nullable: true, description: 'Account that it belongs to.' })
  account!: string | null

  @Field(() => [ConnectionCheck], { description: 'What was tried.' })
  checks!: ConnectionCheck[]
}

@ObjectType({ description: 'The connection after the mutation.' })
export class ConnectionPayload extends Payload {
  @Field(() => Connection, { nullable: true, description: 'The connection; null when nothing was done.' })
  connection?: Connection | null
}

@ObjectType({ description: 'Outcome of a test.' })
export class ConnectionTestPayload extends Payload {
  @Field(() => ConnectionTestResult, { nullable: true, description: 'Null when the input was not complete.' })
  result?: ConnectionTestResult | null
}

@ObjectType({ description: 'The run that syncs the connection.' })
export class ConnectionSyncPayload extends Payload {
  @Field(() => Run, { nullable: true, description: 'The run; null when none was started.' })
  run?: Run | null

  @Field(() => Boolean, {
    description: 'True when the connection was being synced already; `run` is that run.',
  })
  alreadyRunning!: boolean
}
