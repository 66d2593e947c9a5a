import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEstate } from './estate.ts'

describe('a crawl of an AWS account', () => {
  let estate: Awaited<ReturnType<typeof startEstate>>
  beforeAll(async () => {
    estate = await startEstate({ regions: { 'eu-west-1': 1200, 'us-east-1': 40 } })
  })
  afterAll(() => estate?.close())

  it('brings every instance into the inventory, and nothing twice', async () => {
    const first = await estate.syncToTheEnd()
    expect(first).toMatchObject({ state: 'SUCCEEDED', problem: null })
    expect(first.totals).toMatchObject({ found: 1240, created: 1240, quarantined: 0 })
    const { totalCount, nodes } = await estate.servers({}, 'datacenter { name } lastSeenAt')
    expect(totalCount).toBe(1240)
    expect(nodes[0].datacenter.name).toBe('Cloud')
    expect(nodes[0].lastSeenAt).not.toBeNull()
  })

  it('writes nothing when nothing has changed', async () => {
    const before = await fingerprint()
    const again = await estate.syncToTheEnd()
    expect(again.totals).toMatchObject({ found: 1240, created: 0, changed: 0, unchanged: 1240, missing: 0 })
    expect(await fingerprint()).toEqual(before)
  })

  it('keeps what a person has set, shows what the cloud says, and gives way when told to', async () => {
    const [server] = (await estate.servers({ region: { eq: 'eu-west-1' } })).nodes
    const { serverUpdate } = await estate.query(
      `mutation ($id: ID!, $version: Int!) { serverUpdate(input: { id: $id, version: $version, role: "gatekeeper" }) { server { role } userErrors { message } } }`,
      server,
    )
    expect(serverUpdate).toEqual({ server: { role: 'gatekeeper' }, userErrors: [] })
    estate.control.changeInstances('eu-west-1', { count: 1200 }, { tags: { Role: 'other' } })
    expect((await estate.syncToTheEnd()).totals.changed).toBeGreaterThan(1000)
    const found = await estate.servers({ drifted: { eq: true } }, 'role drift { field declared observed }')
    expect(found.nodes).toMatchObject([
      { role: 'gatekeeper', drift: [{ field: 'role', declared: 'gatekeeper', observed: 'other' }] },
    ])
    const { assetFieldsRelease } = await estate.query(
      `mutation ($id: ID!, $version: Int!) { assetFieldsRelease(input: { id: $id, version: $version, fields: ["role"] }) { assets { ... on Server { role drift { field } } } } }`,
      found.nodes[0],
    )
    expect(assetFieldsRelease.assets).toEqual([{ role: 'other', drift: [] }])
  })

  it('marks the unseen missing, then gone, and restores what comes back', async () => {
    estate.control.removeInstances('us-east-1', { count: 3 })
    expect((await estate.syncToTheEnd()).totals).toMatchObject({ missing: 3, gone: 0 })
    expect(await live()).toBe(40)
    expect((await estate.syncToTheEnd()).totals).toMatchObject({ missing: 0, gone: 3 })
    expect(await live()).toBe(37)
    estate.control.restoreInstances('us-east-1')
    expect((await estate.syncToTheEnd()).totals).toMatchObject({ restored: 3 })
    expect(await live()).toBe(40)
  })

  it('retires at once what the cloud says has ended', async () => {
    estate.control.terminateInstances('us-east-1', { count: 2 })
    expect((await estate.syncToTheEnd()).totals).toMatchObject({ gone: 2, missing: 0 })
    expect(await live()).toBe(38)
  })

  it('leaves alone what a person has retired, and takes nothing back when that is undone', async () => {
    const [server] = (await estate.servers({ region: { eq: 'us-east-1' } })).nodes
    const { assetsRetire } = await estate.query(
      `mutation ($id: ID!, $version: Int!) { assetsRetire(input: { assets: [{ id: $id, version: $version }] }) { changeSet { id } } }`,
      server,
    )
    estate.control.changeInstances('us-east-1', { count: 38 })
    await estate.syncToTheEnd()
    expect(await live()).toBe(37)
    await estate.query(
      `mutation ($id: ID!) { changeSetUndo(input: { id: $id }) { userErrors { message } } }`,
      assetsRetire.changeSet,
    )
    expect(await live()).toBe(38)
  })

  const live = async () => (await estate.servers({ region: { eq: 'us-east-1' } })).totalCount as number
  const fingerprint = async () => {
    const { db } = estate.api.core
    const versions = db.collection('assets').aggregate([{ $group: { _id: null, sum: { $sum: '$version' } } }])
    return [await versions.toArray(), await db.collection('changes').countDocuments()]
  }
})
