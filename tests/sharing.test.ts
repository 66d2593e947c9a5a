import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../api/testing.ts'
import { teamPrincipal } from '../core/accounts/team.ts'
import { principalOf } from '../core/accounts/user.ts'
import type { AccessEntry } from '../core/platform/access.ts'
import { upgradeStored } from '../core/platform/upgrade.ts'
import { hydrateRun, runsOf } from '../core/runs/run.ts'
import { announce } from '../core/runs/watch.ts'
import { startWorkers } from '../workers/workers.ts'
import { codes, mutate } from './access/ask.ts'
import { makePerson, makeTeam, makeToken, type Person } from './access/people.ts'
import { makeAssets, makeConnection, makeRun } from './access/things.ts'

let api: TestApi
let workers: { close(): Promise<void> }
let owner: Person
let mate: Person
let team: { _id: ObjectId; id: string }
let own: AccessEntry[]

beforeAll(async () => {
  api = await startTestApi()
  workers = await startWorkers(api.core)
  await makePerson(api.core, 'Administrator', { administrator: true })
  owner = await makePerson(api.core, 'Olga Owner')
  mate = await makePerson(api.core, 'Mara Mate')
  team = await makeTeam(api.core, 'Team', [
    [owner, 'ADMIN'],
    [mate, 'READ'],
  ])
  own = [{ ...principalOf(owner._id), level: 'ADMIN' }]
})
afterAll(async () => {
  await workers.close()
  await api.close()
})

const servers = async (names: string[], access = own) =>
  (
    await makeAssets(
      api.core,
      'Add',
      names.map((name) => ({ kind: 'SERVER' as const, facts: { name }, access })),
    )
  ).things
const sees = async (token: string, headers: Record<string, string> = {}) =>
  (
    (await api.query('{ servers(first: 200) { nodes { name } } }', {}, token, headers)).data?.servers.nodes ??
    []
  )
    .map(({ name }: { name: string }) => name)
    .sort() as string[]
const share = (token: string, input: Record<string, unknown>) =>
  mutate(api, token, 'accessUpdate', input, 'changeSet { id title counts { changed } }')

describe('an access list', () => {
  it('is changed for many things at once, kept in history, and taken back', async () => {
    const things = await servers(['bulk-1', 'bulk-2', 'bulk-3'])
    const ids = things.map(({ id }) => id)
    const shared = await share(owner.token, { ids, set: [{ principal: mate.id, level: 'READ' }] })
    expect(shared).toMatchObject({
      changeSet: { title: 'Share 3 assets', counts: { changed: 3 } },
      userErrors: [],
    })
    expect(await sees(mate.token)).toEqual(['bulk-1', 'bulk-2', 'bulk-3'])
    const { data } = await api.query(
      'query ($id: ID!) { server(id: $id) { changes(first: 1) { nodes { fields { field before after } } } } }',
      { id: ids[0] },
      owner.token,
    )
    expect(data.server.changes.nodes[0].fields).toEqual([
      { field: 'access', before: ['Olga Owner: ADMIN'], after: ['Olga Owner: ADMIN', 'Mara Mate: READ'] },
    ])
    expect(codes(await mutate(api, mate.token, 'changeSetRevert', { id: shared.changeSet.id }))).toEqual([
      'FORBIDDEN',
    ])
    expect(codes(await mutate(api, owner.token, 'changeSetRevert', { id: shared.changeSet.id }))).toEqual([])
    expect(await sees(mate.token)).toEqual([])
  })

  it('is changed for all of the things or for none', async () => {
    const [mine] = await servers(['mine'])
    const [foreign] = await servers(['foreign'], [{ ...principalOf(mate._id), level: 'ADMIN' }])
    const set = [{ principal: team.id, level: 'READ' }]
    expect(codes(await share(owner.token, { ids: [mine!.id, foreign!.id], set }))).toEqual(['NOT_FOUND'])
    const readable = [
      ...own.map((entry) => ({ ...entry, level: 'WRITE' as const })),
      { ...principalOf(mate._id), level: 'ADMIN' as const },
    ]
    const [writable] = await servers(['writable'], readable)
    expect(codes(await share(owner.token, { ids: [mine!.id, writable!.id], set }))).toEqual(['FORBIDDEN'])
    const { data } = await api.query(
      'query ($id: ID!) { server(id: $id) { access { name level self } } }',
      { id: mine!.id },
      owner.token,
    )
    expect(data.server.access).toEqual([{ name: 'Olga Owner', level: 'ADMIN', self: true }])
  })

  it('never loses its last admin, also when two go at once', async () => {
    const [thing] = await servers(['shared'], [...own, { ...teamPrincipal(team._id), level: 'ADMIN' }])
    const ids = [thing!.id]
    const outcomes = await Promise.all([
      share(owner.token, { ids, remove: [owner.id] }),
      share(owner.token, { ids, remove: [team.id] }),
    ])
    expect(
      outcomes
        .flatMap(codes)
        .filter((code) => code === 'REQUIRED' || code === 'NOT_FOUND' || code === 'FORBIDDEN'),
    ).toHaveLength(1)
    const record = await api.core.db.collection('assets').findOne({ _id: thing!._id })
    expect((record!.access as AccessEntry[]).map(({ level }) => level)).toEqual(['ADMIN'])
    expect(codes(await share(owner.token, { ids, remove: [owner.id, team.id] }))).toEqual(['REQUIRED'])
    expect(
      codes(
        await share(owner.token, {
          ids,
          set: [owner, team].map(({ id }) => ({ principal: id, level: 'WRITE' })),
        }),
      ),
    ).toEqual(['REQUIRED'])
  })

  it('names nobody whom its author does not know, and nobody who is gone', async () => {
    const stranger = await makePerson(api.core, 'Stranger')
    const [thing] = await servers(['private'])
    for (const principal of [stranger.id, owner.id.slice(0, -4) + 'AAAA'])
      expect(['NOT_FOUND', 'BAD_USER_INPUT']).toContain(
        codes(await share(owner.token, { ids: [thing!.id], set: [{ principal, level: 'READ' }] }))[0],
      )
  })

  it('of a connection is the template of what it discovers, and its runs follow', async () => {
    const { things: places } = await makeAssets(api.core, 'Add', [
      { kind: 'DATACENTER', facts: { name: 'Place', provider: 'own' }, access: own },
    ])
    const connection = await makeConnection(api.core, 'aws', places[0]!._id, own)
    const run = await makeRun(api.core, connection, own)
    const listen = api.subscribe('subscription { runs { id } }', {}, mate.token)
    const heard = listen.next().then(({ value }) => value.data.runs.id as string)
    const seesRun = async () =>
      (await api.query('{ runs { nodes { id } } }', {}, mate.token)).data.runs.nodes.length as number
    expect(await seesRun()).toBe(0)
    await share(owner.token, { ids: [connection.id], set: [{ principal: mate.id, level: 'READ' }] })
    expect(await seesRun()).toBe(1)
    const tell = setInterval(
      () =>
        void runsOf(api.core)
          .findOne({ _id: run._id })
          .then((one) => announce(api.core, hydrateRun(one!))),
      50,
    )
    expect(await heard).toBe(run.id)
    clearInterval(tell)
    await listen.return?.()
    await share(owner.token, { ids: [connection.id], remove: [mate.id] })
    expect(await seesRun()).toBe(0)
    await runsOf(api.core).updateOne({ _id: run._id }, { $set: { state: 'CANCELLED' as never } })
  })
})

describe('an access list of version 0.1.0', () => {
  it('is brought into the present form when the database is opened', async () => {
    const [thing] = await servers(['old'])
    const old = [{ principal: `user:${mate._id.toHexString()}`, level: 'ADMIN' }]
    await api.core.db.collection('assets').updateOne({ _id: thing!._id }, { $set: { access: old } })
    await upgradeStored(api.core.db)
    expect(await sees(mate.token)).toContain('old')
    const { modifiedCount } = await api.core.db
      .collection('assets')
      .updateOne({ _id: thing!._id }, { $set: { access: own } })
    expect(modifiedCount).toBe(1)
  })
})

describe('a workspace', () => {
  it('narrows what is seen to one team or to oneself, and owns what is made', async () => {
    const ofTeam = { 'x-maestro-workspace': team.id }
    const created = await mutate(
      api,
      owner.token,
      'serverCreate',
      { name: 'by the team' },
      'server { id access { type name level } }',
      { headers: ofTeam },
    )
    expect(created.server.access).toEqual([{ type: 'TEAM', name: 'Team', level: 'ADMIN' }])
    expect(await sees(mate.token)).toContain('by the team')
    expect(await sees(owner.token, ofTeam)).not.toContain('private')
    expect(await sees(owner.token, { 'x-maestro-workspace': 'mine' })).not.toContain('by the team')
    expect(
      codes(await mutate(api, mate.token, 'serverCreate', { name: 'no' }, '', { headers: ofTeam })),
    ).toEqual(['FORBIDDEN'])
    const foreign = await makeTeam(api.core, 'Foreign', [[await makePerson(api.core, 'Someone'), 'ADMIN']])
    const { errors, status } = await api.query('{ servers { totalCount } }', {}, owner.token, {
      'x-maestro-workspace': foreign.id,
    })
    expect({ code: errors![0]!.extensions.code, status }).toEqual({ code: 'NOT_FOUND', status: 400 })
  })
})

describe('a team', () => {
  it('gives members no more than their level in it, and nothing once they are out, also on an open socket', async () => {
    const writer = await makePerson(api.core, 'Wim Writer')
    await mutate(api, owner.token, 'teamMembersUpdate', {
      id: team.id,
      set: [{ user: mate.id, level: 'READ' }],
    })
    const [thing] = await servers(['team thing'], [...own, { ...teamPrincipal(team._id), level: 'ADMIN' }])
    expect(
      codes(await mutate(api, mate.token, 'serverUpdate', { id: thing!.id, version: 1, role: 'x' })),
    ).toEqual(['FORBIDDEN'])
    const second = await makeTeam(api.core, 'Second', [
      [owner, 'ADMIN'],
      [writer, 'WRITE'],
    ])
    const list: AccessEntry[] = [...own, { ...teamPrincipal(second._id), level: 'READ' }]
    const events = api.subscribe('subscription { changeSets { title } }', {}, writer.token)
    const heard: string[] = []
    void (async () => {
      for await (const { data } of events) heard.push(data.changeSets.title as string)
    })().catch(() => undefined)
    const add = (title: string) =>
      makeAssets(api.core, title, [{ kind: 'SERVER', facts: { name: title }, access: list }])
    await expect
      .poll(async () => {
        await add('while in')
        return heard.length
      })
      .toBeGreaterThan(0)
    await mutate(api, owner.token, 'teamMembersUpdate', { id: second.id, remove: [writer.id] })
    await expect.poll(() => sees(writer.token)).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 200))
    heard.length = 0
    await add('after that')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(heard).toEqual([])
    await events.return?.()
  })

  it('always keeps an admin', async () => {
    expect(codes(await mutate(api, owner.token, 'teamLeave', { id: team.id }))).toEqual(['REQUIRED'])
    expect(
      codes(
        await mutate(api, owner.token, 'teamMembersUpdate', {
          id: team.id,
          set: [{ user: owner.id, level: 'WRITE' }],
        }),
      ),
    ).toEqual(['REQUIRED'])
    // The members have moved it on since version 1.
    expect(
      codes(await mutate(api, owner.token, 'teamUpdate', { id: team.id, version: 1, name: 'Renamed' })),
    ).toEqual(['CONFLICT'])
  })
})

describe('somebody who leaves', () => {
  const lists = ['assets', 'connections', 'runs', 'teams']
  const traces = async (principal: ObjectId) => {
    const counts = await Promise.all(
      lists.map((name) => api.core.db.collection(name).countDocuments({ 'access.principal': principal })),
    )
    return counts.reduce((sum, one) => sum + one, 0)
  }

  it('hands over what they had, level by level, and leaves no trace in any list', async () => {
    const leaver = await makePerson(api.core, 'Leo Leaver')
    const heir = await makePerson(api.core, 'Hera Heir')
    const sole = await makeTeam(api.core, 'Sole', [
      [leaver, 'ADMIN'],
      [heir, 'READ'],
    ])
    const mine: AccessEntry[] = [{ ...principalOf(leaver._id), level: 'ADMIN' }]
    const both: AccessEntry[] = [
      ...own,
      { ...principalOf(leaver._id), level: 'WRITE' },
      { ...principalOf(heir._id), level: 'READ' },
    ]
    await servers(
      Array.from({ length: 450 }, (_, n) => `left-${n}`),
      mine,
    )
    await servers(['left-both'], both)
    const place = await makeAssets(api.core, 'Add', [
      { kind: 'DATACENTER', facts: { name: 'Left', provider: 'own' }, access: mine },
    ])
    await makeConnection(api.core, 'left', place.things[0]!._id, mine)
    const { token: script } = await makeToken(api.core, principalOf(leaver._id), 'ADMIN')
    expect(codes(await mutate(api, leaver.token, 'userDelete', { id: leaver.id, heir: leaver.id }))).toEqual([
      'INVALID',
    ])
    expect(codes(await mutate(api, leaver.token, 'userDelete', { id: leaver.id, heir: sole.id }))).toEqual([
      'IN_USE',
    ])

    const { run, userErrors } = await mutate(
      api,
      leaver.token,
      'userDelete',
      { id: leaver.id, heir: heir.id },
      'run { id }',
    )
    expect(userErrors).toEqual([])
    expect((await api.query('{ viewer { id } }', {}, leaver.token)).data.viewer).toBeNull()
    expect((await api.query('{ viewer { id } }', {}, script)).data.viewer).toBeNull()
    await expect
      .poll(
        async () =>
          (await api.query('query ($id: ID!) { run(id: $id) { state } }', { id: run.id }, heir.token)).data
            .run.state as string,
        { timeout: 30_000 },
      )
      .toBe('SUCCEEDED')
    expect(await traces(leaver._id)).toBe(0)
    expect(await api.core.db.collection('users').countDocuments({ _id: leaver._id })).toBe(0)
    expect(await api.core.db.collection('apiTokens').countDocuments({ 'owner.principal': leaver._id })).toBe(
      0,
    )
    const { data } = await api.query(
      '{ servers(first: 1) { totalCount } left: servers(filter: { name: { eq: "left-both" } }) { nodes { viewerCan { update } access { name level } } } team: teams { nodes { name viewerLevel } } }',
      {},
      heir.token,
    )
    expect(data.servers.totalCount).toBe(451)
    expect(data.left.nodes[0].viewerCan.update).toBe(true)
    expect(data.team.nodes).toEqual([{ name: 'Sole', viewerLevel: 'ADMIN' }])
  })

  it('goes as a team, too', async () => {
    const lead = await makePerson(api.core, 'Tea Lead')
    const gone = await makeTeam(api.core, 'Gone', [[lead, 'ADMIN']])
    const heir = await makeTeam(api.core, 'Heirs', [[lead, 'ADMIN']])
    await servers(['of the team'], [{ ...teamPrincipal(gone._id), level: 'ADMIN' }])
    expect(await sees(lead.token, { 'x-maestro-workspace': heir.id })).toEqual([])
    const { run } = await mutate(api, lead.token, 'teamDelete', { id: gone.id, heir: heir.id }, 'run { id }')
    await expect
      .poll(
        async () =>
          (await api.query('query ($id: ID!) { run(id: $id) { state } }', { id: run.id }, lead.token)).data
            .run.state as string,
        { timeout: 30_000 },
      )
      .toBe('SUCCEEDED')
    expect(await traces(gone._id)).toBe(0)
    expect(await sees(lead.token, { 'x-maestro-workspace': heir.id })).toEqual(['of the team'])
    expect(await api.core.db.collection('teams').countDocuments({ _id: gone._id })).toBe(0)
  })
})
