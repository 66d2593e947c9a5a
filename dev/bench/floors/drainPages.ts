import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2'
import { demoAccount } from '../../emulators/aws/accounts.ts'
import { timed } from '../took.ts'
import { answer } from './answer.ts'

/** Lists all instances through the SDK, the regions at the same time, and drops them. */
answer(({ url, regions }: { url: string; regions: string[] }) =>
  timed(() => Promise.all(regions.map((region) => drain(url, region)))),
)

async function drain(endpoint: string, region: string): Promise<void> {
  const { accessKeyId, secretAccessKey } = demoAccount
  const client = new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } })
  client.middlewareStack.remove('loggerMiddleware')
  let more = true
  for await (const page of paginateDescribeInstances({ client, pageSize: 1000 }, {}))
    more = page.NextToken !== undefined
  client.destroy()
  if (more) throw new Error(`The listing of ${region} did not come to its end.`)
}
