import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2'
import { demoAccount } from '../../emulators/ec2/accounts.ts'
import { answer } from './answer.ts'

/** Lists all instances through the SDK, the regions at the same time, and drops them. */
answer(async ({ url, regions }: { url: string; regions: string[] }) => {
  const started = performance.now()
  const counts = await Promise.all(regions.map((region) => drain(url, region)))
  return { ms: performance.now() - started, instances: counts.reduce((a, b) => a + b, 0) }
})

async function drain(endpoint: string, region: string): Promise<number> {
  const { accessKeyId, secretAccessKey } = demoAccount
  const client = new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } })
  let count = 0
  for await (const page of paginateDescribeInstances({ client, pageSize: 1000 }, {}))
    for (const { Instances = [] } of page.Reservations ?? []) count += Instances.length
  client.destroy()
  return count
}
