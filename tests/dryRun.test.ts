import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordsOf } from '../core/history/records.ts'
import { startEstate } from './estate.ts'

let estate: Awaited<ReturnType<typeof startEstate>>
beforeAll(async () => {
  estate = await startEstate({ regions: { 'eu-west-1': 12 } })
})
afterAll(() => estate?.close())

const planned = `run(id: $id) { dryRun state totals { found created changed missing gone unchanged }
  plannedChanges(first: 100) { totalCount nodes { action kind relation name asset { id } fields { field before after } } } }`

async function dryRun() {
  const { connectionSync } = await estate.query(
    `mutation ($id: ID!) { connectionSync(input: { id: $id, dryRun: true, resources: ["instances"] }) { run { id title } userErrors { message } } }`,
    { id: estate.connection },
  )
  expect(connectionSync.userErrors).toEqual([])
  expect(connectionSync.run.title).toBe('Dry run of instances of aws-prod')
  await estate.watch(connectionSync.run.id)
  return (await estate.query(`query ($id: ID!) { ${planned} }`, { id: connectionSync.run.id })).run
}

const written = async () =>
  JSON.stringify([
    await recordsOf(estate.api.core, 'assets').find().sort({ _id: 1 }).toArray(),
    await recordsOf(estate.api.core, 'relations').find().sort({ _id: 1 }).toArray(),
    await estate.query('{ changeSets { totalCount } }'),
    await estate.query(`query ($id: ID!) { connection(id: $id) { scopes { lastCompleteAt } } }`, {
      id: estate.connection,
    }),
  ])

it('shows what the first sync would add, and adds nothing', async () => {
  const before = await written()
  const run = await dryRun()
  expect(run).toMatchObject({ dryRun: true, state: 'SUCCEEDED' })
  const { created } = run.totals
  expect(created).toBeGreaterThan(5)
  const servers = run.plannedChanges.nodes.filter(({ kind }: { kind: string }) => kind === 'SERVER')
  expect(servers).toHaveLength(created)
  expect(servers[0]).toMatchObject({ action: 'CREATED', asset: null, name: expect.any(String) })
  expect(servers[0].fields).toContainEqual({ field: 'region', before: null, after: 'eu-west-1' })
  expect(await written()).toBe(before)
})

it('shows what would change, go missing and end, and does none of it', async () => {
  const { control } = estate
  await estate.syncToTheEnd()
  const { nodes } = await estate.servers({}, 'instanceId status')
  const [changing, ending, leaving] = nodes.filter(({ status }: { status: string }) => status === 'ACTIVE')
  const ids = (one: { instanceId: string }) => ({ ids: [one.instanceId] })
  control.changeInstances('eu-west-1', ids(changing), { tags: { Role: 'another' } })
  control.terminateInstances('eu-west-1', ids(ending))
  control.removeInstances('eu-west-1', ids(leaving))
  const before = await written()

  const run = await dryRun()

  expect(run.totals).toMatchObject({ created: 0, changed: 1, gone: 1, missing: 1 })
  const of = (asset: { id: string }) =>
    run.plannedChanges.nodes.find((one: { asset: { id: string } | null }) => one.asset?.id === asset.id)
  expect(of(changing)).toMatchObject({ action: 'CHANGED', name: changing.name })
  expect(of(changing).fields).toContainEqual(expect.objectContaining({ field: 'role', after: 'another' }))
  expect(of(ending)).toMatchObject({ action: 'RETIRED' })
  expect(await written()).toBe(before)

  expect((await estate.syncToTheEnd()).totals).toMatchObject({ changed: 1, gone: 1, missing: 1 })
})

it('is nothing but a reading when nothing has changed', async () => {
  await estate.syncToTheEnd()
  const run = await dryRun()
  expect(run.plannedChanges).toEqual({ totalCount: 0, nodes: [] })
})
