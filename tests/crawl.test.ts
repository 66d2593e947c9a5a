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

  it('goes on with the server that others were merged into, until that is undone', async () => {
    const [found] = (await estate.servers({ region: { eq: 'us-east-1' } }, 'name instanceType')).nodes
    const made = await estate.query(
      `mutation { serverCreate(input: { name: "by hand", description: "the shop" }) { server { id version } }
        appCreate(input: { name: "shop" }) { app { id } } }`,
    )
    const byHand = made.serverCreate.server
    await estate.query(
      `mutation ($from: ID!, $to: ID!) { relationsUpdate(input: { add: [{ kind: RUNS_ON, from: $from, to: $to }] }) { userErrors { message } } }`,
      { from: made.appCreate.app.id, to: found.id },
    )
    const ref = ({ id, version }: { id: string; version: number }) => ({ id, version })
    const merged = await estate.query(
      `mutation ($input: AssetsMergeInput!) { assetsMerge(input: $input) { assets { id name ... on Server { instanceType apps { nodes { name } } } } changeSet { id } userErrors { message } } }`,
      { input: { into: ref(byHand), from: [ref(found)] } },
    )
    expect(merged.assetsMerge).toMatchObject({
      assets: [
        {
          id: byHand.id,
          name: 'by hand',
          instanceType: found.instanceType,
          apps: { nodes: [{ name: 'shop' }] },
        },
      ],
      userErrors: [],
    })
    const look = async () =>
      (await estate.query(
        `query ($kept: ID!, $gone: ID!) { kept: server(id: $kept) { description version observations { state } apps { nodes { name } } }
            gone: server(id: $gone) { retiredAt observations { state } mergedInto { id } apps { nodes { name } } } }`,
        { kept: byHand.id, gone: found.id },
      )) as { kept: { version: number }; gone: object }
    const before = await look()
    expect(before).toMatchObject({
      kept: { description: 'the shop', observations: [{ state: 'PRESENT' }] },
      gone: { observations: [], mergedInto: { id: byHand.id }, apps: { nodes: [] } },
    })
    expect((await estate.syncToTheEnd()).totals).toMatchObject({ created: 0, changed: 0, missing: 0 })
    expect(await look()).toEqual(before)

    await estate.query(
      `mutation ($id: ID!) { changeSetRevert(input: { id: $id }) { userErrors { message } } }`,
      { id: merged.assetsMerge.changeSet.id },
    )
    expect(await look()).toMatchObject({
      kept: { description: 'the shop', observations: [], apps: { nodes: [] } },
      gone: {
        retiredAt: null,
        observations: [{ state: 'PRESENT' }],
        mergedInto: null,
        apps: { nodes: [{ name: 'shop' }] },
      },
    })
    expect((await estate.syncToTheEnd()).totals).toMatchObject({ created: 0, changed: 0, missing: 0 })
    await estate.query(
      `mutation ($id: ID!, $version: Int!) { assetsRetire(input: { assets: [{ id: $id, version: $version }] }) { userErrors { message } } }`,
      { id: byHand.id, version: (await look()).kept.version },
    )
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
      `mutation ($id: ID!) { changeSetRevert(input: { id: $id }) { userErrors { message } } }`,
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
