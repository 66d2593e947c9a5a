import type { Call } from '../actions.ts'
import { Fault } from '../fault.ts'
import { faultsOf, suffer } from '../listing.ts'
import { jsonService } from '../protocols/json.ts'
import { sizeIn } from '../protocols/query.ts'
import type { Thing } from '../shelves.ts'
import { shelfOf, without } from './shelf.ts'

export const dynamoDb = jsonService({
  prefix: 'dynamodb',
  target: 'DynamoDB_20120810',
  namespace: 'com.amazonaws.dynamodb.v20120810',
  version: '1.0',
  actions: {
    /** The next page begins after the name of a table, whether there is such a table or not. */
    async ListTables(call, { Limit, ExclusiveStartTableName: start }) {
      const size = Math.min(
        sizeIn(Limit === undefined ? null : String(Limit), [1, 100]),
        call.world.largestPage,
      )
      const names = [...shelfOf(call, 'tables').keys()].sort()
      const rest = names.filter((name) => !start || name > String(start))
      await suffer(call, Math.ceil((names.length - rest.length) / size))
      if (faultsOf(call).empty) return { TableNames: [] }
      const TableNames = rest.slice(0, size)
      return { TableNames, ...(rest.length > size && { LastEvaluatedTableName: TableNames.at(-1)! }) }
    },
    async DescribeTable(call, { TableName }) {
      await suffer(call, 0)
      return {
        Table: without(
          tableOf(call, (_, name) => name === TableName),
          'Tags',
        ),
      }
    },
    async ListTagsOfResource(call, { ResourceArn, NextToken }) {
      await suffer(call, 0)
      const tags = tableOf(call, ({ TableArn }) => TableArn === ResourceArn).Tags as Thing[] | null
      const from = Number(NextToken ?? 0)
      const until = from + 10
      return {
        Tags: (tags ?? []).slice(from, until),
        ...((tags?.length ?? 0) > until && { NextToken: String(until) }),
      }
    },
  },
})

function tableOf(call: Call, isIt: (table: Thing, name: string) => boolean): Thing {
  const found = [...shelfOf(call, 'tables')].find(([name, table]) => isIt(table, name))
  if (found) return found[1]
  throw new Fault(400, 'ResourceNotFoundException', 'Requested resource not found')
}
