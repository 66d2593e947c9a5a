import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  paginateListTables,
  type TableDescription,
  type Tag,
} from '@aws-sdk/client-dynamodb'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf, appStanding } from './apps.ts'
import { required } from './ec2Resource.ts'
import { extrasFor, extrasOf } from './extras.ts'
import { type Reading, serviceResource } from './serviceResource.ts'
import { answersFor, orIfGone } from './together.ts'
import { translated } from './translated.ts'

export const tables = serviceResource<DynamoDBClient>(
  { name: 'tables', label: 'DynamoDB tables', kind: 'APP', everyMinutes: 3 * 24 * 60 },
  {
    Service: DynamoDBClient,
    tries: {
      'dynamodb:ListTables': (client, { options }) =>
        client.send(new ListTablesCommand({ Limit: 1 }), options),
      'dynamodb:DescribeTable': (client, reading) => firstTable(client, reading),
      'dynamodb:ListTagsOfResource': async (client, reading) => {
        const table = await firstTable(client, reading)
        if (table?.TableArn)
          await client.send(new ListTagsOfResourceCommand({ ResourceArn: table.TableArn }), reading.options)
      },
    },
    async *list(client, reading) {
      for await (const page of paginateListTables({ client, pageSize: 100 }, {}, reading.options)) {
        const found = await answersFor(page.TableNames ?? [], (name) =>
          orIfGone<TableRecord | null>(readTable(client, name, reading), null),
        )
        yield translated(
          found.filter((table) => table !== null),
          ({ table }) => table.TableArn,
          ({ table, tags }) => translateTable(table, reading.region, tags),
        )
      }
    },
  },
)

interface TableRecord {
  table: TableDescription
  tags: Tag[]
}

async function readTable(
  client: DynamoDBClient,
  TableName: string,
  { options }: Reading,
): Promise<TableRecord> {
  const { Table: table = {} } = await client.send(new DescribeTableCommand({ TableName }), options)
  return { table, tags: table.TableArn ? await tagsOfTable(client, table.TableArn, options) : [] }
}

async function tagsOfTable(client: DynamoDBClient, ResourceArn: string, options: Reading['options']) {
  const tags: Tag[] = []
  let NextToken: string | undefined
  do {
    const answer = await client.send(
      new ListTagsOfResourceCommand({ ResourceArn, ...(NextToken && { NextToken }) }),
      options,
    )
    tags.push(...(answer.Tags ?? []))
    NextToken = answer.NextToken
  } while (NextToken)
  return tags
}

/** How many items it has is left out: that changes all the time. */
export function translateTable(table: TableDescription, region: string, tags: Tag[]): Observation {
  const arn = required(table.TableArn, 'TableArn')
  const { status, ended } = appStanding(table.TableStatus)
  const provisioned = table.BillingModeSummary?.BillingMode !== 'PAY_PER_REQUEST'
  return {
    externalId: arn,
    ended,
    values: {
      ...appOf({
        name: table.TableName ?? arn,
        region,
        providerId: arn,
        family: AppFamily.DATABASE,
        product: 'Amazon DynamoDB',
        tags,
      }),
      status,
      providerStatus: table.TableStatus,
      databaseType: 'key value',
      tables: table.TableName ? [table.TableName] : [],
      endpoint: `https://dynamodb.${region}.amazonaws.com`,
      extras: [
        ...extrasOf({
          'billing mode': table.BillingModeSummary?.BillingMode ?? 'PROVISIONED',
          'read capacity': provisioned ? table.ProvisionedThroughput?.ReadCapacityUnits : undefined,
          'write capacity': provisioned ? table.ProvisionedThroughput?.WriteCapacityUnits : undefined,
          'table class': table.TableClassSummary?.TableClass,
          stream: table.StreamSpecification?.StreamViewType,
          'encryption key': table.SSEDescription?.KMSMasterKeyArn,
          'deletion protection': table.DeletionProtectionEnabled,
          'created at': table.CreationDateTime,
        }),
        ...extrasFor(
          'key',
          (table.KeySchema ?? []).map(({ AttributeName, KeyType }) => `${AttributeName} (${KeyType})`),
        ),
        ...extrasFor(
          'index',
          [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].map(
            ({ IndexName }) => IndexName,
          ),
        ),
        ...extrasFor(
          'replica in',
          (table.Replicas ?? []).map(({ RegionName }) => RegionName),
        ),
      ],
    },
  }
}

async function firstTable(
  client: DynamoDBClient,
  { options }: Reading,
): Promise<TableDescription | undefined> {
  const { TableNames } = await client.send(new ListTablesCommand({ Limit: 1 }), options)
  const TableName = TableNames?.[0]
  return TableName ? (await client.send(new DescribeTableCommand({ TableName }), options)).Table : undefined
}
