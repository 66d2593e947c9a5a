import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoAccount } from '../dev/emulators/aws/accounts.ts'
import { startEstate } from './estate.ts'

let estate: Awaited<ReturnType<typeof startEstate>>
let policy: { Version: string; Statement: { Effect: string; Action: string[]; Resource: string }[] }

beforeAll(async () => {
  estate = await startEstate({ regions: { 'eu-west-1': 6 }, surroundings: true })
  const { crawlers } = await estate.query('{ crawlers { provider policy } }')
  const of = (provider: string) =>
    crawlers.find((one: { provider: string }) => one.provider === provider).policy
  expect(of('OPENSTACK')).toBeNull()
  policy = JSON.parse(of('AWS'))
})
afterAll(() => estate?.close())

const allow = (permissions: string[]) =>
  estate.control.updateAccount(demoAccount.accessKeyId, { permissions })

const test = async () =>
  (
    await estate.query(
      `mutation ($id: ID!) { connectionTest(input: { id: $id }) {
        result { ok checks { ok permission problem { code message remedy } } } userErrors { message } } }`,
      { id: estate.connection },
    )
  ).connectionTest.result as {
    ok: boolean
    checks: { ok: boolean; permission: string; problem: { code: string; remedy: string } | null }[]
  }

it('is a policy of IAM that names each permission once and allows nothing but reading', () => {
  const [statement, ...others] = policy.Statement
  expect([policy.Version, others]).toEqual(['2012-10-17', []])
  expect(statement).toMatchObject({ Effect: 'Allow', Resource: '*' })
  const actions = statement!.Action
  expect(actions).toEqual([...new Set(actions)].sort())
  expect(actions).toContain('ec2:DescribeInstanceTypes')
  for (const action of actions) expect(action).toMatch(/^[a-z0-9-]+:(Describe|List|Get|GET)\w*$/)
})

it('is enough to read everything', async () => {
  allow(policy.Statement[0]!.Action)
  expect((await test()).ok).toBe(true)
  const run = await estate.syncToTheEnd(estate.connection, null)
  expect(run.scopes.filter(({ problem }) => problem)).toEqual([])
  expect(run).toMatchObject({ state: 'SUCCEEDED' })
  expect(run.scopes.length).toBeGreaterThan(25)
})

it('has nothing that could be left out: each permission that is missing is named, with what to do', async () => {
  for (const missing of ['ec2:DescribeVolumes', 'ec2:DescribeInstanceTypes', 'ec2:DescribeVpnGateways']) {
    allow(policy.Statement[0]!.Action.filter((action) => action !== missing))
    const { ok, checks } = await test()
    expect(ok).toBe(false)
    const failed = checks.filter((one) => !one.ok)
    expect(failed).toMatchObject([{ permission: missing, problem: { code: 'PERMISSION_MISSING' } }])
    expect(failed[0]!.problem!.remedy).toContain(missing)
  }
})
